#include "ui/pages/stream/mean_logit_study.h"

#include "core/base/errors.h"
#include "core/model/sample_input.h"
#include "core/runs/budget.h"
#include "ui/runs/validation_inputs.h"

namespace lab {
namespace {

constexpr int mostMeanInputs = 100;

/// Those of which something is asked at the position.
std::vector<Input> inputsAskedAt(const Dataset& data, int position) {
    std::vector<Input> inputs;
    for (const Sample& sample : firstSamples(data, mostMeanInputs)) {
        const auto at = static_cast<std::size_t>(position);
        if (at < sample.targets.size() && sample.targets[at] >= 0) inputs.push_back(inputOf(sample));
    }
    return inputs;
}

}  // namespace

MeanLogitStudy::MeanLogitStudy(QObject* parent) : QObject(parent) {}

MeanLogitStudy::~MeanLogitStudy() {
    letGo();
}

/// Nothing more is heard of a job that is no longer wanted.
void MeanLogitStudy::letGo() {
    if (!m_job) return;
    disconnect(m_job.get(), nullptr, this, nullptr);
    if (measuring()) m_job->cancel();
    m_job.reset();
}

bool MeanLogitStudy::lacksSome() const {
    return m_lack.isEmpty() && m_checkpoint && (!m_found || m_found->inputs < m_total || m_step != m_checkpoint->step);
}

QString MeanLogitStudy::error() const {
    return m_job && m_job->state() == Job::State::failed ? m_job->message() : m_lack;
}

void MeanLogitStudy::look(Run* run, const CheckpointPtr& checkpoint, int position, LogitQuestion::Against against) {
    const bool other = run != m_run || position != m_position || against != m_against;
    const bool moved = checkpoint != m_checkpoint && run && run->state() != Run::State::training;
    m_run = run;
    m_checkpoint = checkpoint;
    m_position = position;
    m_against = against;
    if (!other && !moved) return;
    if (other) m_found.reset();
    measure();
}

void MeanLogitStudy::measure() {
    letGo();
    m_lack.clear();
    m_total = 0;
    if (!m_run || !m_checkpoint || m_position < 0) return m_found.reset();
    const auto inputs = std::make_shared<const std::vector<Input>>(inputsAskedAt(*m_run->dataset(), m_position));
    m_step = m_checkpoint->step;
    m_total = static_cast<int>(inputs->size());
    if (inputs->empty()) {
        m_found.reset();
        m_lack = tr("No input that is validated on is asked anything at position %1").arg(m_position);
        return;
    }
    const QString key = QStringLiteral("mean-logit %1 %2").arg(m_position).arg(static_cast<int>(m_against));
    m_job = m_run->jobs().submit(
        tr("What made the logits at position %1, step %2").arg(m_position).arg(m_step), {m_run, m_step, m_step, key},
        [model = m_run->model(), checkpoint = m_checkpoint, inputs, position = m_position, against = m_against](JobContext& context) {
            const StreamRuns runs(*model, checkpoint->weights, [&context] { return context.cancelled(); });
            AttributionMean mean;
            auto told = std::chrono::steady_clock::now();
            for (const Input& input : *inputs) {
                runs.goOn();
                mean.add(attributionOf(runs, input, *trueAnswerAt(runs, input, position, against)));
                context.progress(mean.count(), static_cast<int>(inputs->size()));
                if (std::chrono::steady_clock::now() - told < budget::timeline) continue;
                told = std::chrono::steady_clock::now();
                context.tell(Found{mean.mean(), mean.count()});
            }
            return Found{mean.mean(), mean.count()};
        });
    connect(m_job.get(), &Job::partReady, this, [this](const std::any& part) {
        m_found = std::make_shared<const Found>(std::any_cast<const Found&>(part));
        emit changed();
    });
    connect(m_job.get(), &Job::finished, this, [this, job = m_job.get()] { m_found = job->result<Found>(); });
    connect(m_job.get(), &Job::changed, this, &MeanLogitStudy::changed);
}

void MeanLogitStudy::stop() {
    if (measuring()) m_job->cancel();
}

}  // namespace lab
