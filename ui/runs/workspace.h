#pragma once

#include <QObject>
#include <memory>
#include <optional>
#include <vector>

#include "core/runs/turns.h"
#include "ui/runs/jobs.h"
#include "ui/runs/run.h"

namespace lab {

class SweepBook;
struct LoadedTask;

/// The window's skin on the open runs and the one thread that trains them all (core/runs/training_runs.h): says with Qt's signals what is
/// told there, as often as the window can draw.
class Workspace : public QObject {
    Q_OBJECT

public:
    explicit Workspace(QObject* parent = nullptr);
    ~Workspace() override;  ///< stops and joins

    /// Adds a run, paused. `start` resumes or branches; without it the initial weights are drawn. The experiment comes resolved from
    /// loadTask.
    Run* add(const LoadedTask& task, std::optional<TrainingState> start = std::nullopt);
    /// A run that begins with a moment of another one; `start` as branchState gives it.
    Run* addBranch(const LoadedTask& task, TrainingState start, const RunOrigin& origin);
    /// One more like it, at the weights where it began.
    Run* addAgain(const Run& run);
    void remove(Run* run);
    const std::vector<Run*>& runs() const;

    // Of all runs that can: those that are done or failed stay as they are.
    void trainAll();
    void pauseAll();
    bool anyTraining() const;
    bool anyPaused() const;
    /// What runs that train together get the same of; what each of them computes does not depend on it.
    Turns turns() const;
    void setTurns(Turns turns);

    /// The queue for slow analyses of the runs.
    Jobs& jobs() const;

    /// The sweep that is open beside the runs.
    SweepBook& sweepBook() const;

    /// What the histories of all runs together may take; divided among them evenly.
    std::size_t historyBudget() const;
    void setHistoryBudget(std::size_t bytes);

    /// While minimised the mailbox is emptied less often.
    void setWatched(bool watched);

    /// Stops after the step under way and joins: nothing trains any more, runs keep what they have told. For the end of the program; then
    /// finalState() is exact.
    void stop();
    /// The full state of a run after stop().
    std::shared_ptr<const TrainingState> finalState(const Run* run) const;

signals:
    void runAdded(lab::Run* run);
    void runAboutToBeRemoved(lab::Run* run);
    void runRemoved();  ///< runs() no longer has it
    void turnsChanged();

private:
    Run* adopt(const TrainingRunPtr& core);
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
