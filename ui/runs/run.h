#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "core/runs/training_run.h"

namespace lab {

struct CountingBaselines;
struct Experiment;
struct Guesses;
class Jobs;
class Workspace;

/// Where a branch left its parent.
struct RunOrigin {
    QString parent;  ///< its name
    std::int64_t step = 0;

    bool operator==(const RunOrigin&) const = default;
};

/// One training as the window knows it: commands go in by value, records and checkpoints come out some 30 times a second.
/// Lives on the GUI thread; never blocks on the training thread. A skin on core's TrainingRun, which says what each of these does.
class Run : public QObject {
    Q_OBJECT

public:
    using State = RunState;

    /// The run itself; what is asked of it there is told here.
    TrainingRun& core() const;

    QString name() const;      ///< in the reader's language, if it came with the program
    QString keptName() const;  ///< as files have it, and places
    void setName(const QString& name);
    const std::optional<RunOrigin>& origin() const;  ///< of a branch
    /// Where it stands among the runs: says its colour and line style. Runs may share one; a new run gets the smallest free number.
    int series() const;
    void setSeries(int series);
    const Experiment& experiment() const;  ///< resolved; never changes
    const std::shared_ptr<const Model>& model() const;
    const std::shared_ptr<const Dataset>& dataset() const;
    /// What guesses are worth at its task; counted when first asked for.
    const Guesses& guesses() const;

    /// What n-grams reach on the tokens of its validation; counted beside the window when first asked for, and told by counted(). Null
    /// until then, and where no text is learned.
    const CountingBaselines* counting() const;
    bool isCounting() const;
    /// The lowest validation loss up to a step.
    BestValidation bestUpTo(std::int64_t step) const;
    bool stoppedEarly() const;  ///< by training.early_stop, before its last step

    State state() const;
    QString message() const;                         ///< what happened, for diverged and failed; else empty
    std::int64_t step() const;                       ///< steps done as far as the GUI has heard
    const std::vector<StepRecord>& records() const;  ///< of steps firstStep + 1 ..; never thinned
    const History& history() const;                  ///< begins with the initial weights (step 0)
    CheckpointPtr latest() const;                    ///< the newest weights known here, also between two steps of the history
    double pace() const;                             ///< steps a second; 0 = full speed
    double tokensPerSecond() const;                  ///< over the recent past of computing time; 0 before the first step
    double secondsLeft() const;                      ///< at the present rate; negative when unknown

    /// The queue for slow analyses of this run and the others.
    Jobs& jobs() const;

    // Commands; they return at once.
    void train();
    void pause();
    void stepOnce();
    void reset();  ///< back to the same initial weights, step 0; a branch to where it began
    void setPace(double stepsPerSecond);
    /// Asks the training thread for the full state (weights, moments, step); stateReady answers: with null when there is no room for a
    /// copy.
    void requestState();
    /// Recomputes the weights of any step done, exactly, in turn with the training; weightsReady answers. The latest request wins.
    void requestWeightsAt(std::int64_t step);
    void dropWeightsRequest();
    /// The training of all runs leaves the processors to what the person looks at, for the time of one picture.
    void standAside();
    /// The same for the full state, to branch from; stateAtReady answers.
    void requestStateAt(std::int64_t step);

    /// Keeps this moment under a name; pinning again renames.
    void pin(const CheckpointPtr& checkpoint, const QString& name);
    void unpin(std::int64_t step);
    /// What the history may take.
    void setHistoryBudget(std::size_t bytes);

signals:
    void metricsExtended(int from, int to);  ///< half-open range of indices into records()
    void historyExtended(qint64 step);       ///< the newest checkpoint's step
    void latestChanged();                    ///< newer weights for the live view
    void stateChanged();
    void wasReset();
    void stateReady(std::shared_ptr<const lab::TrainingState> state);
    void weightsReady(lab::CheckpointPtr checkpoint);
    void stateAtReady(std::shared_ptr<const lab::TrainingState> state);
    void replayFailed(const QString& message);
    void pinsChanged();
    void counted();  ///< counting() is there

private:
    friend class Workspace;
    class Private;
    Run(TrainingRunPtr core, Jobs& jobs, QObject* parent);
    ~Run() override;
    void tell(const RunEvents& events);
    std::unique_ptr<Private> d;
};

}  // namespace lab
