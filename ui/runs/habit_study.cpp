#include "ui/runs/habit_study.h"

#include <algorithm>

#include "core/config/experiment.h"
#include "core/data/sentences_dataset.h"
#include "core/data/tokenizers/token_roles.h"
#include "ui/runs/validation_inputs.h"

namespace lab {
namespace {

constexpr int mostInputs = 200;
constexpr std::size_t fewestInputs = 8, tokensOfAll = 1 << 13, longestSentence = 64;
constexpr int tellEvery = 5;  ///< inputs

bool readsBuiltInSentences(const Run& run) {
    const Experiment& experiment = run.experiment();
    return experiment.task.kind == "sentences" && experiment.task.text.sentences.empty();
}

/// Fewer of long ones.
std::vector<Input> inputsFor(const Run& run) {
    std::vector<Input> inputs;
    const ModelConfig& model = run.experiment().model;
    if (readsBuiltInSentences(run)) {
        const std::size_t longest =
            model.isBounded() ? std::min<std::size_t>(longestSentence, static_cast<std::size_t>(*model.max_seq_len)) : longestSentence;
        for (std::vector<int>& tokens : usualSentences(run.dataset()->tokenizer(), longest))
            inputs.emplace_back().tokens = std::move(tokens);
        if (!inputs.empty()) return inputs;
    }
    std::size_t tokens = 0;
    for (Sample& sample : firstSamples(*run.dataset(), mostInputs)) {
        tokens += sample.tokens.size() + sample.targetTokens.size();
        if (tokens > tokensOfAll && inputs.size() >= fewestInputs) break;
        Input& input = inputs.emplace_back();
        input.tokens = std::move(sample.tokens);
        input.targetTokens = std::move(sample.targetTokens);
        input.vectors = std::move(sample.vectors);
    }
    return inputs;
}

}  // namespace

HabitStudy::HabitStudy(QObject* parent) : QObject(parent) {}

HabitStudy::~HabitStudy() {
    if (m_job) disconnect(m_job.get(), nullptr, this, nullptr);
    stop();
}

void HabitStudy::look(Run* run, const CheckpointPtr& checkpoint) {
    const bool other = run != m_run;
    const bool moved = checkpoint != m_checkpoint;
    if (other) {
        stop();
        m_job.reset();
        m_run = run;
        m_known = {};
        m_step = -1;
        m_total = 0;
    }
    m_checkpoint = checkpoint;
    if (run && checkpoint && m_step < 0)
        measure();
    else if (other || moved)
        emit changed();
}

void HabitStudy::measure() {
    if (!m_run || !m_checkpoint || m_run->model()->attentionBlocks().empty()) return;
    stop();
    if (m_job) disconnect(m_job.get(), nullptr, this, nullptr);
    const auto inputs = std::make_shared<const std::vector<Input>>(inputsFor(*m_run));
    m_ofSentences = m_run->experiment().task.kind == "sentences";
    m_total = static_cast<int>(inputs->size());
    m_step = m_checkpoint->step;
    m_known = {};
    m_job = m_run->jobs().submit(tr("What heads usually do, step %1").arg(m_step), {m_run, m_step, m_step, "head-habits"},
                                 [model = m_run->model(), data = m_run->dataset(), checkpoint = m_checkpoint, inputs](JobContext& context) {
                                     SurveyQuestion question;
                                     question.special = [&data](const std::vector<int>& tokens) {
                                         return tokenRoles(data->tokenizer(), tokens).special;
                                     };
                                     question.cancelled = [&context] { return context.cancelled(); };
                                     question.told = [&](const HeadSurveyor& soFar) {
                                         context.progress(soFar.inputs(), static_cast<int>(inputs->size()));
                                         if (soFar.inputs() % tellEvery == 0) context.tell(soFar.survey());
                                     };
                                     return surveyHeads(*model, checkpoint->weights, *inputs, question);
                                 });
    connect(m_job.get(), &Job::partReady, this, [this](const std::any& part) {
        m_known = std::any_cast<const HeadSurvey&>(part);
        emit changed();
    });
    connect(m_job.get(), &Job::finished, this, [this, job = m_job.get()] { m_known = *job->result<HeadSurvey>(); });
    connect(m_job.get(), &Job::changed, this, &HabitStudy::changed);
    emit changed();
}

void HabitStudy::stop() {
    if (measuring()) m_job->cancel();
}

}  // namespace lab
