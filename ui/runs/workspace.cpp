#include "ui/runs/workspace.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <algorithm>
#include <utility>

#include "core/data/loaded_task.h"
#include "ui/runs/gui_post.h"
#include "ui/runs/run_private.h"

namespace lab {
namespace {

constexpr int watchedMilliseconds = 33;
constexpr int unwatchedMilliseconds = 1000;

// At full speed the window takes a processor from the training, and the others wait for that one at the end of the step: it draws less
// often where drawing is slow. Looking is to cost less than 15 % of the speed (DESIGN 5), traces included.
constexpr double lookingShare = 0.07;
constexpr int slowestMilliseconds = 120;
constexpr double costMemory = 0.8;

}  // namespace

class Workspace::Private {
public:
    explicit Private(Workspace* workspace)
        : q(workspace), mailbox([this] { post.post([this] { emptySoon(); }); }), thread(std::make_unique<TrainingThread>(mailbox)) {
        timer.setSingleShot(true);
        timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&timer, &QTimer::timeout, q, [this] { empty(); });
        sinceEmptied.start();
    }

    int interval() const {
        if (!watched) return unwatchedMilliseconds;
        const bool fullSpeed =
            std::any_of(runs.begin(), runs.end(), [](const Run* run) { return run->state() == Run::State::training && run->pace() <= 0; });
        if (!fullSpeed) return watchedMilliseconds;
        return std::clamp(static_cast<int>(frameCost / lookingShare), watchedMilliseconds, slowestMilliseconds);
    }

    void emptySoon() {
        const qint64 wait = interval() - sinceEmptied.elapsed();
        if (wait <= 0)
            empty();
        else if (!timer.isActive())
            timer.start(static_cast<int>(wait));
    }

    void empty() {
        timer.stop();
        sinceEmptied.start();
        frameCost = costMemory * frameCost + (1 - costMemory) * costSinceEmptied();
        for (auto& [id, news] : mailbox.take())
            if (Run* run = find(id)) run->d->apply(*run, std::move(news));
    }

    /// Milliseconds of work; a busy hour without news counts as the slowest frame.
    double costSinceEmptied() {
        const double before = std::exchange(secondsOfWork, threadSeconds());
        return std::min(1000 * (secondsOfWork - before), lookingShare * slowestMilliseconds);
    }

    Run* find(int id) const {
        const auto found = std::find_if(runs.begin(), runs.end(), [id](const Run* run) { return run->d->id == id; });
        return found == runs.end() ? nullptr : *found;
    }

    Workspace* q;
    GuiPost post;
    Mailbox mailbox;
    std::unique_ptr<TrainingThread> thread;
    std::map<int, std::shared_ptr<const TrainingState>> finalStates;
    /// The smallest number that no open run has.
    int freeSeries() const {
        int series = 0;
        while (std::any_of(runs.begin(), runs.end(), [series](const Run* run) { return run->series() == series; })) ++series;
        return series;
    }

    std::vector<Run*> runs;
    int nextId = 1;
    Turns turns = Turns::steps;
    std::size_t historyBudget = History::defaultBudget;
    bool watched = true;
    QTimer timer;
    QElapsedTimer sinceEmptied;
    double secondsOfWork = threadSeconds();  ///< of the GUI thread at the last emptying
    Jobs jobs;
    double frameCost = 0;  ///< milliseconds of work between two emptyings, smoothed
};

Workspace::Workspace(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}

Workspace::~Workspace() {
    d->jobs.cancelAll();
    d->thread.reset();
    for (Run* run : d->runs) delete run;
}

Run* Workspace::add(const LoadedTask& task, std::optional<TrainingState> start) {
    return addRun(task, std::move(start), std::nullopt);
}

Run* Workspace::addBranch(const LoadedTask& task, TrainingState start, const RunOrigin& origin) {
    return addRun(task, std::move(start), origin);
}

Run* Workspace::addRun(const LoadedTask& task, std::optional<TrainingState> start, const std::optional<RunOrigin>& origin) {
    auto data = std::make_unique<Run::Private>();
    data->id = d->nextId++;
    data->name = QString::fromStdString(task.experiment.name);
    data->series = d->freeSeries();
    data->pace = task.experiment.training.pace;
    data->thread = d->thread.get();
    data->jobs = &d->jobs;
    data->plan = std::make_shared<const TrainingPlan>(
        TrainingPlan{task.experiment, std::make_shared<const Model>(task.experiment.model), task.dataset});
    if (!start) start = initialState(*data->plan->model, task.experiment);
    const auto from = std::make_shared<const TrainingState>(std::move(*start));
    if (from->step == 0 || origin) data->initial = from;
    data->origin = origin;
    if (origin) data->name = tr("%1 \u00B7 from step %2").arg(data->name).arg(origin->step);
    data->begin(from);
    data->send({.kind = TrainingCommand::Kind::add, .pace = data->pace, .plan = data->plan, .start = from});

    Run* run = new Run(std::move(data), this);
    d->runs.push_back(run);
    shareHistoryBudget();
    emit runAdded(run);
    return run;
}

void Workspace::remove(Run* run) {
    const auto found = std::find(d->runs.begin(), d->runs.end(), run);
    if (found == d->runs.end()) return;
    emit runAboutToBeRemoved(run);
    d->runs.erase(std::find(d->runs.begin(), d->runs.end(), run));
    run->d->send({.kind = TrainingCommand::Kind::remove});
    d->jobs.forget(run);
    shareHistoryBudget();
    run->deleteLater();  // it may be one of its own signals that leads here
    emit runRemoved();
}

Jobs& Workspace::jobs() const {
    return d->jobs;
}

std::size_t Workspace::historyBudget() const {
    return d->historyBudget;
}

void Workspace::setHistoryBudget(std::size_t bytes) {
    d->historyBudget = bytes;
    shareHistoryBudget();
}

void Workspace::shareHistoryBudget() {
    for (Run* run : d->runs) run->setHistoryBudget(d->historyBudget / d->runs.size());
}

const std::vector<Run*>& Workspace::runs() const {
    return d->runs;
}

// Slots may remove runs meanwhile.
void Workspace::trainAll() {
    for (const QPointer<Run>& run : std::vector<QPointer<Run>>(d->runs.begin(), d->runs.end()))
        if (run) run->train();
}

void Workspace::pauseAll() {
    for (const QPointer<Run>& run : std::vector<QPointer<Run>>(d->runs.begin(), d->runs.end()))
        if (run) run->pause();
}

bool Workspace::anyTraining() const {
    return std::any_of(d->runs.begin(), d->runs.end(), [](const Run* run) { return run->state() == Run::State::training; });
}

bool Workspace::anyPaused() const {
    return std::any_of(d->runs.begin(), d->runs.end(), [](const Run* run) { return run->state() == Run::State::paused; });
}

Turns Workspace::turns() const {
    return d->turns;
}

void Workspace::setTurns(Turns turns) {
    if (d->turns == turns) return;
    d->turns = turns;
    if (d->thread) d->thread->post({.kind = TrainingCommand::Kind::turns, .turns = turns});
    emit turnsChanged();
}

void Workspace::setWatched(bool watched) {
    if (d->watched == watched) return;
    d->watched = watched;
    if (d->timer.isActive()) d->timer.start(d->interval());
}

void Workspace::stop() {
    if (!d->thread) return;
    d->thread->stop();
    for (Run* run : d->runs) {
        d->finalStates[run->d->id] = d->thread->stateOf(run->d->id);
        run->d->thread = nullptr;
    }
    d->thread.reset();
    d->empty();
}

std::shared_ptr<const TrainingState> Workspace::finalState(const Run* run) const {
    const auto found = d->finalStates.find(run->d->id);
    return found == d->finalStates.end() ? nullptr : found->second;
}

}  // namespace lab
