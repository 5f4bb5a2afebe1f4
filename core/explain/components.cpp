#include "core/explain/components.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "core/config/visitor.h"
#include "core/explain/component_rows.h"
#include "core/explain/shape_rows.h"

namespace lab::explain {
namespace {

/// Rows of a table of kinds may say their formula themselves.
std::string formulaOf(const ComponentRow& row) {
    if (*row.formula) return row.formula;
    const auto rule = Kind<UpdateRule>::find(row.choice);
    return rule ? std::string((*rule)->explanation.formula) : std::string();
}

/// Of a choice of the setting; keys that do not apply to this experiment are not used.
bool chosen(const ComponentRow& row, const Experiment& experiment) {
    const FieldInfo& field = fieldTable().at(row.key);
    return field.isApplicable(experiment) && field.text(experiment) == row.choice;
}

}  // namespace

std::vector<Component> components(const Experiment& experiment) {
    std::vector<Component> found;
    for (const ComponentGroup& group : componentGroups())
        for (const ComponentRow& row : componentRows()) {
            if (std::string_view(row.group) != group.id) continue;
            const bool isChoice = *row.choice != '\0';
            Component c;
            c.id = isChoice ? std::string(row.key) + "=" + row.choice : row.name.text;
            c.group = group.name;
            c.name = isChoice ? Message::verbatim(row.choice) : Message(row.name);
            c.sentence = row.sentence;
            c.formula = formulaOf(row);
            c.source = row.source;
            c.key = row.key;
            c.choice = row.choice;
            c.stage = row.stage;
            c.used = isChoice ? chosen(row, experiment) : !row.used || row.used(experiment);
            found.push_back(std::move(c));
        }
    return found;
}

/// Of several stages the first that there is.
std::string stageOf(const Walk& walk, const Component& component) {
    std::istringstream names(component.stage);
    for (std::string name; names >> name;) {
        const auto found = std::ranges::find(walk.stages, name, [](const Stage& stage) { return stageRowOf(stage.id); });
        if (found != walk.stages.end()) return found->id;
    }
    return {};
}

std::vector<std::string> componentKeys() {
    std::set<std::string> keys;
    for (const ComponentRow& row : componentRows())
        if (*row.choice) keys.insert(row.key);
    return {keys.begin(), keys.end()};
}

}  // namespace lab::explain
