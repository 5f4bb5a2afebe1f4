#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <map>
#include <vector>

#include "core/incontext/similarity.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

/// How near a run comes to a method at its kept steps, on the same prompts. Measured beside the window, coarse steps first, in portions, so
/// that a curve stands at once and grows finer; beside a training it rests as all that measures does.
class SimilarityHistory : public QObject {
    Q_OBJECT

public:
    explicit SimilarityHistory(QObject* parent = nullptr);

    /// What is known of the same run and method stays; null: nothing.
    void look(Run* run, const Method& method);
    /// Nothing is measured while nobody looks.
    void setWatched(bool watched);
    void watchWith(QObject& view) { view.installEventFilter(this); }

    /// By step.
    const std::map<std::int64_t, Similarity>& measured() const { return m_measured; }
    /// Every kept step is measured, or nothing more comes by itself; the curves of a run in training are never at an end.
    bool settled() const;
    int pending() const { return static_cast<int>(m_waiting.size()); }
    QString error() const { return m_error; }
    /// How many prompts; for tests.
    void setPrompts(int prompts) { m_prompts = prompts; }

signals:
    void changed();

protected:
    bool eventFilter(QObject* view, QEvent* event) override;

private:
    struct Portion {
        std::vector<std::pair<std::int64_t, Similarity>> measured;
        double seconds = 0;
    };
    void forget();
    void plan();
    void measure();
    void take(const Portion& portion);

    QPointer<Run> m_run;
    QMetaObject::Connection m_connections[2];
    Method m_method;
    std::map<std::int64_t, Similarity> m_measured;
    std::vector<CheckpointPtr> m_waiting;  ///< the next one last
    int m_prompts = 100;
    bool m_watched = false, m_busy = false;
    QString m_error;
    QTimer m_rest;
    LatestTask m_task{Worker::Priority::givesWay};  ///< ends first
};

}  // namespace lab
