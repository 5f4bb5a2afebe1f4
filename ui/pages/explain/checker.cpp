#include "ui/pages/explain/checker.h"

#include "core/explain/twin.h"

namespace lab {

void Checker::Answer::ask(const explain::Question& other) {
    const std::shared_ptr<const Weights> weights(checkpoint, &checkpoint->weights);
    const auto walkOf = [&](const explain::NumberSource& numbers) {
        return std::make_shared<const explain::Walk>(explain::buildWalk(model, weights, numbers, other));
    };
    question = other;
    walk = walkOf(explain::NumberSource(trace));
    twinWalk = walkOf(explain::NumberSource(twin));
}

Checker::Checker(QObject* parent) : QObject(parent) {}

void Checker::request(std::shared_ptr<const Model> model, CheckpointPtr checkpoint, const explain::Question& asked,
                      std::shared_ptr<const Trace> trace) {
    if (trace == m_answer.trace || trace == m_asked) return;
    m_asked = trace;
    m_worker.follow(
        [this, answer = Answer{std::move(model), std::move(checkpoint), asked, std::move(trace), nullptr, nullptr, nullptr}](
            Worker::Context& context) mutable {
            answer.twin = explain::twinTrace(*answer.model, answer.checkpoint->weights, answer.question.input, answer.question.answerCost);
            answer.ask(answer.question);
            context.tell([this, answer] {
                m_answer = answer;
                emit answered();
            });
        },
        [this](const Message&) { m_asked.reset(); });  // it may be asked again
}

}  // namespace lab
