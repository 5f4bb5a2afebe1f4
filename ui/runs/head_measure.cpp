#include "ui/runs/head_measure.h"

#include "core/runs/budget.h"
#include "core/tasks/task_config.h"

namespace lab {

HeadMeasure::HeadMeasure(QObject* parent) : QObject(parent) {
    m_rests.setSingleShot(true);
    m_rests.setInterval(budget::reading);
    connect(&m_rests, &QTimer::timeout, this, &HeadMeasure::measure);
}
HeadMeasure::~HeadMeasure() = default;

void HeadMeasure::look(std::shared_ptr<const Model> model, const TaskConfig& task, std::shared_ptr<const Trace> trace, std::int64_t step,
                       bool follows) {
    m_follows = follows;
    if (model != m_wanted.model) {
        m_metrics.clear();
        m_trace.reset();
    }
    m_wanted = {std::move(model), task, std::move(trace), step};
    measure();
}

void HeadMeasure::measure() {
    if (m_busy || !m_wanted.trace || m_wanted.trace == m_asked || (m_follows && m_rests.isActive())) return;
    m_busy = true;
    m_rests.start();
    m_asked = m_wanted.trace;
    m_task.request(
        [this, wish = m_wanted]() -> LatestTask::Found {
            const auto metrics = std::make_shared<const std::vector<HeadMetrics>>(allHeadMetrics(*wish.model, wish.task, *wish.trace));
            return [this, wish, metrics] {
                m_busy = false;
                if (wish.model == m_wanted.model) {
                    m_metrics = *metrics;
                    m_trace = wish.trace;
                    m_step = wish.step;
                    emit measured();
                }
                measure();
            };
        },
        [this](const QString&) { m_busy = false; });  // the next trace is measured
}

}  // namespace lab
