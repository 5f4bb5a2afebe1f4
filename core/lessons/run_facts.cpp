#include "core/lessons/run_facts.h"

#include <limits>

#include "core/config/visitor.h"

namespace lab {

std::optional<double> RunFacts::number(std::string_view name) const {
    if (const auto found = numbers.find(name); found != numbers.end()) return found->second;
    if (isMetricsColumn(name)) {
        const auto value = m_metrics ? metricNamed(*m_metrics, name) : std::nullopt;
        return value.value_or(std::numeric_limits<double>::quiet_NaN());
    }
    const FieldInfo* field = fieldTable().find(name);
    if (!field) return std::nullopt;
    const FieldValue value = field->get(m_experiment);
    if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1.0 : 0.0;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
    if (const auto* real = std::get_if<double>(&value)) return *real;
    return std::nullopt;
}

std::optional<std::string> RunFacts::word(std::string_view name) const {
    if (const auto found = words.find(name); found != words.end()) return found->second;
    const FieldInfo* field = fieldTable().find(name);
    if (!field) return std::nullopt;
    const FieldValue value = field->get(m_experiment);
    const auto* text = std::get_if<std::string>(&value);
    return text ? std::optional(*text) : std::nullopt;
}

std::optional<Facts::Tensor> RunFacts::tensor(std::string_view name) const {
    const Trace* trace = m_trace();
    const lab::Tensor* found = trace ? trace->find(name) : nullptr;
    if (!found) return std::nullopt;
    return Tensor{found->shape, found->values.data()};
}

std::optional<double> RunFacts::ofStream(StreamFunction function, const std::vector<Argument>& arguments) const {
    const StreamFacts* facts = stream ? stream() : nullptr;
    return facts ? std::optional(facts->value(function, arguments)) : std::nullopt;
}

}  // namespace lab
