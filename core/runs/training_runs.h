#pragma once

#include "core/runs/training_run.h"

namespace lab {

struct LoadedTask;

/// The open runs and the one thread that trains them all, a step at a time in turn (OpenMP regions are opened by that thread only): what
/// the window and a service share. Everything here belongs to the owner's thread, whose business it is to call take() when it is woken.
class TrainingRuns {
public:
    /// `wake` is called on the training thread, once until the next take(): there is news. `told` hears it, and what commands change, on
    /// the owner's thread; it may do anything, also remove the run.
    TrainingRuns(std::function<void()> wake, TrainingRun::Told told);
    ~TrainingRuns();  ///< stops and joins

    /// Adds a run, paused. `start` resumes; without it the initial weights are drawn. The experiment comes resolved from loadTask. With an
    /// `origin` it begins with a moment of another run; `start` then as branchState gives it.
    TrainingRunPtr add(const LoadedTask& task, std::optional<TrainingState> start = std::nullopt,
                       std::optional<TrainingRun::Origin> origin = std::nullopt);
    /// One more like it, at the weights where it began.
    TrainingRunPtr addAgain(TrainingRun& run);
    /// What it says from then on nobody hears.
    void remove(TrainingRun& run);
    const std::vector<TrainingRunPtr>& all() const { return m_runs; }

    bool any(RunState state) const;
    /// A run trains as fast as it can.
    bool anyAtFullSpeed() const;
    /// What runs that train together get the same of; what each of them computes does not depend on it.
    Turns turns() const { return m_turns; }
    void setTurns(Turns turns);
    /// What the histories of all runs together may take; divided among them evenly.
    std::size_t historyBudget() const { return m_historyBudget; }
    void setHistoryBudget(std::size_t bytes);

    /// Takes the news and tells them.
    void take();

    /// Stops after the step under way and joins: nothing trains any more, and all that was done is told. Then finalState() is exact.
    void stop();
    /// The full state of a run after stop(); else null.
    TrainingStatePtr finalState(const TrainingRun& run) const;

private:
    TrainingRunPtr find(int id) const;
    int freeSeries() const;
    void shareHistoryBudget();

    Mailbox m_mailbox;
    TrainingRun::Told m_told;
    std::unique_ptr<TrainingThread> m_thread;
    std::vector<TrainingRunPtr> m_runs;
    std::map<int, TrainingStatePtr> m_finalStates;
    int m_nextId = 1;
    Turns m_turns = Turns::steps;
    std::size_t m_historyBudget = History::defaultBudget;
};

}  // namespace lab
