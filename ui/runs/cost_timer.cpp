#include "ui/runs/cost_timer.h"

#include "ui/runs/run.h"

namespace lab {

CostTimer::~CostTimer() {
    leave();
}

void CostTimer::leave() {
    if (!m_job) return;
    disconnect(m_job.get(), nullptr, this, nullptr);
    m_job->cancel();
}

void CostTimer::start(const Run& run, const CostTiming& timing) {
    leave();
    const int total = static_cast<int>(timing.lengths.size());
    m_job = run.jobs().submit(tr("Time a token against length"), JobKey{&run, 0, 0, {}},
                              [model = run.model(), timing, total](JobContext& context) {
                                  int done = 0;
                                  return timeCosts(
                                      model->config(), timing, [&context] { return !context.cancelled(); },
                                      [&](const std::vector<TimedCost>& ofLength) {
                                          context.tell(ofLength);
                                          context.progress(++done, total);
                                      });
                              });
    connect(m_job.get(), &Job::partReady, this,
            [this](const std::any& part) { emit timed(std::any_cast<const std::vector<TimedCost>&>(part)); });
    connect(m_job.get(), &Job::failed, this, [this](const QString& message) {
        emit failed(message);
        emit finished();
    });
    connect(m_job.get(), &Job::cancelled, this, &CostTimer::finished);
    connect(m_job.get(), &Job::finished, this, &CostTimer::finished);
}

void CostTimer::cancel() {
    if (m_job) m_job->cancel();
}

}  // namespace lab
