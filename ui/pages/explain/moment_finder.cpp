#include "ui/pages/explain/moment_finder.h"

#include <QPointer>
#include <QThreadPool>
#include <atomic>

#include "core/base/errors.h"
#include "core/training/replay.h"
#include "ui/runs/run.h"

namespace lab {

namespace {

using Cancel = std::shared_ptr<std::atomic<bool>>;

/// Null when it was cancelled or the training cannot be repeated.
std::shared_ptr<const TrainingState> recomputed(const Experiment& experiment, std::shared_ptr<const Model> model,
                                                std::shared_ptr<const Dataset> dataset, const TrainingState& from, std::int64_t step,
                                                const Cancel& cancel) {
    try {
        // One thread: other threads than the training's open no parallel regions. The result does not depend on their number.
        Replay replay(experiment, std::move(model), std::move(dataset), from, step, 1);
        while (!replay.finished()) {
            if (*cancel) return nullptr;
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
    QThreadPool pool;  // one thread; its destructor waits
    const void* run = nullptr;
    std::int64_t step = -1;
    std::shared_ptr<const TrainingState> found;
    Cancel cancel = std::make_shared<std::atomic<bool>>(false);
};

MomentFinder::MomentFinder(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {
    d->pool.setMaxThreadCount(1);
    d->pool.setThreadPriority(QThread::LowPriority);
}

MomentFinder::~MomentFinder() {
    *d->cancel = true;
    d->pool.waitForDone();
}

std::shared_ptr<const TrainingState> MomentFinder::stateAt(const Run& run, std::int64_t step, bool recompute) {
    const std::shared_ptr<const TrainingState> from = run.history().stateAtOrBefore(step);
    if (from && from->step == step) return from;
    const bool asked = d->run == &run && d->step == step;
    if (asked || !recompute || !from) return asked ? d->found : nullptr;
    *d->cancel = true;
    d->cancel = std::make_shared<std::atomic<bool>>(false);
    d->run = &run;
    d->step = step;
    d->found.reset();
    d->pool.start([this, cancel = d->cancel, experiment = run.experiment(), model = run.model(), dataset = run.dataset(), from, step] {
        auto state = recomputed(experiment, model, dataset, *from, step, cancel);
        // The destructor waits for this job, so `this` lives; what is queued for a dead object is dropped.
        QMetaObject::invokeMethod(
            this,
            [this, cancel, state] {
                if (cancel != d->cancel || !state) return;
                d->found = state;
                emit found();
            },
            Qt::QueuedConnection);
    });
    return nullptr;
}

}  // namespace lab
