#include "core/model/frozen.h"

#include <algorithm>
#include <string>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/model.h"
#include "core/model/parameter_groups.h"

namespace lab {
namespace {

std::string betweenDots(std::string_view text) {
    return '.' + std::string(text) + '.';
}

/// * stands for any letters, none included.
bool fits(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) return text.empty();
    if (pattern.front() != '*') return !text.empty() && pattern.front() == text.front() && fits(pattern.substr(1), text.substr(1));
    const std::size_t next = std::min(pattern.find_first_not_of('*'), pattern.size());
    if (next == pattern.size()) return true;
    for (std::size_t skipped = 0; skipped < text.size(); ++skipped)
        if (fits(pattern.substr(next), text.substr(skipped))) return true;
    return false;
}

/// The groups come first: "output" is not W_O, which is "attention.output".
bool selects(std::string_view name, std::string_view parameter) {
    if (name.find('*') != std::string_view::npos) return fits(name, parameter);
    if (const auto group = fromName<ParameterGroup>(name)) return parameterGroupOf(parameter) == *group;
    return betweenDots(parameter).find(betweenDots(name)) != std::string::npos;
}

/// Those that the model has weights of.
std::vector<std::string> groupsOf(const ParameterLayout& layout) {
    std::vector<std::string> groups;
    for (const std::string_view name : namesOf<ParameterGroup>())
        if (std::ranges::any_of(layout.parameters(), [&](const Parameter& p) { return selects(name, p.name); })) groups.emplace_back(name);
    return groups;
}

Message problemOf(const ParameterLayout& layout, const std::vector<std::string>& names) {
    const std::vector<Parameter>& parameters = layout.parameters();
    for (const std::string& name : names)
        if (std::ranges::none_of(parameters, [&](const Parameter& p) { return selects(name, p.name); })) return noSuchWeights(layout, name);
    if (std::ranges::all_of(parameters, [&](const Parameter& p) { return isNamed(p.name, names); }))
        return Message(LAB_TEXT("model", "%1 are all weights of this model, so nothing would be trained; leave some out"))
            .arg(listed(names));
    return {};
}

}  // namespace

bool isNamed(std::string_view parameterName, const std::vector<std::string>& names) {
    return std::ranges::any_of(names, [&](std::string_view name) { return selects(name, parameterName); });
}

Message noSuchWeights(const ParameterLayout& layout, std::string_view name) {
    return Message(
               LAB_TEXT("model", "this model has no weights called %1; use %2, or a part of a weight\u2019s name, such as attention.query"))
        .arg(name)
        .arg(alternatives(groupsOf(layout)));
}

std::vector<bool> frozenParameters(const ParameterLayout& layout, const std::vector<std::string>& names) {
    if (const Message problem = problemOf(layout, names); !problem.empty()) throw InputError("training.frozen", problem);
    std::vector<bool> frozen;
    for (const Parameter& p : layout.parameters()) frozen.push_back(isNamed(p.name, names));
    return frozen;
}

Message frozenProblem(const Experiment& experiment) {
    if (experiment.training.frozen.empty() || experiment.training.adapters.any()) return {};
    const ModelConfig model = resolved(experiment).model;
    const bool known = model.vocab_size && model.num_classes && model.max_seq_len;
    return known ? problemOf(Model(model).layout(), experiment.training.frozen) : Message();
}

}  // namespace lab
