#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/config/experiment.h"
#include "core/runs/mailbox.h"
#include "core/runs/turns.h"
#include "core/training/trainer.h"

namespace lab {

/// What a trainer is made from.
struct TrainingPlan {
    Experiment experiment;
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Dataset> dataset;
};

/// What a moment is recomputed for; of each purpose a run has one replay at a time, and the latest wins.
enum class ReplayPurpose { looking, branching, serving };
constexpr std::size_t replayPurposes = 3;

/// One order to the training thread, by value.
struct TrainingCommand {
    enum class Kind { add, remove, train, pause, step, reset, pace, state, replay, dropReplay, turns, standAside };
    Kind kind = Kind::pause;
    int run = 0;
    double pace = 0;                               ///< pace, add: steps a second, 0 = full speed
    int generation = 0;                            ///< reset
    std::shared_ptr<const TrainingPlan> plan{};    ///< add
    std::shared_ptr<const TrainingState> start{};  ///< add, reset; replay: a state not after the step
    ReplayPurpose purpose{};                       ///< replay, dropReplay
    std::int64_t step = 0;                         ///< replay
    BestValidation best{};                         ///< replay: up to that step, since it does not validate
    Turns turns{};                                 ///< turns; of all runs
};

/// The one thread that trains all runs, a step at a time in turn: the next is the one that took least (turns.h). It also recomputes moments
/// that were not kept, in turn with the training: no other thread opens OpenMP regions.
class TrainingThread {
public:
    explicit TrainingThread(Mailbox& mailbox);
    ~TrainingThread();  ///< stops after the step under way and joins

    void post(TrainingCommand command);

    void stop();
    /// After stop(): a run's full state; null when there is no such run.
    std::shared_ptr<const TrainingState> stateOf(int run) const;

private:
    using Clock = std::chrono::steady_clock;
    struct Job;

    void loop();
    /// What a run's work throws, memory that it did not get included, ends that run and nothing else.
    void guarded(int run, const std::function<void()>& work);
    bool takeCommands(std::vector<TrainingCommand>& commands);
    Job* find(int run) const;
    void apply(const TrainingCommand& command);
    void applyTo(Job& job, const TrainingCommand& command);
    Job* nextDue();
    void join(Job& job) const;
    void standAside();
    bool standsAside() const { return Clock::now() < m_asideUntil; }
    void waitForWork();

    Trainer& trainerOf(Job& job);
    void work(Job& job);
    void step(Job& job);
    Job* nextReplaying();
    void beginReplay(Job& job, const TrainingCommand& command);
    void replayOneStep(Job& job);
    void postReplayed(Job& job, std::size_t purpose);
    void end(Job& job, RunState state, const Message& message);
    void publishLatest(Job& job);
    void postState(Job& job);

    Mailbox& m_mailbox;
    std::vector<std::shared_ptr<Job>> m_jobs;  // the training thread's own
    Turns m_turns = Turns::steps;
    std::size_t m_turn = 0;
    std::size_t m_replayTurn = 0;
    Clock::time_point m_asideUntil;

    std::mutex m_mutex;
    std::condition_variable m_wakeUp;
    std::vector<TrainingCommand> m_commands;
    bool m_stopping = false;
    std::thread m_thread;
};

}  // namespace lab
