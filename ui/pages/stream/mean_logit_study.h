#pragma once

#include <QObject>
#include <QPointer>
#include <memory>

#include "core/stream/attribution.h"
#include "ui/runs/jobs.h"
#include "ui/runs/run.h"

namespace lab {

/// What the true answers of many inputs that a run is validated on are made of at one position, as a mean. A job beside the window.
class MeanLogitStudy : public QObject {
    Q_OBJECT

public:
    explicit MeanLogitStudy(QObject* parent = nullptr);
    ~MeanLogitStudy() override;

    struct Found {
        Attribution mean;
        int inputs = 0;
    };
    /// Measures what was not measured of this run at this position; newer weights of a run in training wait for measure(). Null forgets.
    void look(Run* run, const CheckpointPtr& checkpoint, int position, LogitQuestion::Against against);
    /// With the weights looked at last.
    void measure();
    /// What is there stays.
    void stop();

    /// As far as it is measured; null before.
    const std::shared_ptr<const Found>& found() const { return m_found; }
    LogitQuestion::Against against() const { return m_against; }
    int position() const { return m_position; }
    std::int64_t step() const { return m_step; }
    int done() const { return m_job ? m_job->done() : 0; }
    int total() const { return m_total; }
    bool measuring() const { return m_job && !m_job->ended(); }
    /// Some of the inputs, or other weights than those looked at, are missing.
    bool lacksSome() const;
    /// Why there is nothing.
    QString error() const;

signals:
    void changed();

private:
    void letGo();

    QPointer<Run> m_run;
    CheckpointPtr m_checkpoint;
    int m_position = -1;
    LogitQuestion::Against m_against = LogitQuestion::Against::mean;
    std::shared_ptr<const Found> m_found;
    std::int64_t m_step = -1;
    int m_total = 0;
    QString m_lack;
    JobPtr m_job;
};

}  // namespace lab
