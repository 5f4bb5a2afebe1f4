#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/analysis/head_formation.h"
#include "core/analysis/head_metrics.h"
#include "ui/runs/jobs.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

/// The metrics of every head at the kept steps of a run, on one input. Measured beside the window, coarse steps first, in portions, so that
/// a curve stands at once and grows finer; a run in training is measured on at a tenth of one processor, at full speed a fortieth. What
/// takes longer than a portion is listed among the run's jobs, where it can be cancelled.
class HeadHistory : public QObject {
    Q_OBJECT

public:
    explicit HeadHistory(QObject* parent = nullptr);
    ~HeadHistory() override;

    /// What to measure; what is known of the same run and input stays.
    void look(Run* run, const Input& input);
    /// Nothing is measured while nobody looks.
    void setWatched(bool watched);
    /// Watched as long as this widget is shown.
    void watchWith(QObject& view) { view.installEventFilter(this); }

    bool empty() const { return m_measured.empty(); }
    /// Every kept step is measured, as far as the curve reaches.
    bool complete() const { return m_complete; }
    /// Complete, or nothing more comes by itself; the curves of a run in training are never at an end.
    bool settled() const;
    /// How many kept steps are still to be measured before it is complete.
    int pending() const { return m_pending; }
    QString error() const { return m_error; }
    /// Cancelled by the person: what is missing stays missing until goOn(), or until there is another run or input.
    bool stopped() const { return m_stopped; }
    void goOn();

    /// While it is listed among the run's jobs; else null.
    const JobPtr& job() const { return m_job; }

    /// Ascending.
    std::vector<std::int64_t> steps() const;
    /// Of one head, in the order of Model::attentionBlocks(), at those steps.
    std::vector<double> values(int head, HeadMetric metric) const;
    /// Nothing while incomplete, where no step between beginning and end is kept, and for a run whose loss is still that of guessing: what
    /// its heads do came by chance.
    std::optional<Formation> formation(int head, HeadMetric metric) const;
    /// The kept step from which on the head is named by this share as it is at the end (headKind). Nothing while incomplete, and where
    /// another or none names it.
    std::optional<std::int64_t> namedFrom(int head, HeadMetric metric) const;

signals:
    void changed();
    /// job() was listed.
    void announced();

protected:
    bool eventFilter(QObject* view, QEvent* event) override;

private:
    using Measures = std::vector<HeadMetrics>;
    struct Portion {
        std::vector<std::pair<std::int64_t, Measures>> measured;
        double seconds = 0;
    };
    bool runGuesses() const;
    void forget();
    void plan();
    void measure();
    void take(const Portion& portion);
    void tellJobs(double secondsLeft);
    void withdrawJob();
    void stop();

    QPointer<Run> m_run;
    QMetaObject::Connection m_reset;
    Input m_input;
    std::map<std::int64_t, Measures> m_measured;
    std::vector<CheckpointPtr> m_waiting;  ///< the next one last
    int m_pending = 0;
    bool m_complete = false;
    bool m_watched = false;
    bool m_busy = false;
    bool m_stopped = false;
    QString m_error;
    JobPtr m_job;
    QTimer m_rest;
    LatestTask m_task;
};

}  // namespace lab
