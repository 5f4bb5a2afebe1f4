#include "core/base/parameters.h"

#include <algorithm>

namespace lab {
namespace {

/// In the order of keys, so that the same values compare equal.
auto placeOf(auto& values, std::string_view key) {
    return std::ranges::lower_bound(values, key, {}, [](const auto& value) { return value.first; });
}

}  // namespace

double usualOf(const ParameterSpec& spec) {
    return spec.usual != 0 ? spec.usual : spec.standard.value_or(spec.limits.min);
}

std::optional<double> Parameters::find(std::string_view key) const {
    const auto at = placeOf(m_values, key);
    return at != m_values.end() && at->first == key ? std::optional(at->second) : std::nullopt;
}

double Parameters::operator[](const ParameterSpec& spec) const {
    const auto given = find(spec.key);
    return given ? *given : spec.standard.value();
}

void Parameters::set(std::string_view key, double value) {
    const auto at = placeOf(m_values, key);
    if (at != m_values.end() && at->first == key)
        at->second = value;
    else
        m_values.insert(at, {key, value});
}

void Parameters::reset(std::string_view key) {
    const auto at = placeOf(m_values, key);
    if (at != m_values.end() && at->first == key) m_values.erase(at);
}

}  // namespace lab
