#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <map>
#include <memory>
#include <vector>

#include "core/codes/code_report.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

/// What a run's code was worth at its kept steps, over the test set. Measured beside the window, coarse steps first, in portions, so that a
/// curve stands at once and grows finer; beside a training it rests as all that measures does.
class CodeHistory : public QObject {
    Q_OBJECT

public:
    explicit CodeHistory(QObject* parent = nullptr);

    /// Of a run with a bottleneck; what is known of the same run stays. Null: nothing.
    void look(Run* run);
    /// Nothing is measured while nobody looks.
    void setWatched(bool watched);
    void watchWith(QObject& view) { view.installEventFilter(this); }
    /// Ends what is under way until goOn(); false: nothing was.
    bool stop();
    void goOn();
    bool stopped() const { return m_stopped; }

    /// In the order of their steps.
    const std::vector<codes::CodePoint>& points() const { return m_points; }
    int kept() const;                                                         ///< steps that there are
    int done() const { return kept() - static_cast<int>(m_waiting.size()); }  ///< of these
    bool measuring() const { return m_busy || m_rest.isActive(); }
    /// Every kept step is measured.
    bool complete() const { return m_run && m_waiting.empty() && !m_busy && !m_points.empty(); }
    /// Nothing more comes by itself; the curves of a run in training are never at an end.
    bool settled() const;
    QString error() const { return m_error; }
    void setQuestion(const codes::CodeQuestion& question) { m_question = question; }
    const codes::CodeQuestion& question() const { return m_question; }

signals:
    void changed();

protected:
    bool eventFilter(QObject* view, QEvent* event) override;

private:
    struct Portion {
        std::shared_ptr<const codes::SequenceSet> set;
        std::vector<codes::CodePoint> measured;
        double seconds = 0;
    };
    struct Work;
    static Portion measuredPortion(Work work, const LatestTask::Wanted& wanted);
    bool isMeasured(std::int64_t step) const;
    void forget();
    void plan();
    void measure();
    void take(const Portion& portion);

    QPointer<Run> m_run;
    QMetaObject::Connection m_connections[3];
    codes::CodeQuestion m_question;
    std::shared_ptr<const codes::SequenceSet> m_set;  ///< null: not drawn yet
    std::vector<codes::CodePoint> m_points;
    std::vector<CheckpointPtr> m_waiting;  ///< the next one last
    bool m_watched = false, m_busy = false, m_stopped = false;
    QString m_error;
    QTimer m_rest;
    LatestTask m_task{Worker::Priority::givesWay};  ///< ends first
};

}  // namespace lab
