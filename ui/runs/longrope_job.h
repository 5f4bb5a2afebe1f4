#pragma once

#include <QObject>
#include <QString>
#include <memory>

#include "core/training/history.h"
#include "core/training/longrope_search.h"

namespace lab {

/// What a search for LongRoPE's factors is asked.
struct LongRopeQuestion {
    Experiment experiment;     ///< as trained, resolved
    CheckpointPtr checkpoint;  ///< whose loss decides
    int originalLength = 0;    ///< tokens of a training sequence
    double factor = 1;
    LongRopeBudget budget;
};

/// The search beside the training, on one thread of its own, with progress and cancel.
class LongRopeJob : public QObject {
    Q_OBJECT

public:
    explicit LongRopeJob(QObject* parent = nullptr);
    ~LongRopeJob() override;  ///< cancels and joins

    /// Cancels what is under way.
    void start(LongRopeQuestion question);
    void cancel();
    bool running() const;

signals:
    void progressed(int done, int total, const lab::LongRopeCandidate& best);
    /// At the end; also after an error (then `failed` came first) and after cancel.
    void finished(bool complete);
    void failed(const QString& message);

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
