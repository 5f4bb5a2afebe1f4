#include "core/model/fixed_fields.h"

#include <algorithm>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/model/model.h"

namespace lab {
namespace {

/// Other values than this, nearby ones of a number.
std::vector<FieldValue> othersOf(const FieldInfo& field, const FieldValue& value) {
    std::vector<FieldValue> others;
    if (const auto* truth = std::get_if<bool>(&value)) others.emplace_back(!*truth);
    if (const auto* number = std::get_if<std::int64_t>(&value)) others = {2 * *number, *number / 2, *number + 1, *number - 1};
    if (const auto* real = std::get_if<double>(&value)) others = {2 * *real, *real / 2};
    if (field.kind == FieldKind::choice)
        for (const std::string& choice : field.choices) others.emplace_back(choice);
    std::erase(others, value);
    return others;
}

bool isFixed(const FieldInfo& field, const Experiment& experiment, const ParameterLayout& layout) {
    const std::vector<FieldValue> others = othersOf(field, field.get(experiment));
    return !others.empty() && std::ranges::none_of(others, [&](const FieldValue& other) {
        Experiment changed = experiment;
        field.put(changed, other);
        return problemsOf(changed).empty() && Model(changed.model).layout() == layout;
    });
}

}  // namespace

std::vector<std::string> fieldsFixedByWeights(const Experiment& resolved) {
    const Model model(resolved.model);
    std::vector<std::string> fixed;
    for (const FieldInfo& field : fieldTable())
        if (field.group == "model" && field.isApplicable(resolved) && isFixed(field, resolved, model.layout())) fixed.push_back(field.path);
    return fixed;
}

}  // namespace lab
