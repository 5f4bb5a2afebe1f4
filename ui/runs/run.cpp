#include "ui/runs/run.h"

#include <QPointer>
#include <algorithm>

#include "core/config/experiment.h"
#include "ui/runs/run_private.h"

namespace lab {
namespace {

constexpr qint64 rateWindowMilliseconds = 3000;
constexpr double rateWindowSeconds = 1.0;

}  // namespace

void Run::Private::send(TrainingCommand command) const {
    command.run = id;
    if (thread) thread->post(std::move(command));
}

/// Everything the GUI knows, back to the weights of `from`.
void Run::Private::begin(std::shared_ptr<const TrainingState> from) {
    firstStep = from->step;
    state = from->step >= plan->experiment.training.steps ? State::finished : State::paused;
    message.clear();
    records.clear();
    history.clear();
    m_progress.clear();
    latest = std::make_shared<Checkpoint>(Checkpoint{from->step, from->weights});
    history.add(latest);
    history.addState(std::move(from));
}

/// A validation counts for the checkpoint of its step.
void Run::Private::addToHistory(const RunNews& news) {
    for (const CheckpointPtr& checkpoint : news.checkpoints) {
        const std::int64_t index = checkpoint->step - firstStep - 1;
        const bool recorded = index >= 0 && index < static_cast<std::int64_t>(records.size());
        std::optional<double> loss;
        if (recorded && records[static_cast<std::size_t>(index)].validation)
            loss = records[static_cast<std::size_t>(index)].validation->loss;
        history.add(checkpoint, loss);
    }
    for (const TrainingStatePtr& full : news.historyStates) history.addState(full);
}

void Run::Private::replay(std::int64_t step, ReplayPurpose purpose) const {
    send({.kind = TrainingCommand::Kind::replay, .start = history.stateAtOrBefore(step), .purpose = purpose, .step = step});
}

void Run::Private::apply(Run& run, RunNews news) {
    if (news.generation != generation) return;  // told before a reset
    const QPointer<Run> alive(&run);
    const std::size_t from = records.size();
    records.insert(records.end(), news.records.begin(), news.records.end());
    addToHistory(news);
    const bool newer = news.latest && news.latest->step >= latest->step && news.latest != latest;
    if (newer) latest = news.latest;
    const bool ended = news.end && (state != news.end->state || message != news.end->message);
    if (news.end) {
        state = news.end->state;
        message = news.end->message;
    }
    noteProgress();

    // Slots may do anything, also remove the run.
    if (from < records.size()) emit run.metricsExtended(static_cast<int>(from), static_cast<int>(records.size()));
    if (alive && !news.checkpoints.empty()) emit run.historyExtended(history.last()->step);
    if (alive && newer) emit run.latestChanged();
    if (alive && ended) emit run.stateChanged();
    for (const auto& full : news.states)
        if (alive) emit run.stateReady(full);
    if (alive && news.weightsAt) emit run.weightsReady(news.weightsAt);
    for (const auto& full : news.statesAt)
        if (alive) emit run.stateAtReady(full);
    if (alive && !news.replayError.isEmpty()) emit run.replayFailed(news.replayError);
}

void Run::Private::noteProgress() {
    if (state != State::training) {
        m_progress.clear();
        return;
    }
    if (!m_clock.isValid()) m_clock.start();
    m_progress.push_back({m_clock.elapsed(), records.empty() ? firstStep : records.back().step});
    while (m_progress.size() > 2 && m_progress.back().milliseconds - m_progress.front().milliseconds > rateWindowMilliseconds)
        m_progress.pop_front();
}

Run::Run(std::unique_ptr<Private> data, QObject* parent) : QObject(parent), d(std::move(data)) {}
Run::~Run() = default;

QString Run::name() const {
    return d->name;
}

void Run::setName(const QString& name) {
    if (d->name == name) return;
    d->name = name;
    emit stateChanged();
}

const std::optional<RunOrigin>& Run::origin() const {
    return d->origin;
}

int Run::series() const {
    return d->series;
}

void Run::setSeries(int series) {
    if (d->series == series) return;
    d->series = series;
    emit stateChanged();
}

Jobs& Run::jobs() const {
    return *d->jobs;
}

const Experiment& Run::experiment() const {
    return d->plan->experiment;
}
const std::shared_ptr<const Model>& Run::model() const {
    return d->plan->model;
}
const std::shared_ptr<const Dataset>& Run::dataset() const {
    return d->plan->dataset;
}
Run::State Run::state() const {
    return d->state;
}
QString Run::message() const {
    return d->message;
}
std::int64_t Run::step() const {
    return d->records.empty() ? d->firstStep : d->records.back().step;
}
const std::vector<StepRecord>& Run::records() const {
    return d->records;
}
const History& Run::history() const {
    return d->history;
}
CheckpointPtr Run::latest() const {
    return d->latest;
}
double Run::pace() const {
    return d->pace;
}

double Run::tokensPerSecond() const {
    double seconds = 0;
    double tokens = 0;
    for (auto record = d->records.rbegin(); record != d->records.rend() && seconds < rateWindowSeconds; ++record) {
        seconds += record->seconds;
        tokens += record->tokens;
    }
    return seconds > 0 ? tokens / seconds : 0;
}

double Run::secondsLeft() const {
    const double stepsLeft = static_cast<double>(d->plan->experiment.training.steps - step());
    if (stepsLeft <= 0) return 0;
    if (d->m_progress.size() < 2) return -1;
    const auto& first = d->m_progress.front();
    const auto& last = d->m_progress.back();
    const double steps = static_cast<double>(last.step - first.step);
    if (steps <= 0) return -1;
    return stepsLeft / steps * static_cast<double>(last.milliseconds - first.milliseconds) / 1000.0;
}

void Run::train() {
    if (d->state != State::paused) return;
    d->state = State::training;
    d->m_progress.clear();
    d->send({.kind = TrainingCommand::Kind::train});
    emit stateChanged();
}

void Run::pause() {
    if (d->state != State::training) return;
    d->state = State::paused;
    d->m_progress.clear();
    d->send({.kind = TrainingCommand::Kind::pause});
    emit stateChanged();
}

void Run::stepOnce() {
    if (d->state != State::paused && d->state != State::training) return;
    const bool wasTraining = d->state == State::training;
    d->state = State::paused;
    d->m_progress.clear();
    d->send({.kind = TrainingCommand::Kind::step});
    if (wasTraining) emit stateChanged();
}

void Run::reset() {
    if (!d->initial) d->initial = std::make_shared<const TrainingState>(initialState(*model(), experiment()));
    ++d->generation;
    d->begin(d->initial);
    d->send({.kind = TrainingCommand::Kind::reset, .generation = d->generation, .start = d->initial});
    emit wasReset();
    emit stateChanged();
}

void Run::setPace(double stepsPerSecond) {
    stepsPerSecond = std::max(stepsPerSecond, 0.0);
    if (d->pace == stepsPerSecond) return;
    d->pace = stepsPerSecond;
    d->m_progress.clear();
    d->send({.kind = TrainingCommand::Kind::pace, .pace = stepsPerSecond});
    emit stateChanged();
}

void Run::requestState() {
    d->send({.kind = TrainingCommand::Kind::state});
}

void Run::requestWeightsAt(std::int64_t step) {
    if (step >= d->firstStep && step <= this->step()) d->replay(step, ReplayPurpose::looking);
}

void Run::dropWeightsRequest() {
    d->send({.kind = TrainingCommand::Kind::dropReplay, .purpose = ReplayPurpose::looking});
}

void Run::standAside() {
    d->send({.kind = TrainingCommand::Kind::standAside});
}

void Run::requestStateAt(std::int64_t step) {
    if (step >= d->firstStep && step <= this->step()) d->replay(step, ReplayPurpose::branching);
}

void Run::pin(const CheckpointPtr& checkpoint, const QString& name) {
    if (!checkpoint) return;
    d->history.pin(checkpoint, name.toStdString());
    emit pinsChanged();
}

void Run::unpin(std::int64_t step) {
    d->history.unpin(step);
    emit pinsChanged();
}

void Run::remember(RunPast past) {
    Q_ASSERT(d->records.empty() && past.firstStep + static_cast<std::int64_t>(past.records.size()) == d->firstStep);
    const CheckpointPtr present = d->latest;
    const TrainingStatePtr full = d->history.stateAtOrBefore(present->step);
    d->firstStep = past.firstStep;
    d->records = std::move(past.records);
    d->history.clear();
    const bool knowsBeginning = !past.states.empty() && past.states.front()->step == d->firstStep;
    if (knowsBeginning && (d->firstStep == 0 || d->origin)) d->initial = past.states.front();
    if (d->firstStep == 0 && !d->initial) d->initial = std::make_shared<const TrainingState>(initialState(*model(), experiment()));
    if (d->firstStep == 0) d->history.addState(d->initial);
    for (const TrainingStatePtr& state : past.states) d->history.addState(state);
    RunNews kept;
    kept.checkpoints = std::move(past.checkpoints);
    if (kept.checkpoints.empty() || kept.checkpoints.back()->step < present->step) kept.checkpoints.push_back(present);
    d->addToHistory(kept);
    for (const CheckpointPtr& checkpoint : kept.checkpoints) {
        const auto pin = past.pins.find(checkpoint->step);
        if (pin != past.pins.end()) d->history.pin(checkpoint, pin->second);
    }
    d->history.addState(full);
    emit wasReset();
    emit pinsChanged();
}

void Run::setHistoryBudget(std::size_t bytes) {
    if (d->history.budget() == bytes) return;
    d->history.setBudget(bytes);
    emit historyExtended(d->history.last()->step);
}

}  // namespace lab
