#pragma once

#include <QObject>
#include <QString>
#include <optional>
#include <vector>

#include "core/config/experiment.h"
#include "core/training/history.h"
#include "core/training/length_evaluation.h"
#include "ui/runs/jobs.h"

namespace lab {

/// What a length sweep is asked: these weights at each length, once for each rotation.
struct LengthQuestion {
    const Run* run = nullptr;  ///< whose weights they are
    Experiment experiment;     ///< as trained, resolved
    CheckpointPtr checkpoint;
    std::vector<std::optional<RopeConfig>> rotations;  ///< none: as trained
    std::vector<int> seqLens;                          ///< task.seq_len
    int sequences = 64;                                ///< at the first length; longer ones get by with fewer, not below 16
};

struct LengthPoint {
    int rotation = 0;  ///< index into LengthQuestion::rotations
    int seqLen = 0;
    Evaluation evaluation;
};

/// A model's loss, and what is measured beside it, against sequence length: one of the run's jobs, told point by point.
class LengthSweep : public QObject {
    Q_OBJECT

public:
    explicit LengthSweep(QObject* parent = nullptr);
    ~LengthSweep() override;  ///< cancels

    /// Cancels what is under way. The same question about the same weights is answered from what is known.
    void start(const LengthQuestion& question);
    void cancel();
    bool running() const { return m_job && !m_job->ended(); }
    /// The latest; null before the first one.
    const JobPtr& job() const { return m_job; }

signals:
    void pointReady(int rotation, int seqLen, lab::Evaluation evaluation);
    void progressed(int done, int total);
    /// At the end; also after an error (then `failed` came first) and after cancel.
    void finished(bool complete);
    void failed(const QString& message);

private:
    void tell(const LengthPoint& point);

    JobPtr m_job;
    std::vector<LengthPoint> m_told;
    int m_total = 0;
};

}  // namespace lab
