#include "ui/pages/explain/checker.h"

#include <QThreadPool>
#include <optional>

#include "core/base/platform.h"
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

class Checker::Private {
public:
    QThreadPool pool;               // one thread; its destructor waits
    std::optional<Answer> waiting;  ///< a question: without its twin
    std::shared_ptr<const Trace> running;
    Answer answer;
};

Checker::Checker(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {
    d->pool.setMaxThreadCount(1);
    d->pool.setThreadPriority(QThread::LowPriority);
}

Checker::~Checker() {
    d->pool.waitForDone();
}

const Checker::Answer& Checker::answer() const {
    return d->answer;
}

void Checker::request(std::shared_ptr<const Model> model, CheckpointPtr checkpoint, const explain::Question& asked,
                      std::shared_ptr<const Trace> trace) {
    if (trace == d->answer.trace || trace == d->running) return;
    Answer next{std::move(model), std::move(checkpoint), asked, std::move(trace), nullptr, nullptr, nullptr};
    if (d->running) {
        d->waiting = std::move(next);
        return;
    }
    d->running = next.trace;
    d->pool.start([this, answer = std::move(next)]() mutable {
        cleanVectorRegisters();
        answer.twin = explain::twinTrace(*answer.model, answer.checkpoint->weights, answer.question.input);
        answer.ask(answer.question);
        // The destructor waits for this job, so `this` lives; what is queued for a dead object is dropped.
        QMetaObject::invokeMethod(
            this,
            [this, answer = std::move(answer)] {
                d->answer = answer;
                d->running.reset();
                if (const auto waiting = std::exchange(d->waiting, std::nullopt))
                    request(waiting->model, waiting->checkpoint, waiting->question, waiting->trace);
                emit answered();
            },
            Qt::QueuedConnection);
    });
}

}  // namespace lab
