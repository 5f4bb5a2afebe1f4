#include "ui/pages/stream/lens_study.h"

#include <chrono>

#include "core/base/errors.h"
#include "core/runs/budget.h"
#include "core/stream/patch_pair.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

using Clock = std::chrono::steady_clock;

/// The likeliest at the last place that is not the answer.
int rivalAt(const Lens& lens, int position) {
    const LensReading& last = lens.at(static_cast<int>(lens.states.places.size()) - 1, position);
    for (const LikelyClass& share : last.likeliest)
        if (share.id != last.top) return share.id;
    return last.top;
}

LogitQuestion logitOf(const Lens& lens, const Input& input, const LensQuestion& asked) {
    LogitQuestion question;
    question.position = asked.position >= 0 && asked.position < lens.states.positions ? asked.position : lastAsked(input);
    question.answer = lens.at(static_cast<int>(lens.states.places.size()) - 1, question.position).top;
    question.against = asked.againstOther ? LogitQuestion::Against::other : LogitQuestion::Against::mean;
    question.other = asked.other >= 0 && asked.other < lens.states.classes && asked.other != question.answer
                         ? asked.other
                         : rivalAt(lens, question.position);
    question.split = asked.split;
    return question;
}

}  // namespace

/// Passes and the lens of the last question: another position or another head needs neither the weights prepared nor all places read again.
class LensStudy::Work {
public:
    std::shared_ptr<const Found> answer(const std::shared_ptr<const Model>& model, const Asked& asked, Worker::Context& context,
                                        const std::function<void(int, int)>& placeRead) {
        m_context = &context;
        auto found = std::make_shared<Found>();
        found->step = asked.checkpoint->step;
        found->input = asked.input;
        try {
            prepare(model, asked, placeRead);
            found->lens = m_lens;
            found->question = logitOf(*m_lens, asked.input, asked.question);
            found->course = depthCourse(*m_runs, *m_lens, found->question.position);
        } catch (const InputError& error) {
            found->error = shown(error.message());
            return found;
        }
        try {
            found->attribution = attributionOf(*m_runs, asked.input, found->question);
        } catch (const InputError& error) {
            found->attributionError = shown(error.message());
        }
        return found;
    }

private:
    void prepare(const std::shared_ptr<const Model>& model, const Asked& asked, const std::function<void(int, int)>& placeRead) {
        if (model != m_model || asked.checkpoint != m_checkpoint) {
            m_lens.reset();
            m_runs.reset();
            m_model = model;
            m_checkpoint = asked.checkpoint;
            m_runs = std::make_unique<StreamRuns>(*m_model, m_checkpoint->weights, [this] { return m_context->cancelled(); });
        }
        if (m_lens && asked.input == m_input) return;
        m_lens.reset();
        m_lens = std::make_shared<const Lens>(lensOf(*m_runs, asked.input, placeRead));
        m_input = asked.input;
    }

    Worker::Context* m_context = nullptr;  ///< of the question that is being answered
    std::shared_ptr<const Model> m_model;
    CheckpointPtr m_checkpoint;
    std::unique_ptr<StreamRuns> m_runs;
    Input m_input;
    std::shared_ptr<const Lens> m_lens;
};

LensStudy::LensStudy(QObject* parent) : QObject(parent), m_work(std::make_shared<Work>()) {
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &LensStudy::ask);
}

LensStudy::~LensStudy() = default;

void LensStudy::forget() {
    m_task.cancel();
    m_rest.stop();
    m_busy = false;
    m_placesRead = {};
    m_wanted = m_asked = {};
    m_found.reset();
    m_run = nullptr;
}

void LensStudy::look(Run* run, const CheckpointPtr& checkpoint, const Input& input, const LensQuestion& question) {
    if (run != m_run) {
        disconnect(m_reset);
        forget();
        m_run = run;
        if (run) m_reset = connect(run, &Run::wasReset, this, &LensStudy::forget);
    }
    m_wanted = {checkpoint, input, question};
    // The hand is answered at once; only newer weights of a run in training wait.
    const bool byHand = !run || run->state() != Run::State::training || m_wanted.input != m_asked.input || !(question == m_asked.question);
    if (byHand && m_wanted != m_asked) {
        m_rest.stop();
        m_busy = false;
    }
    if (!m_rest.isActive()) ask();
}

void LensStudy::ask() {
    if (m_busy || !m_run || !m_wanted.checkpoint || m_wanted == m_asked) return;
    m_busy = true;
    m_asked = m_wanted;
    m_task.requestTold(
        [this, work = m_work, model = m_run->model(), asked = m_asked](Worker::Context& context) -> LatestTask::Found {
            const auto start = Clock::now();
            auto told = start;
            const auto placeRead = [&](int read, int all) {
                if (Clock::now() - told < budget::timeline) return;
                told = Clock::now();
                context.tell([this, read, all] { takeProgress(read, all); });
            };
            const std::shared_ptr<const Found> found = work->answer(model, asked, context, placeRead);
            const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
            return [this, found, seconds] { take(found, seconds); };
        },
        [this, step = m_asked.checkpoint->step, input = m_asked.input](const QString& error) {
            auto found = std::make_shared<Found>();
            found->step = step;
            found->input = input;
            found->error = error;
            take(found, 0);
        });
}

void LensStudy::takeProgress(int read, int all) {
    m_placesRead = {read, all};
    emit changed();
}

void LensStudy::take(std::shared_ptr<const Found> found, double seconds) {
    m_busy = false;
    m_placesRead = {};
    m_found = std::move(found);
    if (m_run && m_run->state() == Run::State::training) m_rest.start(budget::restAfter(seconds));
    emit changed();
    if (!m_rest.isActive()) ask();
}

}  // namespace lab
