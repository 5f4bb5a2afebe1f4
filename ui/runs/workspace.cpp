#include "ui/runs/workspace.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <algorithm>
#include <utility>

#include "core/base/platform.h"
#include "core/data/loaded_task.h"
#include "core/runs/budget.h"
#include "core/runs/training_runs.h"
#include "ui/runs/gui_post.h"
#include "ui/runs/sweep_book.h"

namespace lab {

class Workspace::Private {
public:
    explicit Private(Workspace* workspace)
        : open([this] { post.post([this] { takeSoon(); }); },
               [this](const TrainingRun& core, const RunEvents& events) {
                   if (Run* run = find(core)) run->tell(events);
               }) {
        timer.setSingleShot(true);
        timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&timer, &QTimer::timeout, workspace, [this] { take(); });
        sinceTaken.start();
    }

    /// The window takes a processor from the training, and the others wait for that one at the end of the step: at full speed it draws less
    /// often where drawing is slow.
    std::chrono::milliseconds interval() const {
        if (!watched) return budget::unwatched;
        return open.anyAtFullSpeed() ? budget::frameFor(frameCost) : budget::frame;
    }

    void takeSoon() {
        const auto wait = interval() - std::chrono::milliseconds(sinceTaken.elapsed());
        if (wait <= wait.zero())
            take();
        else if (!timer.isActive())
            timer.start(wait);
    }

    void take() {
        timer.stop();
        sinceTaken.start();
        frameCost = budget::drawingMemory * frameCost + (1 - budget::drawingMemory) * costSinceTaken();
        open.take();
    }

    /// Milliseconds of work; a busy hour without news counts as the slowest frame.
    double costSinceTaken() {
        const double before = std::exchange(secondsOfWork, threadSeconds());
        return std::min(1000 * (secondsOfWork - before), budget::dearestFrame);
    }

    Run* find(const TrainingRun& core) const {
        const auto found = std::find_if(runs.begin(), runs.end(), [&core](const Run* run) { return &run->core() == &core; });
        return found == runs.end() ? nullptr : *found;
    }

    /// Slots may remove runs meanwhile.
    void forEach(void (Run::*command)()) const {
        for (const QPointer<Run>& run : std::vector<QPointer<Run>>(runs.begin(), runs.end()))
            if (run) (run->*command)();
    }

    GuiPost post;
    TrainingRuns open;  ///< its thread ends before `post` does
    std::vector<Run*> runs;
    bool watched = true;
    QTimer timer;
    QElapsedTimer sinceTaken;
    double secondsOfWork = threadSeconds();  ///< of the GUI thread when news were taken last
    double frameCost = 0;                    ///< milliseconds of work between two takings, smoothed
    Jobs jobs;
    SweepBook sweepBook;
};

Workspace::Workspace(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}

Workspace::~Workspace() {
    d->jobs.cancelAll();
    for (Run* run : std::exchange(d->runs, {})) delete run;
}

Run* Workspace::add(const LoadedTask& task, std::optional<TrainingState> start) {
    return adopt(d->open.add(task, std::move(start)));
}

Run* Workspace::addBranch(const LoadedTask& task, TrainingState start, const RunOrigin& origin) {
    const auto core = d->open.add(task, std::move(start), TrainingRun::Origin{origin.parent.toStdString(), origin.step});
    core->setName(tr("%1 \u00B7 from step %2").arg(QString::fromStdString(core->name())).arg(origin.step).toStdString());
    return adopt(core);
}

Run* Workspace::addAgain(const Run& run) {
    return adopt(d->open.addAgain(run.core()));
}

Run* Workspace::adopt(const TrainingRunPtr& core) {
    Run* run = new Run(core, d->jobs, this);
    d->runs.push_back(run);
    emit runAdded(run);
    return run;
}

void Workspace::remove(Run* run) {
    if (std::find(d->runs.begin(), d->runs.end(), run) == d->runs.end()) return;
    emit runAboutToBeRemoved(run);
    std::erase(d->runs, run);
    d->jobs.forget(run);
    d->open.remove(run->core());
    run->deleteLater();  // it may be one of its own signals that leads here
    emit runRemoved();
}

Jobs& Workspace::jobs() const {
    return d->jobs;
}
SweepBook& Workspace::sweepBook() const {
    return d->sweepBook;
}

std::size_t Workspace::historyBudget() const {
    return d->open.historyBudget();
}
void Workspace::setHistoryBudget(std::size_t bytes) {
    d->open.setHistoryBudget(bytes);
}
const std::vector<Run*>& Workspace::runs() const {
    return d->runs;
}
void Workspace::trainAll() {
    d->forEach(&Run::train);
}
void Workspace::pauseAll() {
    d->forEach(&Run::pause);
}
bool Workspace::anyTraining() const {
    return d->open.any(RunState::training);
}
bool Workspace::anyPaused() const {
    return d->open.any(RunState::paused);
}
Turns Workspace::turns() const {
    return d->open.turns();
}

void Workspace::setTurns(Turns turns) {
    if (d->open.turns() == turns) return;
    d->open.setTurns(turns);
    emit turnsChanged();
}

void Workspace::setWatched(bool watched) {
    if (d->watched == watched) return;
    d->watched = watched;
    if (d->timer.isActive()) d->timer.start(d->interval());
}

void Workspace::stop() {
    d->timer.stop();
    d->open.stop();
}

std::shared_ptr<const TrainingState> Workspace::finalState(const Run* run) const {
    return d->open.finalState(run->core());
}

}  // namespace lab
