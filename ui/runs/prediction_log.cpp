#include "ui/runs/prediction_log.h"

#include <algorithm>
#include <utility>

#include "core/config/model_config.h"
#include "core/model/decoding.h"
#include "core/runs/budget.h"
#include "core/runs/worker.h"
#include "ui/runs/gui_post.h"

namespace lab {
namespace {

/// Of vectors: nothing is written, one pass answers everywhere.
void predictByTrace(const Model& model, PredictionAnswer& answer) {
    const Trace trace = model.trace(answer.question.checkpoint->weights, answer.question.input, {.intermediates = false});
    answer.predicted = predictions(trace);
    if (model.config().answersNumbers()) answer.numbers = trace.at("logits").values;
    if (const Tensor* loss = trace.find("loss"); loss && !loss->values.empty()) answer.loss = loss->values.front();
}

PredictionAnswer predict(const std::shared_ptr<const Model>& model, const PredictionQuestion& question) {
    PredictionAnswer result{question, {}};
    try {
        if (model->config().readsVectors())
            predictByTrace(*model, result);
        else
            result.predicted = answer(model, question.checkpoint->weights, question.input);
    } catch (const std::exception&) {
        // an input that this model cannot take; the input bar says why
    }
    return result;
}

}  // namespace

class PredictionLog::Private {
public:
    explicit Private(PredictionLog* log) : q(log) {}

    void ask(std::shared_ptr<const Model> model) {
        const auto work = [this, model = std::move(model), questions = asked](Worker::Context& context) {
            answer(model, questions);
            context.tell([this, found = m_answers] {
                answers = found;
                emit q->answered();
            });
        };
        worker.follow(work, [this](const Message&) { asked.clear(); });  // it may be asked again
    }

    // GUI thread
    std::vector<PredictionAnswer> answers;
    std::vector<PredictionQuestion> asked;

private:
    void answer(const std::shared_ptr<const Model>& model, const std::vector<PredictionQuestion>& questions) {
        const auto known = std::exchange(m_answers, {});
        for (const auto& question : questions) {
            const auto same = std::find_if(known.begin(), known.end(), [&](const PredictionAnswer& old) {
                return m_model == model && old.question.checkpoint == question.checkpoint && old.question.input == question.input;
            });
            m_answers.push_back(same != known.end() ? *same : predict(model, question));
            m_answers.back().question = question;
        }
        m_model = model;
    }

    PredictionLog* q;
    GuiPost m_post;
    std::shared_ptr<const Model> m_model;     // the worker's
    std::vector<PredictionAnswer> m_answers;  // the worker's

public:
    Worker worker{m_post.poster()};  // ends first
};

PredictionLog::PredictionLog(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}
PredictionLog::~PredictionLog() = default;

void PredictionLog::ask(std::shared_ptr<const Model> model, std::vector<PredictionQuestion> questions) {
    if (questions == d->asked) return;
    d->asked = std::move(questions);
    d->ask(std::move(model));
}

const std::vector<PredictionAnswer>& PredictionLog::answers() const {
    return d->answers;
}

void PredictionLog::forget() {
    d->worker.cancel();
    d->answers.clear();
    d->asked.clear();
}

void PredictionLog::setThrifty(bool thrifty) {
    d->worker.setRest(thrifty ? budget::restPerWork : 0);
}

bool PredictionLog::ready() const {
    return std::equal(d->answers.begin(), d->answers.end(), d->asked.begin(), d->asked.end(),
                      [](const PredictionAnswer& answer, const PredictionQuestion& asked) { return answer.question == asked; });
}

}  // namespace lab
