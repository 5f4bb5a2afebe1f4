#pragma once

#include <QObject>
#include <QString>

#include "core/config/experiment.h"
#include "core/training/history.h"
#include "core/training/longrope_search.h"
#include "ui/runs/jobs.h"

namespace lab {

/// What a search for LongRoPE's factors is asked.
struct LongRopeQuestion {
    const Run* run = nullptr;  ///< whose weights they are
    Experiment experiment;     ///< as trained, resolved
    CheckpointPtr checkpoint;  ///< whose loss decides
    int originalLength = 0;    ///< tokens of a training sequence
    double factor = 1;
    LongRopeBudget budget;
};

/// The search as one of the run's jobs, told candidate by candidate.
class LongRopeJob : public QObject {
    Q_OBJECT

public:
    explicit LongRopeJob(QObject* parent = nullptr);
    ~LongRopeJob() override;  ///< cancels

    /// Cancels what is under way.
    void start(const LongRopeQuestion& question);
    void cancel();
    bool running() const { return m_job && !m_job->ended(); }

signals:
    void progressed(int done, int total, const lab::LongRopeCandidate& best);
    /// At the end; also after an error (then `failed` came first) and after cancel.
    void finished(bool complete);
    void failed(const QString& message);

private:
    void leave();

    JobPtr m_job;
};

}  // namespace lab
