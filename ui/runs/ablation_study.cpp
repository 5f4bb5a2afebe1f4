#include "ui/runs/ablation_study.h"

#include <algorithm>
#include <chrono>

#include "core/data/dataset.h"
#include "core/runs/budget.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int mostSamples = 64, fewestSamples = 8;
constexpr int tokensInAll = 4096;

struct AblatedAnswer {
    std::vector<int> classes;
    std::vector<float> numbers;  ///< of a model that answers numbers
};

AblatedAnswer answerTo(const Model& model, const Weights& weights, Input input, const std::vector<Intervention>& interventions) {
    input.interventions = interventions;
    try {
        const Trace trace = model.trace(weights, input, {.intermediates = false});
        return {predictions(trace), model.config().answersNumbers() ? trace.at("logits").values : std::vector<float>()};
    } catch (const std::exception&) {
        return {};  // an input that this model cannot take; the input bar says why
    }
}

}  // namespace

AblationStudy::AblationStudy(QObject* parent) : QObject(parent) {
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &AblationStudy::ask);
}

AblationStudy::~AblationStudy() {
    cancelRanking();
}

/// The samples are the first of the validation set; fewer of long ones.
void AblationStudy::meet(Run* run) {
    if (run == m_run) return;
    disconnect(m_reset);
    m_run = run;
    forget();
    m_samples.reset();
    if (!run) return;
    m_reset = connect(run, &Run::wasReset, this, &AblationStudy::forget);
    const Dataset& data = *run->dataset();
    m_ofValidation = data.validationSize() > 0;
    const int size = m_ofValidation ? data.validationSize() : data.trainSize();
    auto samples = std::make_shared<std::vector<Sample>>();
    int tokens = 0;
    for (int i = 0; i < std::min(size, mostSamples) && (tokens < tokensInAll || i < fewestSamples); ++i) {
        samples->push_back(m_ofValidation ? data.validationSample(i) : data.trainSample(i));
        tokens += static_cast<int>(samples->back().tokens.size() + samples->back().targetTokens.size());
    }
    m_samples = std::move(samples);
}

void AblationStudy::forget() {
    m_task.cancel();
    cancelRanking();
    m_rest.stop();
    m_busy = false;
    m_outcome.reset();
    m_asked = {};
    m_job.reset();
    m_ranking = {};
    emit changed();
}

void AblationStudy::look(Run* run, const CheckpointPtr& checkpoint, const Input& input, const std::vector<Intervention>& interventions) {
    meet(run);
    m_wanted = {checkpoint, input, interventions};
    m_wanted.input.interventions.clear();
    // The hand is answered at once; only newer weights of a run in training wait.
    const bool byHand = m_wanted.interventions != m_asked.interventions || m_wanted.input != m_asked.input;
    if (byHand) m_rest.stop();
    if (!m_rest.isActive()) ask();
}

void AblationStudy::ask() {
    if (m_busy || !m_run || !m_wanted.checkpoint || m_wanted == m_asked) return;
    m_busy = true;
    m_asked = m_wanted;
    Outcome outcome;
    outcome.step = m_asked.checkpoint->step;
    outcome.interventions = m_asked.interventions;
    outcome.input = m_asked.input;
    m_task.request(
        [this, model = m_run->model(), samples = m_samples, checkpoint = m_asked.checkpoint,
         outcome](const LatestTask::Wanted& wanted) -> LatestTask::Found {
            const auto start = Clock::now();
            AblationJudge judge(*model, checkpoint->weights, *samples);
            const auto score = [&](const std::vector<Intervention>& interventions) {
                return judge.score(interventions, [&wanted] { return !wanted(); });
            };
            const bool same = outcome.interventions.empty();
            const auto unchanged = score({}), changed = same ? unchanged : score(outcome.interventions);
            if (!unchanged || !changed) return {};
            Outcome found = outcome;
            found.unchanged = *unchanged;
            found.changed = *changed;
            const AblatedAnswer was = answerTo(*model, checkpoint->weights, found.input, {});
            const AblatedAnswer is = same ? was : answerTo(*model, checkpoint->weights, found.input, found.interventions);
            found.answer = was.classes, found.changedAnswer = is.classes;
            found.numbers = was.numbers, found.changedNumbers = is.numbers;
            const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
            return [this, found, seconds] { take(found, seconds); };
        },
        [this, outcome](const QString& error) mutable {
            outcome.error = error;
            take(outcome, 0);
        });
}

void AblationStudy::take(const Outcome& outcome, double seconds) {
    m_busy = false;
    m_outcome = outcome;
    if (m_run && m_run->state() == Run::State::training) m_rest.start(budget::restAfter(seconds));
    emit changed();
    if (!m_rest.isActive() || m_wanted.interventions != m_asked.interventions || m_wanted.input != m_asked.input) ask();
}

int AblationStudy::Ranking::done() const {
    int count = whole ? 1 : 0;
    for (const Entry& entry : entries) count += (entry.off ? 1 : 0) + (entry.uniform ? 1 : 0);
    return count;
}

void AblationStudy::rank(Run* run, const CheckpointPtr& checkpoint) {
    meet(run);
    if (!run || !checkpoint || m_samples->empty()) return;
    cancelRanking();
    m_ranking = {checkpoint->step, {}, {}};
    for (const AblationSubject& subject : ablationSubjects(*run->model())) m_ranking.entries.push_back({subject, {}, {}});
    m_job = run->jobs().submit(tr("Rank heads at step %1").arg(checkpoint->step), {run, checkpoint->step, checkpoint->step, "rank-heads"},
                               [model = run->model(), samples = m_samples, checkpoint, ranking = m_ranking](JobContext& context) {
                                   return measured(*model, *checkpoint, *samples, ranking, context);
                               });
    connect(m_job.get(), &Job::partReady, this, [this](const std::any& part) {
        m_ranking = std::any_cast<const Ranking&>(part);
        emit changed();
    });
    connect(m_job.get(), &Job::finished, this, [this, job = m_job.get()] { m_ranking = *job->result<Ranking>(); });
    connect(m_job.get(), &Job::changed, this, &AblationStudy::changed);
    emit changed();
}

/// The model as it is, then each subject off and uniform.
AblationStudy::Ranking AblationStudy::measured(const Model& model, const Checkpoint& checkpoint, const std::vector<Sample>& samples,
                                               Ranking ranking, JobContext& context) {
    AblationJudge judge(model, checkpoint.weights, samples);
    const auto score = [&](const std::vector<Intervention>& interventions) {
        return judge.score(interventions, [&context] { return context.cancelled(); });
    };
    ranking.whole = score({});
    for (Entry& entry : ranking.entries) {
        entry.off = score(ablationOf(model, entry.subject, Intervention::Kind::headOff));
        entry.uniform = score(ablationOf(model, entry.subject, Intervention::Kind::headUniform));
        if (context.cancelled()) break;
        context.tell(ranking);
        context.progress(ranking.done(), ranking.total());
    }
    return ranking;
}

void AblationStudy::cancelRanking() {
    if (ranking()) m_job->cancel();
}

QString AblationStudy::rankingError() const {
    return m_job && m_job->state() == Job::State::failed ? m_job->message() : QString();
}

}  // namespace lab
