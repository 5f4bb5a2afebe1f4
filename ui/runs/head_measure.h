#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <vector>

#include "core/analysis/head_metrics.h"
#include "core/tasks/task_config.h"
#include "ui/runs/latest_task.h"

namespace lab {

/// The metrics of every head of the newest trace, off the GUI thread: long sequences have millions of weights. One trace at a time; of
/// those that come meanwhile only the newest is measured.
class HeadMeasure : public QObject {
    Q_OBJECT

public:
    explicit HeadMeasure(QObject* parent = nullptr);
    ~HeadMeasure() override;

    /// Null forgets. `follows`: traces of a training come one after another; numbers and words made of them change no more often than
    /// they can be read.
    void look(std::shared_ptr<const Model> model, const TaskConfig& task, std::shared_ptr<const Trace> trace, std::int64_t step,
              bool follows = false);
    /// Of the newest trace that is measured, in the order of Model::attentionBlocks(); empty before the first of this model.
    const std::vector<HeadMetrics>& metrics() const { return m_metrics; }
    /// The trace they were measured on.
    const std::shared_ptr<const Trace>& trace() const { return m_trace; }
    std::int64_t step() const { return m_step; }

signals:
    void measured();

private:
    struct Wish {
        std::shared_ptr<const Model> model;
        TaskConfig task;
        std::shared_ptr<const Trace> trace;
        std::int64_t step = 0;
    };
    void measure();

    bool m_follows = false;
    QTimer m_rests;
    Wish m_wanted;
    std::shared_ptr<const Trace> m_asked;
    std::shared_ptr<const Trace> m_trace;
    std::int64_t m_step = 0;
    std::vector<HeadMetrics> m_metrics;
    bool m_busy = false;
    LatestTask m_task;
};

}  // namespace lab
