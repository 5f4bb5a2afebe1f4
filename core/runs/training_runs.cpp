#include "core/runs/training_runs.h"

#include <algorithm>
#include <utility>

#include "core/data/loaded_task.h"
#include "core/model/adapters.h"

namespace lab {

TrainingRuns::TrainingRuns(std::function<void()> wake, TrainingRun::Told told)
    : m_mailbox(std::move(wake)), m_told(std::move(told)), m_thread(std::make_unique<TrainingThread>(m_mailbox)) {}

TrainingRuns::~TrainingRuns() {
    m_thread.reset();
    for (const TrainingRunPtr& run : m_runs) {
        run->m_thread = nullptr;
        run->m_told = nullptr;
    }
}

TrainingRunPtr TrainingRuns::add(const LoadedTask& task, std::optional<TrainingState> start, std::optional<TrainingRun::Origin> origin) {
    const TrainingRunPtr run(new TrainingRun);
    run->m_id = m_nextId++;
    run->m_name = task.experiment.name;
    run->m_series = freeSeries();
    run->m_pace = task.experiment.training.pace;
    run->m_thread = m_thread.get();
    run->m_plan = std::make_shared<const TrainingPlan>(
        TrainingPlan{task.experiment, std::make_shared<const Model>(task.experiment.model), task.dataset});
    TrainingState begins = start ? std::move(*start) : run->drawnState();
    const TrainingConfig& training = task.experiment.training;
    if (training.adapters.any() && !begins.hasAdapters()) begins = readyToTrain(std::move(begins), run->model()->layout(), training);
    const auto from = std::make_shared<const TrainingState>(std::move(begins));
    if (from->step == 0 || origin) run->m_initial = from;
    run->m_origin = std::move(origin);
    run->begin(from);
    run->send({.kind = TrainingCommand::Kind::add, .pace = run->m_pace, .plan = run->m_plan, .start = from});
    run->m_told = m_told;
    m_runs.push_back(run);
    shareHistoryBudget();
    return run;
}

TrainingRunPtr TrainingRuns::addAgain(TrainingRun& run) {
    if (!run.m_initial) run.m_initial = std::make_shared<const TrainingState>(run.drawnState());
    const TrainingRunPtr again = add({run.experiment(), run.dataset()}, *run.m_initial, run.m_origin);
    again->setName(run.name());
    again->setPace(run.pace());
    return again;
}

void TrainingRuns::remove(TrainingRun& run) {
    run.send({.kind = TrainingCommand::Kind::remove});
    run.m_thread = nullptr;
    run.m_told = nullptr;
    std::erase_if(m_runs, [&run](const TrainingRunPtr& each) { return each.get() == &run; });
    shareHistoryBudget();
}

TrainingRunPtr TrainingRuns::find(int id) const {
    const auto found = std::find_if(m_runs.begin(), m_runs.end(), [id](const TrainingRunPtr& run) { return run->m_id == id; });
    return found == m_runs.end() ? nullptr : *found;
}

int TrainingRuns::freeSeries() const {
    int series = 0;
    while (std::any_of(m_runs.begin(), m_runs.end(), [series](const TrainingRunPtr& run) { return run->series() == series; })) ++series;
    return series;
}

bool TrainingRuns::any(RunState state) const {
    return std::any_of(m_runs.begin(), m_runs.end(), [state](const TrainingRunPtr& run) { return run->state() == state; });
}

bool TrainingRuns::anyAtFullSpeed() const {
    return std::any_of(m_runs.begin(), m_runs.end(),
                       [](const TrainingRunPtr& run) { return run->state() == RunState::training && run->pace() <= 0; });
}

void TrainingRuns::setTurns(Turns turns) {
    m_turns = turns;
    if (m_thread) m_thread->post({.kind = TrainingCommand::Kind::turns, .turns = turns});
}

void TrainingRuns::setHistoryBudget(std::size_t bytes) {
    m_historyBudget = bytes;
    shareHistoryBudget();
}

/// Whoever is told may add and remove runs.
void TrainingRuns::shareHistoryBudget() {
    const std::vector<TrainingRunPtr> runs = m_runs;
    for (const TrainingRunPtr& run : runs) run->setHistoryBudget(m_historyBudget / runs.size());
}

void TrainingRuns::take() {
    for (auto& [id, news] : m_mailbox.take())
        if (const TrainingRunPtr run = find(id)) run->take(std::move(news));
}

void TrainingRuns::stop() {
    if (!m_thread) return;
    m_thread->stop();
    for (const TrainingRunPtr& run : m_runs) {
        m_finalStates[run->m_id] = m_thread->stateOf(run->m_id);
        run->m_thread = nullptr;
    }
    m_thread.reset();
    take();
}

TrainingStatePtr TrainingRuns::finalState(const TrainingRun& run) const {
    const auto found = m_finalStates.find(run.m_id);
    return found == m_finalStates.end() ? nullptr : found->second;
}

}  // namespace lab
