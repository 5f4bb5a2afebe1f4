#pragma once

#include <QObject>
#include <QString>
#include <vector>

#include "core/training/cost_bench.h"
#include "ui/runs/jobs.h"

namespace lab {

/// Measures how long a run's model reads a token, with each pattern: one of the run's jobs, told length by length.
class CostTimer : public QObject {
    Q_OBJECT

public:
    explicit CostTimer(QObject* parent = nullptr) : QObject(parent) {}
    ~CostTimer() override;  ///< cancels

    /// Cancels what is under way.
    void start(const Run& run, const CostTiming& timing = {});
    void cancel();
    bool running() const { return m_job && !m_job->ended(); }

signals:
    void timed(const std::vector<lab::TimedCost>& ofLength);
    /// At the end; also after an error (then `failed` came first) and after cancel.
    void finished();
    void failed(const QString& message);

private:
    void leave();

    JobPtr m_job;
};

}  // namespace lab
