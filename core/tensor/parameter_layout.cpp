#include "core/tensor/parameter_layout.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace lab {

void ParameterLayout::share(std::string prefix, std::string of) {
    m_shares.emplace_back(std::move(prefix), std::move(of));
}

std::string ParameterLayout::ownName(std::string_view name) const {
    for (const auto& [prefix, own] : m_shares)
        if (name.starts_with(prefix)) return own + std::string(name.substr(prefix.size()));
    return std::string(name);
}

void Parameter::keepBounds(float* values) const {
    if (role != ParameterRole::spanShare) return;
    for (std::size_t i = 0; i < size; ++i) values[i] = std::clamp(values[i], 0.0F, 1.0F);
}

int ParameterLayout::add(std::string name, std::vector<int> shape, ParameterRole role, int fanOut, int fanIn) {
    constexpr std::size_t alignment = 16;
    if (const Parameter* known = m_shares.empty() ? nullptr : find(name)) {
        assert(known->shape == shape);
        return static_cast<int>(known - m_parameters.data());
    }
    const bool shared = std::ranges::any_of(m_shares, [&](const auto& share) { return name.starts_with(share.second); });
    Parameter parameter{std::move(name), std::move(shape), m_flatSize, 1, role, fanOut, fanIn, shared};
    for (int extent : parameter.shape) parameter.size *= static_cast<std::size_t>(extent);
    m_flatSize += (parameter.size + alignment - 1) / alignment * alignment;
    m_parameters.push_back(std::move(parameter));
    return static_cast<int>(m_parameters.size()) - 1;
}

const Parameter* ParameterLayout::find(std::string_view name) const {
    const std::string own = ownName(name);
    const auto found = std::find_if(m_parameters.begin(), m_parameters.end(), [&](const Parameter& p) { return p.name == own; });
    return found == m_parameters.end() ? nullptr : &*found;
}

std::size_t ParameterLayout::parameterCount() const {
    std::size_t count = 0;
    for (const Parameter& parameter : m_parameters) count += parameter.size;
    return count;
}

bool ParameterLayout::operator==(const ParameterLayout& other) const {
    return std::equal(m_parameters.begin(), m_parameters.end(), other.m_parameters.begin(), other.m_parameters.end(),
                      [](const Parameter& a, const Parameter& b) { return a.name == b.name && a.shape == b.shape; });
}

}  // namespace lab
