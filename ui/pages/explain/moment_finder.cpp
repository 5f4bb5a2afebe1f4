#include "ui/pages/explain/moment_finder.h"

#include <QPointer>
#include <QTimer>
#include <map>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/runs/budget.h"
#include "core/training/replay.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

namespace {

/// Null when it was cancelled or the training cannot be repeated.
std::shared_ptr<const TrainingState> recomputed(const Experiment& experiment, std::shared_ptr<const Model> model,
                                                std::shared_ptr<const Dataset> dataset, const TrainingState& from, std::int64_t step,
                                                const LatestTask::Wanted& wanted) {
    try {
        // One thread: other threads than the training's open no parallel regions. The result does not depend on their number.
        Replay replay(experiment, std::move(model), std::move(dataset), from, step, 1);
        while (!replay.finished()) {
            if (!wanted()) return nullptr;
            replay.advance();
        }
        return std::make_shared<const TrainingState>(replay.state());
    } catch (const DivergenceError&) {
        return nullptr;
    }
}

}  // namespace

class MomentFinder::Private {
public:
    const Run* run = nullptr;  ///< whose moments these are
    std::int64_t asked = -1;   ///< step being recomputed, or that was
    /// By their steps: the self-check may still ask for another one than the stage does.
    std::map<std::int64_t, std::shared_ptr<const TrainingState>> found;
    QMetaObject::Connection answer, reset;
    QTimer pause;  ///< runs: the training thread was asked a moment ago
    LatestTask task{Worker::Priority::givesWay};
};

MomentFinder::MomentFinder(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {
    d->pause.setSingleShot(true);
    d->pause.setInterval(budget::askingForMoments);
}

MomentFinder::~MomentFinder() = default;

std::shared_ptr<const TrainingState> MomentFinder::stateAt(Run& run, std::int64_t step) {
    if (d->run != &run) {
        d->task.cancel();
        disconnect(d->answer);
        disconnect(d->reset);
        d->run = &run;
        d->asked = -1;
        d->found.clear();
        d->answer = connect(&run, &Run::stateReady, this, &MomentFinder::take);
        d->reset = connect(&run, &Run::wasReset, this, [this] {
            d->task.cancel();
            d->asked = -1;
            d->found.clear();
        });
    }
    std::shared_ptr<const TrainingState> nearest = run.history().stateAtOrBefore(step);
    if (auto after = d->found.upper_bound(step); after != d->found.begin())
        if (const auto& kept = (--after)->second; !nearest || nearest->step < kept->step) nearest = kept;
    if (nearest && nearest->step == step) {
        keep(nearest);  // the history may let it go while it is looked at
        return nearest;
    }
    if (run.state() == Run::State::training)
        ask(run);
    else if (nearest)
        recompute(run, nearest, step);
    return nearest;
}

void MomentFinder::keep(const std::shared_ptr<const TrainingState>& state) {
    constexpr std::size_t most = 4;
    d->found[state->step] = state;
    if (d->found.size() <= most) return;
    const auto first = d->found.begin();
    d->found.erase(first->first == state->step ? std::prev(d->found.end()) : first);
}

void MomentFinder::take(const std::shared_ptr<const TrainingState>& state) {
    if (!state) return;
    keep(state);
    emit found();
}

void MomentFinder::ask(Run& run) {
    if (d->pause.isActive()) return;
    d->pause.start();
    run.requestState();
}

void MomentFinder::recompute(const Run& run, const std::shared_ptr<const TrainingState>& from, std::int64_t step) {
    if (d->asked == step) return;
    d->asked = step;
    d->task.request([this, experiment = run.experiment(), model = run.model(), dataset = run.dataset(), from,
                     step](const LatestTask::Wanted& wanted) -> LatestTask::Found {
        const auto state = recomputed(experiment, model, dataset, *from, step, wanted);
        if (!state) return {};
        return [this, state] { take(state); };
    });
}

}  // namespace lab
