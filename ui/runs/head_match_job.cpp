#include "ui/runs/head_match_job.h"

#include "core/base/errors.h"
#include "core/model/abandonable_trace.h"
#include "core/runs/budget.h"

namespace lab {
namespace {

std::shared_ptr<const HeadMatching> match(const HeadMatchQuestion& question, const std::vector<Input>& inputs,
                                          const Worker::Context& context) {
    auto matching = std::make_shared<HeadMatching>(*question.a, *question.b);
    const auto unwanted = [&context] { return context.cancelled(); };
    try {
        for (const Input& input : inputs) {
            const auto traceA = traceUnlessAbandoned(*question.a, question.weightsA->weights, input, unwanted);
            const auto traceB = traceA ? traceUnlessAbandoned(*question.b, question.weightsB->weights, input, unwanted) : std::nullopt;
            if (!traceB) return nullptr;
            matching->add(*traceA, *traceB);
        }
    } catch (const InputError&) {
        return nullptr;
    }
    return matching;
}

}  // namespace

HeadMatchJob::HeadMatchJob(QObject* parent) : QObject(parent) {}

void HeadMatchJob::setThrifty(bool thrifty) {
    m_worker.setRest(thrifty ? budget::restPerWork : 0);
}

void HeadMatchJob::ask(std::vector<HeadMatchQuestion> questions, std::vector<Input> inputs) {
    if (questions == m_asked && inputs == m_askedInputs) return;
    m_asked = std::move(questions);
    m_askedInputs = std::move(inputs);
    m_worker.follow(
        [this, asked = m_asked, inputs = m_askedInputs, number = ++m_number](Worker::Context& context) {
            std::vector<HeadMatchAnswer> answers;
            for (const HeadMatchQuestion& question : asked) answers.push_back({question, match(question, inputs, context)});
            context.tell([this, answers, number] {
                m_answers = answers;
                m_answered = number;
                emit answered();
            });
        },
        [this](const Message&) { m_asked.clear(); });  // it may be asked again
}

}  // namespace lab
