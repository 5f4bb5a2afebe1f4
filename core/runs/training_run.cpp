#include "core/runs/training_run.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/runs/budget.h"

namespace lab {

void TrainingRun::send(TrainingCommand command) const {
    command.run = m_id;
    if (m_thread) m_thread->post(std::move(command));
}

void TrainingRun::tell(const RunEvents& events) {
    const Told told = m_told;  // which may close this run
    if (told) told(*this, events);
}

namespace {

TrainingStatePtr withBest(const TrainingStatePtr& state, const BestValidation& best) {
    if (state->best == best) return state;
    auto changed = std::make_shared<TrainingState>(*state);
    changed->best = best;
    return changed;
}

}  // namespace

/// Everything the owner knows, back to the weights of `from`.
void TrainingRun::begin(std::shared_ptr<const TrainingState> from) {
    m_firstStep = from->step;
    m_firstBest = from->best;
    m_state = isTrained(experiment().training, *from) ? RunState::finished : RunState::paused;
    m_message = {};
    m_records.clear();
    m_history.clear();
    m_progress.clear();
    m_latest = std::make_shared<const Checkpoint>(from);
    m_history.add(m_latest);
    m_history.addState(std::move(from));
}

/// A validation counts for the checkpoint of its step.
void TrainingRun::addToHistory(const RunNews& news) {
    for (const CheckpointPtr& checkpoint : news.checkpoints) {
        const std::int64_t index = checkpoint->step - m_firstStep - 1;
        const bool recorded = index >= 0 && index < static_cast<std::int64_t>(m_records.size());
        std::optional<double> loss;
        if (recorded && m_records[static_cast<std::size_t>(index)].validation)
            loss = m_records[static_cast<std::size_t>(index)].validation->loss;
        m_history.add(checkpoint, loss);
    }
    for (const TrainingStatePtr& full : news.historyStates) m_history.addState(full);
}

void TrainingRun::take(RunNews news) {
    if (news.generation != m_generation) return;  // told before a reset
    RunEvents events;
    events.from = static_cast<int>(m_records.size());
    m_records.insert(m_records.end(), news.records.begin(), news.records.end());
    events.to = static_cast<int>(m_records.size());
    addToHistory(news);
    events.history = !news.checkpoints.empty();
    events.latest = news.latest && news.latest->step >= m_latest->step && news.latest != m_latest;
    if (events.latest) m_latest = news.latest;
    if (news.end) {
        events.state = m_state != news.end->state || m_message != news.end->message;
        m_state = news.end->state;
        m_message = news.end->message;
    }
    noteProgress();
    events.states = std::move(news.states);
    events.weightsAt = std::move(news.weightsAt);
    events.statesAt = std::move(news.statesAt);
    events.replayError = std::move(news.replayError);
    tell(events);
}

void TrainingRun::noteProgress() {
    if (m_state != RunState::training) return m_progress.clear();
    m_progress.push_back({std::chrono::steady_clock::now(), step()});
    while (m_progress.size() > 2 && m_progress.back().time - m_progress.front().time > budget::rateWindow) m_progress.pop_front();
}

void TrainingRun::setName(std::string name) {
    if (m_name == name) return;
    m_name = std::move(name);
    tell({.state = true});
}

void TrainingRun::setSeries(int series) {
    if (m_series == series) return;
    m_series = series;
    tell({.state = true});
}

double TrainingRun::tokensPerSecond() const {
    double seconds = 0;
    double tokens = 0;
    for (auto record = m_records.rbegin(); record != m_records.rend() && seconds < budget::speedWindow; ++record) {
        seconds += record->seconds;
        tokens += record->tokens;
    }
    return seconds > 0 ? tokens / seconds : 0;
}

double TrainingRun::secondsLeft() const {
    const double stepsLeft = static_cast<double>(experiment().training.steps - step());
    if (stepsLeft <= 0) return 0;
    if (m_progress.size() < 2) return -1;
    const double steps = static_cast<double>(m_progress.back().step - m_progress.front().step);
    if (steps <= 0) return -1;
    return stepsLeft / steps * std::chrono::duration<double>(m_progress.back().time - m_progress.front().time).count();
}

void TrainingRun::setState(RunState state) {
    m_state = state;
    m_progress.clear();
}

void TrainingRun::train() {
    if (m_state != RunState::paused) return;
    setState(RunState::training);
    send({.kind = TrainingCommand::Kind::train});
    tell({.state = true});
}

void TrainingRun::pause() {
    if (m_state != RunState::training) return;
    setState(RunState::paused);
    send({.kind = TrainingCommand::Kind::pause});
    tell({.state = true});
}

void TrainingRun::stepOnce() {
    if (m_state != RunState::paused && m_state != RunState::training) return;
    const bool wasTraining = m_state == RunState::training;
    setState(RunState::paused);
    send({.kind = TrainingCommand::Kind::step});
    if (wasTraining) tell({.state = true});
}

void TrainingRun::reset() {
    if (!m_initial) m_initial = std::make_shared<const TrainingState>(drawnState());
    ++m_generation;
    begin(m_initial);
    send({.kind = TrainingCommand::Kind::reset, .generation = m_generation, .start = m_initial});
    tell({.reset = true, .state = true});
}

void TrainingRun::setPace(double stepsPerSecond) {
    stepsPerSecond = std::max(stepsPerSecond, 0.0);
    if (m_pace == stepsPerSecond) return;
    m_pace = stepsPerSecond;
    m_progress.clear();
    send({.kind = TrainingCommand::Kind::pace, .pace = stepsPerSecond});
    tell({.state = true});
}

void TrainingRun::requestState() {
    send({.kind = TrainingCommand::Kind::state});
}

void TrainingRun::replay(std::int64_t step, ReplayPurpose purpose) const {
    if (step < m_firstStep || step > this->step()) return;
    send({.kind = TrainingCommand::Kind::replay,
          .start = m_history.stateAtOrBefore(step),
          .purpose = purpose,
          .step = step,
          .best = bestUpTo(step)});
}

BestValidation TrainingRun::bestUpTo(std::int64_t step) const {
    BestValidation best = m_firstBest;
    for (const StepRecord& record : m_records) {
        if (record.step > step) break;
        if (record.validation) best.take(record.step, record.validation->loss);
    }
    return best;
}

void TrainingRun::requestWeightsAt(std::int64_t step) {
    replay(step, ReplayPurpose::looking);
}

void TrainingRun::requestStateAt(std::int64_t step, ReplayPurpose purpose) {
    replay(step, purpose);
}

void TrainingRun::dropWeightsRequest() {
    send({.kind = TrainingCommand::Kind::dropReplay, .purpose = ReplayPurpose::looking});
}

void TrainingRun::standAside() {
    send({.kind = TrainingCommand::Kind::standAside});
}

void TrainingRun::pin(const CheckpointPtr& checkpoint, const std::string& name) {
    if (!checkpoint) return;
    m_history.pin(checkpoint, name);
    tell({.pins = true});
}

void TrainingRun::unpin(std::int64_t step) {
    m_history.unpin(step);
    tell({.pins = true});
}

void TrainingRun::remember(RunPast past) {
    assert(m_records.empty() && past.firstStep + static_cast<std::int64_t>(past.records.size()) == m_firstStep);
    const CheckpointPtr present = m_latest;
    const TrainingStatePtr full = m_history.stateAtOrBefore(present->step);
    m_firstStep = past.firstStep;
    m_firstBest = past.best;
    m_records = std::move(past.records);
    m_history.clear();
    const bool knowsBeginning = !past.states.empty() && past.states.front()->step == m_firstStep;
    if (knowsBeginning && (m_firstStep == 0 || m_origin)) m_initial = withBest(past.states.front(), past.best);
    if (m_firstStep == 0 && !m_initial) m_initial = std::make_shared<const TrainingState>(drawnState());
    if (m_firstStep == 0) m_history.addState(m_initial);
    for (const TrainingStatePtr& state : past.states) m_history.addState(state);
    RunNews kept;
    kept.checkpoints = std::move(past.checkpoints);
    if (kept.checkpoints.empty() || kept.checkpoints.back()->step < present->step) kept.checkpoints.push_back(present);
    addToHistory(kept);
    for (const CheckpointPtr& checkpoint : kept.checkpoints) {
        const auto pin = past.pins.find(checkpoint->step);
        if (pin != past.pins.end()) m_history.pin(checkpoint, pin->second);
    }
    m_history.addState(full);
    tell({.reset = true, .pins = true});
}

void TrainingRun::setHistoryBudget(std::size_t bytes) {
    if (m_history.budget() == bytes) return;
    m_history.setBudget(bytes);
    tell({.history = true});
}

}  // namespace lab
