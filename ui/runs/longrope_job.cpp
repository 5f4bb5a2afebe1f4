#include "ui/runs/longrope_job.h"

#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "ui/runs/run.h"

namespace lab {
namespace {

struct Progress {
    int done = 0;
    LongRopeCandidate best;
};

JobKey keyOf(const LongRopeQuestion& question) {
    const LongRopeBudget& budget = question.budget;
    const QString analysis = QStringLiteral("longrope %1 of %2, %3 %4\n")
                                 .arg(question.factor)
                                 .arg(question.originalLength)
                                 .arg(budget.evaluations())
                                 .arg(budget.seed) +
                             QString::fromStdString(writeExperiment(question.experiment));
    return {question.run, question.checkpoint->step, question.checkpoint->step, analysis};
}

LongRopeCandidate search(const LongRopeQuestion& question, JobContext& context) {
    const ModelConfig& model = question.experiment.model;
    const int total = question.budget.evaluations();
    const auto starts = longRopeStarts(model.position.rope, model.headDim(), question.originalLength, question.factor);
    const auto loss = longRopeLoss(question.experiment, question.checkpoint->weights, question.originalLength, question.factor,
                                   [&context] { return context.cancelled(); });
    const auto told = [&](int done, const LongRopeCandidate& best) {
        context.tell(Progress{done, best});
        context.progress(done, total);
    };
    return searchLongRope(starts, question.factor, question.budget, loss, told).value_or(LongRopeCandidate{});
}

}  // namespace

LongRopeJob::LongRopeJob(QObject* parent) : QObject(parent) {}

LongRopeJob::~LongRopeJob() {
    leave();
}

void LongRopeJob::leave() {
    if (!m_job) return;
    disconnect(m_job.get(), nullptr, this, nullptr);
    m_job->cancel();
}

void LongRopeJob::start(const LongRopeQuestion& question) {
    leave();
    const int total = question.budget.evaluations();
    m_job = question.run->jobs().submit(tr("LongRoPE\u2019s factors for %1 times the length").arg(question.factor), keyOf(question),
                                        [question](JobContext& context) { return search(question, context); });
    connect(m_job.get(), &Job::partReady, this, [this, total](const std::any& part) {
        const auto& progress = std::any_cast<const Progress&>(part);
        emit progressed(progress.done, total, progress.best);
    });
    connect(m_job.get(), &Job::failed, this, [this](const QString& message) {
        emit failed(message);
        emit finished(false);
    });
    connect(m_job.get(), &Job::cancelled, this, [this] { emit finished(false); });
    connect(m_job.get(), &Job::finished, this, [this, total] {
        emit progressed(total, total, *m_job->result<LongRopeCandidate>());  // known before it was asked, perhaps
        emit finished(true);
    });
}

void LongRopeJob::cancel() {
    if (m_job) m_job->cancel();
}

}  // namespace lab
