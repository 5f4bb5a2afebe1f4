#include "core/training/branch.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/visitor.h"
#include "core/model/adapters.h"
#include "core/model/model.h"
#include "core/optimizers/adapter_merge.h"

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
        if (!found)
            throw InputError(
                Message(LAB_TEXT("training", "The settings need the parameter %1, which the run does not have: start a new run."))
                    .arg(wanted.name));
        if (found->shape != wanted.shape)
            throw InputError(Message(LAB_TEXT("training", "The settings make %1 %2, but in the run it is %3: start a new run."))
                                 .arg(wanted.name)
                                 .arg(shapeText(wanted.shape))
                                 .arg(shapeText(found->shape)));
    }
    for (const Parameter& each : here.parameters())
        if (!there.find(each.name))
            throw InputError(
                Message(LAB_TEXT("training", "The settings have no place for the parameter %1: start a new run.")).arg(each.name));
    if (!(here == there)) throw InputError(LAB_TEXT("training", "The settings order the parameters differently: start a new run."));
}

}  // namespace

TrainingState branchState(const TrainingState& moment, const Experiment& parent, const Experiment& changed) {
    if (changed.training.steps <= moment.step)
        throw InputError(
            "training.steps",
            Message(LAB_PLURAL("training", "%n steps are over at step %1: raise it.")).count(changed.training.steps).arg(moment.step));
    const Model model(changed.model);
    requireSameParameters(Model(parent.model).layout(), model.layout());
    TrainingState start = moment;
    // Losses on other data say nothing of these.
    const auto isOfTask = [](const std::string& key) { return key.starts_with("task."); };
    if (std::ranges::any_of(differences(parent, changed), isOfTask)) start.best = {};
    if (stopsEarly(changed.training, start.best))
        throw InputError(
            "training.early_stop",
            Message(LAB_PLURAL("training",
                               "%n validation(s) behind step %1 have brought no lower loss, so it would end at once: raise it, or "
                               "use 0."))
                .count(start.best.since)
                .arg(start.best.step));
    const UpdateRule& rule = *changed.training.optimizer.kind;
    if (start.hasAdapters() && changed.training.adapters != parent.training.adapters) start = withoutAdapters(std::move(start), rule);
    start = readyToTrain(std::move(start), model.layout(), changed.training);
    if (changed.training.optimizer.kind != parent.training.optimizer.kind) resetMoments(start, rule);
    return start;
}

}  // namespace lab
