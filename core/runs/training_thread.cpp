#include "core/runs/training_thread.h"

#include <omp.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <new>
#include <optional>

#include "core/base/errors.h"
#include "core/runs/budget.h"
#include "core/training/checkpoint_copies.h"
#include "core/training/replay.h"

namespace lab {
namespace {

constexpr int allProcessors = 0;

/// A thread that rests keeps no team of OpenMP's: with more of them than processors the runtime lets none spin, nor those of a sweep.
void releaseTeam() {
    omp_pause_resource_all(omp_pause_soft);
}

}  // namespace

/// A moment that is wanted; the trainer is made at its first step.
struct ReplayTask {
    TrainingStatePtr from;
    std::int64_t step = 0;
    BestValidation best{};
    std::unique_ptr<Replay> replay{};
};

struct TrainingThread::Job {
    int run = 0;
    int generation = 0;
    std::shared_ptr<const TrainingPlan> plan;
    std::shared_ptr<const TrainingState> start;
    std::unique_ptr<Trainer> trainer;  // made at the first step
    bool training = false;
    int singleSteps = 0;
    bool stateWanted = false;  // once the single steps before it are done
    double pace = 0;
    TurnAccount account;
    Clock::time_point lastStep;
    Clock::time_point due;
    CheckpointCopies copies;
    std::uint64_t published = 0;  // count of the mailbox's emptyings at the last publishing
    std::int64_t publishedStep = -1;
    double bestLoss = std::numeric_limits<double>::infinity();  ///< of the validations so far; early stop has its own of a branch's past
    std::array<std::unique_ptr<ReplayTask>, replayPurposes> replays;  ///< by ReplayPurpose

    bool isReplaying() const {
        return std::ranges::any_of(replays, [](const auto& task) { return task != nullptr; });
    }
    bool wantsToWork() const { return training || singleSteps > 0; }
    const TrainingState& state() const { return trainer ? trainer->state() : *start; }
    /// To be kept: a copy once it changes from step to step.
    TrainingStatePtr keptState() const { return trainer ? std::make_shared<const TrainingState>(trainer->state()) : start; }

    Clock::duration interval() const {
        if (pace <= 0) return Clock::duration::zero();
        return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1.0 / pace));
    }
};

TrainingThread::TrainingThread(Mailbox& mailbox) : m_mailbox(mailbox), m_thread([this] { loop(); }) {}

TrainingThread::~TrainingThread() {
    stop();
}

void TrainingThread::stop() {
    if (!m_thread.joinable()) return;
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wakeUp.notify_one();
    m_thread.join();
}

void TrainingThread::post(TrainingCommand command) {
    {
        const std::lock_guard lock(m_mutex);
        m_commands.push_back(std::move(command));
    }
    m_wakeUp.notify_one();
}

void TrainingThread::loop() {
    std::vector<TrainingCommand> commands;
    bool going = true;
    while (going) {
        going = takeCommands(commands);  // also the last ones: a reset just before the end counts
        for (const TrainingCommand& command : commands) guarded(command.run, [&] { apply(command); });
        if (!going) break;
        Job* due = standsAside() ? nullptr : nextDue();
        if (due) work(*due);
        Job* replaying = nextReplaying();
        if (replaying) guarded(replaying->run, [&] { replayOneStep(*replaying); });
        if (!due && !replaying) waitForWork();
    }
}

void TrainingThread::guarded(int run, const std::function<void()>& work) {
    RunEnd how{RunState::failed, {}};
    try {
        return work();
    } catch (const DivergenceError& error) {
        how = {RunState::diverged, messageOf(error)};
    } catch (const std::exception& error) {
        how.message = messageOf(error);
    }
    if (Job* job = find(run)) end(*job, how.state, how.message);
}

bool TrainingThread::takeCommands(std::vector<TrainingCommand>& commands) {
    commands.clear();
    const std::lock_guard lock(m_mutex);
    commands.swap(m_commands);
    return !m_stopping;
}

/// No copy: at the end of a program there may be no room for one.
std::shared_ptr<const TrainingState> TrainingThread::stateOf(int run) const {
    for (const auto& job : m_jobs)
        if (job->run == run) return {job, &job->state()};
    return nullptr;
}

TrainingThread::Job* TrainingThread::find(int run) const {
    const auto found = std::find_if(m_jobs.begin(), m_jobs.end(), [run](const auto& job) { return job->run == run; });
    return found == m_jobs.end() ? nullptr : found->get();
}

void TrainingThread::apply(const TrainingCommand& command) {
    if (command.kind == TrainingCommand::Kind::turns) {
        m_turns = command.turns;
        return;
    }
    if (command.kind == TrainingCommand::Kind::standAside) return standAside();
    if (command.kind == TrainingCommand::Kind::add) {
        auto job = std::make_shared<Job>();
        job->run = command.run;
        job->plan = command.plan;
        job->start = command.start;
        job->pace = command.pace;
        m_jobs.push_back(std::move(job));
        return;
    }
    Job* job = find(command.run);
    if (!job) return;
    if (command.kind == TrainingCommand::Kind::remove)
        std::erase_if(m_jobs, [job](const auto& each) { return each.get() == job; });
    else
        applyTo(*job, command);
}

void TrainingThread::applyTo(Job& job, const TrainingCommand& command) {
    switch (command.kind) {
        case TrainingCommand::Kind::train:
            if (!job.training) join(job);
            job.training = true;
            job.due = Clock::now();
            break;
        case TrainingCommand::Kind::pause:
            job.training = false;
            publishLatest(job);
            break;
        case TrainingCommand::Kind::step:
            job.training = false;
            ++job.singleSteps;
            job.due = Clock::now();
            break;
        case TrainingCommand::Kind::reset:
            job.training = false;
            job.singleSteps = 0;
            job.trainer.reset();
            job.start = command.start;
            job.generation = command.generation;
            job.publishedStep = -1;
            job.bestLoss = std::numeric_limits<double>::infinity();
            job.replays = {};
            break;
        case TrainingCommand::Kind::pace:
            job.pace = command.pace;
            if (job.training) join(job);
            job.due = job.lastStep + job.interval();
            break;
        case TrainingCommand::Kind::state:
            job.stateWanted = true;
            if (job.singleSteps == 0) postState(job);
            break;
        case TrainingCommand::Kind::replay:
            beginReplay(job, command);
            break;
        case TrainingCommand::Kind::dropReplay:
            job.replays[static_cast<std::size_t>(command.purpose)].reset();
            break;
        case TrainingCommand::Kind::add:
        case TrainingCommand::Kind::remove:
        case TrainingCommand::Kind::turns:
        case TrainingCommand::Kind::standAside:
            break;
    }
}

/// Of those that may work now the one that took least; of equal ones the next in the row.
TrainingThread::Job* TrainingThread::nextDue() {
    const Clock::time_point now = Clock::now();
    Job* next = nullptr;
    std::size_t turn = m_turn;
    for (std::size_t i = 1; i <= m_jobs.size(); ++i) {
        const std::size_t index = (m_turn + i) % m_jobs.size();
        Job& job = *m_jobs[index];
        if (!job.wantsToWork() || (job.pace > 0 && job.singleSteps == 0 && job.due > now)) continue;
        if (next && next->account.taken(m_turns) <= job.account.taken(m_turns)) continue;
        next = &job;
        turn = index;
    }
    m_turn = turn;
    return next;
}

void TrainingThread::join(Job& job) const {
    std::vector<const TurnAccount*> others;
    for (const auto& other : m_jobs)
        if (other.get() != &job && other->training) others.push_back(&other->account);
    job.account.join(others);
}

/// However fast a hand scrubs, the training keeps half of the time.
void TrainingThread::standAside() {
    if (Clock::now() >= m_asideUntil + budget::standAside) m_asideUntil = Clock::now() + budget::standAside;
}

void TrainingThread::waitForWork() {
    std::optional<Clock::time_point> due;
    for (const auto& job : m_jobs)
        if (job->wantsToWork()) due = due ? std::min(*due, job->due) : job->due;
    if (due) due = std::max(*due, m_asideUntil);
    if (!due) releaseTeam();
    std::unique_lock lock(m_mutex);
    const auto awake = [this] { return m_stopping || !m_commands.empty(); };
    if (due)
        m_wakeUp.wait_until(lock, *due, awake);
    else
        m_wakeUp.wait(lock, awake);
}

Trainer& TrainingThread::trainerOf(Job& job) {
    if (!job.trainer)
        job.trainer = std::make_unique<Trainer>(job.plan->experiment, job.plan->model, job.plan->dataset, *job.start, allProcessors);
    return *job.trainer;
}

void TrainingThread::work(Job& job) {
    guarded(job.run, [&] {
        if (job.singleSteps > 0) --job.singleSteps;
        if (trainerOf(job).finished())
            end(job, RunState::finished, {});
        else
            step(job);
    });
    if (job.stateWanted && job.singleSteps == 0) postState(job);
}

void TrainingThread::step(Job& job) {
    const Clock::time_point now = Clock::now();
    // A computer that cannot keep the pace does not hurry afterwards.
    job.due = std::max(job.due + job.interval(), now);
    job.lastStep = now;
    const StepRecord record = job.trainer->advance();
    job.account.add(std::chrono::duration<double>(Clock::now() - now).count());

    CheckpointPtr checkpoint;
    TrainingStatePtr full;
    const bool finished = job.trainer->finished();
    const bool isBest = record.validation && record.validation->loss < job.bestLoss;
    if (isBest) job.bestLoss = record.validation->loss;
    std::exception_ptr problem;  // with the copies: the step is done all the same
    try {
        if (isHistoryStep(record.step) || isBest || finished) checkpoint = job.copies.make(record.step, job.trainer->state().weights);
        if (isStateStep(record.step)) full = std::make_shared<const TrainingState>(job.trainer->state());
    } catch (const std::bad_alloc&) {
        problem = std::current_exception();
    }
    m_mailbox.post(job.run, job.generation, [&](RunNews& news) {
        news.records.push_back(record);
        if (checkpoint) news.checkpoints.push_back(news.latest = checkpoint);
        if (full) news.historyStates.push_back(full);
    });
    if (problem) std::rethrow_exception(problem);
    if (checkpoint) job.publishedStep = record.step;
    const bool resting = !job.wantsToWork();
    if (finished)
        end(job, RunState::finished, {});
    else if (resting || job.published != m_mailbox.emptied())
        publishLatest(job);
}

TrainingThread::Job* TrainingThread::nextReplaying() {
    for (std::size_t i = 0; i < m_jobs.size(); ++i) {
        m_replayTurn = (m_replayTurn + 1) % m_jobs.size();
        if (m_jobs[m_replayTurn]->isReplaying()) return m_jobs[m_replayTurn].get();
    }
    return nullptr;
}

/// From the given state, or from where the training or the replay under way is when that is nearer.
void TrainingThread::beginReplay(Job& job, const TrainingCommand& command) try {
    std::unique_ptr<ReplayTask>& task = job.replays[static_cast<std::size_t>(command.purpose)];
    TrainingStatePtr from = command.start;
    const auto isNearer = [&](const TrainingState& state) { return state.step <= command.step && (!from || state.step > from->step); };
    if (isNearer(job.state())) from = job.keptState();
    if (task && task->replay && isNearer(task->replay->state())) from = std::make_shared<const TrainingState>(task->replay->state());
    task.reset();
    if (from) {
        task = std::make_unique<ReplayTask>(ReplayTask{std::move(from), command.step, command.best});
    } else if (command.purpose != ReplayPurpose::looking) {
        const Message error =
            Message(LAB_TEXT("session", "Before step %1 only weights are kept, no moments to go on with.")).arg(job.state().step);
        m_mailbox.post(job.run, job.generation, [&](RunNews& news) { news.replayError = error; });
    }
} catch (const std::bad_alloc& error) {
    m_mailbox.post(job.run, job.generation, [&](RunNews& news) { news.replayError = messageOf(error); });
}

void TrainingThread::replayOneStep(Job& job) {
    std::size_t purpose = 0;  // what a person looks at first
    while (!job.replays[purpose]) ++purpose;
    ReplayTask& task = *job.replays[purpose];
    try {
        if (!task.replay) {
            task.replay = std::make_unique<Replay>(job.plan->experiment, job.plan->model, job.plan->dataset, *task.from, task.step);
            task.from.reset();
        }
        if (!task.replay->finished()) task.replay->advance();
        if (task.replay->finished()) postReplayed(job, purpose);
    } catch (const std::exception& error) {
        job.replays[purpose].reset();
        m_mailbox.post(job.run, job.generation, [&](RunNews& news) { news.replayError = messageOf(error); });
    }
}

void TrainingThread::postReplayed(Job& job, std::size_t purpose) {
    const TrainingState& state = job.replays[purpose]->replay->state();
    if (purpose == static_cast<std::size_t>(ReplayPurpose::looking)) {
        const auto weights = std::make_shared<const Checkpoint>(state.step, state.weights);
        m_mailbox.post(job.run, job.generation, [&](RunNews& news) { news.weightsAt = weights; });
    } else {
        const auto full = std::make_shared<TrainingState>(state);
        full->best = job.replays[purpose]->best;
        m_mailbox.post(job.run, job.generation, [&](RunNews& news) { news.statesAt.push_back(full); });
    }
    job.replays[purpose].reset();
}

/// Behind the last record; the last good weights become the history's last entry where there is room for them.
void TrainingThread::end(Job& job, RunState state, const Message& message) {
    job.training = false;
    job.singleSteps = 0;
    CheckpointPtr last;
    try {
        if (job.trainer) last = job.copies.make(job.state().step, job.state().weights);
    } catch (const std::bad_alloc&) {
        last = nullptr;
    }
    m_mailbox.post(job.run, job.generation, [&](RunNews& news) {
        if (last) news.checkpoints.push_back(news.latest = last);
        news.end = RunEnd{state, message};
    });
}

/// Where there is no room the picture stays behind.
void TrainingThread::publishLatest(Job& job) try {
    job.published = m_mailbox.emptied();
    if (!job.trainer || job.publishedStep == job.state().step) return;
    const CheckpointPtr latest = job.copies.make(job.state().step, job.state().weights);
    job.publishedStep = job.state().step;
    m_mailbox.post(job.run, job.generation, [&](RunNews& news) { news.latest = latest; });
} catch (const std::bad_alloc&) {
    return;
}

void TrainingThread::postState(Job& job) {
    job.stateWanted = false;
    TrainingStatePtr state;  // null: there is no room for it
    try {
        state = job.keptState();
    } catch (const std::bad_alloc&) {
        state = nullptr;
    }
    m_mailbox.post(job.run, job.generation, [&](RunNews& news) { news.states.push_back(state); });
}

}  // namespace lab
