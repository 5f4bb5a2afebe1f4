#include "core/training/branch.h"

#include "core/base/errors.h"
#include "core/model/model.h"

namespace lab {
namespace {

std::string shapeText(const std::vector<int>& shape) {
    std::string text;
    for (const int extent : shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text;
}

/// The weights of one must be weights of the other, each at its place.
void requireSameParameters(const ParameterLayout& here, const ParameterLayout& there) {
    for (const Parameter& wanted : there.parameters()) {
        const Parameter* found = here.find(wanted.name);
        if (!found) throw InputError("The settings need the parameter " + wanted.name + ", which the run does not have: start a new run.");
        if (found->shape != wanted.shape)
            throw InputError("The settings make " + wanted.name + " " + shapeText(wanted.shape) + ", but in the run it is " +
                             shapeText(found->shape) + ": start a new run.");
    }
    for (const Parameter& each : here.parameters())
        if (!there.find(each.name)) throw InputError("The settings have no place for the parameter " + each.name + ": start a new run.");
    if (!(here == there)) throw InputError("The settings order the parameters differently: start a new run.");
}

}  // namespace

TrainingState branchState(const TrainingState& moment, const Experiment& parent, const Experiment& changed) {
    if (changed.training.steps <= moment.step)
        throw InputError("training.steps: " + std::to_string(changed.training.steps) + " steps are over at step " +
                         std::to_string(moment.step) + ": raise it.");
    const Model model(changed.model);
    requireSameParameters(Model(parent.model).layout(), model.layout());
    TrainingState start = moment;
    if (changed.training.optimizer.kind != parent.training.optimizer.kind) resetMoments(start, *changed.training.optimizer.kind);
    return start;
}

}  // namespace lab
