#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "core/training/history.h"
#include "core/training/length_evaluation.h"

namespace lab {

/// What a length sweep is asked: these weights at each length, once for each rotation.
struct LengthQuestion {
    Experiment experiment;  ///< as trained, resolved
    CheckpointPtr checkpoint;
    std::vector<std::optional<RopeConfig>> rotations;  ///< none: as trained
    std::vector<int> seqLens;                          ///< task.seq_len
    int sequences = 64;                                ///< at the first length; longer ones get by with fewer, not below 16
};

/// A model's loss and accuracy against sequence length: a job beside the training, on one thread of its own, with progress and cancel.
class LengthSweep : public QObject {
    Q_OBJECT

public:
    explicit LengthSweep(QObject* parent = nullptr);
    ~LengthSweep() override;  ///< cancels and joins

    /// Cancels what is under way.
    void start(LengthQuestion question);
    void cancel();
    bool running() const;

signals:
    void pointReady(int rotation, int seqLen, lab::Evaluation evaluation);
    void progressed(int done, int total);
    /// At the end; also after an error (then `failed` came first) and after cancel.
    void finished(bool complete);
    void failed(const QString& message);

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
