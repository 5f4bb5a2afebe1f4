#pragma once

#include <QElapsedTimer>
#include <deque>

#include "ui/runs/mailbox.h"
#include "ui/runs/run.h"
#include "ui/runs/training_thread.h"

namespace lab {

/// The GUI thread's side of a run.
class Run::Private {
public:
    void send(TrainingCommand command) const;
    void begin(std::shared_ptr<const TrainingState> from);
    void apply(Run& run, RunNews news);
    void addToHistory(const RunNews& news);
    void replay(std::int64_t step, ReplayPurpose purpose) const;
    void noteProgress();

    int id = 0;
    int generation = 0;
    int series = 0;
    QString name;
    std::shared_ptr<const TrainingPlan> plan;
    std::shared_ptr<const TrainingState> initial;  ///< of step 0, or where a branch began; drawn when first needed by a resumed run
    std::optional<RunOrigin> origin;
    TrainingThread* thread = nullptr;  ///< null after the workspace stopped
    Jobs* jobs = nullptr;

    State state = State::paused;
    QString message;
    double pace = 0;
    std::int64_t firstStep = 0;
    std::vector<StepRecord> records;
    History history;
    CheckpointPtr latest;

private:
    friend class Run;
    /// When how many steps were done, of the last seconds of uninterrupted training.
    struct Progress {
        qint64 milliseconds;
        std::int64_t step;
    };
    std::deque<Progress> m_progress;
    QElapsedTimer m_clock;
};

}  // namespace lab
