#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <map>
#include <memory>
#include <vector>

#include "core/analysis/part_measure.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

/// What the measured parts of a run's model do at its kept steps, over some of its validation sequences. Measured beside the window, the
/// step that is looked at first, then coarse steps before fine ones, in portions; beside a training it rests as HeadHistory does.
class PartHistory : public QObject {
    Q_OBJECT

public:
    static constexpr int sampleCount = 24;            ///< sequences, as far as the run has them
    using Values = std::vector<std::vector<double>>;  ///< of each part, of each of its curves

    explicit PartHistory(QObject* parent = nullptr);

    /// What is known of the same run stays; null: nothing.
    void look(Run* run);
    /// Nothing is measured while nobody looks.
    void setWatched(bool watched);
    void watchWith(QObject& view) { view.installEventFilter(this); }
    /// This moment first, whether or not it is a kept step.
    void want(const CheckpointPtr& checkpoint);

    Run* run() const { return m_run; }
    /// Of its model, in the order of the values.
    const std::vector<const PartMeasure*>& parts() const { return m_parts; }
    /// By step.
    const std::map<std::int64_t, Values>& measured() const { return m_measured; }
    bool has(std::int64_t step) const { return m_measured.contains(step); }
    /// Nothing more comes by itself; of a run in training the curves never end.
    bool settled() const;
    QString error() const { return m_error; }

signals:
    void changed();

protected:
    bool eventFilter(QObject* view, QEvent* event) override;

private:
    struct Portion {
        std::vector<std::pair<std::int64_t, Values>> measured;
        double seconds = 0;
    };
    struct Work;
    static Portion measuredPortion(const Work& work, const LatestTask::Wanted& wanted);
    void forget();
    void plan();
    void measure();
    void take(const Portion& portion);

    QPointer<Run> m_run;
    QMetaObject::Connection m_connections[3];
    std::vector<const PartMeasure*> m_parts;
    std::shared_ptr<const std::vector<Sample>> m_samples;
    std::map<std::int64_t, Values> m_measured;
    CheckpointPtr m_wanted;
    std::vector<CheckpointPtr> m_waiting;  ///< the next one last
    bool m_complete = false, m_watched = false, m_busy = false;
    QString m_error;
    QTimer m_rest;
    LatestTask m_task{Worker::Priority::givesWay};  ///< ends first
};

}  // namespace lab
