#include "ui/runs/length_sweep.h"

#include <algorithm>

#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "ui/runs/run.h"

namespace lab {
namespace {

constexpr int fewestSequences = 16;

using LengthPoints = std::vector<LengthPoint>;

int sequencesAt(const LengthQuestion& question, int seqLen) {
    const int share = question.sequences * question.seqLens.front() / std::max(seqLen, 1);
    return std::clamp(share, std::min(fewestSequences, question.sequences), question.sequences);
}

JobKey keyOf(const LengthQuestion& question) {
    QString analysis = QStringLiteral("length-sweep %1").arg(question.sequences);
    for (const int seqLen : question.seqLens) analysis += QStringLiteral(" %1").arg(seqLen);
    for (const auto& rotation : question.rotations) {
        Experiment rotated = question.experiment;
        if (rotation) rotated.model.position.rope = *rotation;
        analysis += QLatin1Char('\n') + QString::fromStdString(writeExperiment(rotated));
    }
    return {question.run, question.checkpoint->step, question.checkpoint->step, analysis};
}

LengthPoints measure(const LengthQuestion& question, JobContext& context) {
    const int total = static_cast<int>(question.seqLens.size() * question.rotations.size());
    LengthPoints points;
    for (const int seqLen : question.seqLens) {
        for (std::size_t r = 0; r < question.rotations.size(); ++r) {
            const Experiment longer = atSequenceLength(question.experiment, seqLen, question.rotations[r]);
            const auto result = evaluateWeights(longer, question.checkpoint->weights, sequencesAt(question, seqLen),
                                                [&context] { return context.cancelled(); });
            if (!result) return points;
            points.push_back({static_cast<int>(r), seqLen, *result});
            context.tell(points.back());
            context.progress(static_cast<int>(points.size()), total);
        }
    }
    return points;
}

}  // namespace

LengthSweep::LengthSweep(QObject* parent) : QObject(parent) {}

LengthSweep::~LengthSweep() {
    if (!m_job) return;
    disconnect(m_job.get(), nullptr, this, nullptr);
    m_job->cancel();
}

void LengthSweep::start(const LengthQuestion& question) {
    if (m_job) {
        disconnect(m_job.get(), nullptr, this, nullptr);
        m_job->cancel();
    }
    m_told.clear();
    m_total = static_cast<int>(question.seqLens.size() * question.rotations.size());
    m_job = question.run->jobs().submit(tr("Answers against sequence length"), keyOf(question),
                                        [question](JobContext& context) { return measure(question, context); });
    connect(m_job.get(), &Job::partReady, this, [this](const std::any& part) { tell(std::any_cast<const LengthPoint&>(part)); });
    connect(m_job.get(), &Job::failed, this, [this](const QString& message) {
        emit failed(message);
        emit finished(false);
    });
    connect(m_job.get(), &Job::cancelled, this, [this] { emit finished(false); });
    connect(m_job.get(), &Job::finished, this, [this] {
        for (const LengthPoint& point : *m_job->result<LengthPoints>()) tell(point);  // what was known before it was asked
        emit finished(true);
    });
}

void LengthSweep::tell(const LengthPoint& point) {
    const auto same = [&point](const LengthPoint& told) { return told.rotation == point.rotation && told.seqLen == point.seqLen; };
    if (std::any_of(m_told.begin(), m_told.end(), same)) return;
    m_told.push_back(point);
    emit pointReady(point.rotation, point.seqLen, point.evaluation);
    emit progressed(static_cast<int>(m_told.size()), m_total);
}

void LengthSweep::cancel() {
    if (m_job) m_job->cancel();
}

}  // namespace lab
