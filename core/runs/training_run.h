#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/io/session_file.h"
#include "core/runs/mailbox.h"
#include "core/runs/training_thread.h"

namespace lab {

/// What a run did before it was resumed.
struct RunPast {
    std::int64_t firstStep = 0;
    std::vector<StepRecord> records;         ///< of steps firstStep + 1 ..
    std::vector<CheckpointPtr> checkpoints;  ///< ascending
    std::vector<TrainingStatePtr> states;    ///< ascending; the first may be where the run began
    BestValidation best = {};                ///< of what was before firstStep
    std::map<std::int64_t, std::string> pins;
};

/// What is new about a run, in the order in which it is told.
struct RunEvents {
    int from = 0, to = 0;  ///< records, a half-open range of indices
    bool history = false;  ///< other steps are kept
    bool latest = false;   ///< newer weights
    bool reset = false;    ///< it begins anew, or has another past
    bool pins = false;
    bool state = false;                        ///< or its name, pace or series
    std::vector<TrainingStatePtr> states{};    ///< answers to requestState
    CheckpointPtr weightsAt{};                 ///< answer to requestWeightsAt
    std::vector<TrainingStatePtr> statesAt{};  ///< answers to requestStateAt
    Message replayError{};                     ///< why there is no such answer
};

/// One training as its owner knows it: commands go in by value and return at once, what comes of them is told by TrainingRuns::take(). It
/// owns the history. Belongs to the owner's thread, and never blocks on the training thread.
class TrainingRun {
public:
    using Origin = SessionRun::Origin;
    using Told = std::function<void(TrainingRun&, const RunEvents&)>;

    const std::string& name() const { return m_name; }
    void setName(std::string name);
    const std::optional<Origin>& origin() const { return m_origin; }  ///< of a branch
    /// Where it stands among the runs. Runs may share one; a new run gets the smallest free number.
    int series() const { return m_series; }
    void setSeries(int series);
    const Experiment& experiment() const { return m_plan->experiment; }  ///< resolved; never changes
    const std::shared_ptr<const Model>& model() const { return m_plan->model; }
    const std::shared_ptr<const Dataset>& dataset() const { return m_plan->dataset; }

    RunState state() const { return m_state; }
    const Message& message() const { return m_message; }  ///< what happened, for diverged and failed; else empty
    std::int64_t step() const { return m_records.empty() ? m_firstStep : m_records.back().step; }  ///< as far as the owner has heard
    const std::vector<StepRecord>& records() const { return m_records; }  ///< of steps firstStep + 1 ..; never thinned
    const History& history() const { return m_history; }                  ///< begins with the initial weights (step 0)
    const CheckpointPtr& latest() const { return m_latest; }              ///< the newest weights, also between two steps of the history
    double pace() const { return m_pace; }                                ///< steps a second; 0 = full speed
    double tokensPerSecond() const;  ///< over the recent past of computing time; 0 before the first step
    double secondsLeft() const;      ///< at the present rate; negative when unknown

    void train();
    void pause();
    void stepOnce();
    void reset();  ///< back to the same initial weights, step 0; a branch to where it began
    void setPace(double stepsPerSecond);
    /// Asks the training thread for the full state (weights, moments, step).
    void requestState();
    /// Recomputes the weights of any step done, exactly, in turn with the training. The latest request wins.
    void requestWeightsAt(std::int64_t step);
    void dropWeightsRequest();
    /// The same for the full state, to branch from, or for those who are served.
    void requestStateAt(std::int64_t step, ReplayPurpose purpose = ReplayPurpose::branching);
    /// The training of all runs leaves the processors to what a person looks at, for the time of one picture.
    void standAside();

    /// Keeps this moment under a name; pinning again renames.
    void pin(const CheckpointPtr& checkpoint, const std::string& name);
    void unpin(std::int64_t step);
    /// For a run just resumed: its past, which ends where it goes on.
    void remember(RunPast past);
    /// What the history may take.
    void setHistoryBudget(std::size_t bytes);

    /// The lowest validation loss up to a step, and how many validations came behind it by then.
    BestValidation bestUpTo(std::int64_t step) const;
    /// It ended before its last step: training.early_stop validations brought nothing better.
    bool stoppedEarly() const { return m_state == RunState::finished && step() < experiment().training.steps; }

private:
    friend class TrainingRuns;
    TrainingRun() = default;
    void send(TrainingCommand command) const;
    void begin(std::shared_ptr<const TrainingState> from);
    void take(RunNews news);
    void addToHistory(const RunNews& news);
    void replay(std::int64_t step, ReplayPurpose purpose) const;
    void setState(RunState state);
    void noteProgress();
    void tell(const RunEvents& events);
    TrainingState drawnState() const { return initialState(*model(), experiment()); }

    int m_id = 0;
    int m_generation = 0;
    int m_series = 0;
    std::string m_name;
    std::shared_ptr<const TrainingPlan> m_plan;
    std::shared_ptr<const TrainingState> m_initial;  ///< of step 0, or where a branch began; drawn when first needed by a resumed run
    std::optional<Origin> m_origin;
    TrainingThread* m_thread = nullptr;  ///< null after the stop
    Told m_told;                         ///< null when it is no longer one of the open runs

    RunState m_state = RunState::paused;
    Message m_message;
    double m_pace = 0;
    std::int64_t m_firstStep = 0;
    BestValidation m_firstBest;  ///< of what was before firstStep
    std::vector<StepRecord> m_records;
    History m_history;
    CheckpointPtr m_latest;

    /// When how many steps were done, of the last seconds of uninterrupted training.
    struct Progress {
        std::chrono::steady_clock::time_point time;
        std::int64_t step;
    };
    std::deque<Progress> m_progress;
};
using TrainingRunPtr = std::shared_ptr<TrainingRun>;

}  // namespace lab
