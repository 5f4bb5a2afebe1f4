#include "ui/pages/explain/checker.h"

#include <QThreadPool>
#include <optional>

#include "core/analysis/explain/twin.h"

namespace lab {
namespace {

void complete(Checker::Answer& answer) {
    const std::shared_ptr<const Weights> weights(answer.checkpoint, &answer.checkpoint->weights);
    const auto walkOf = [&](const explain::NumberSource& numbers) {
        return std::make_shared<const explain::Walk>(explain::buildWalk(answer.model, weights, numbers, answer.question));
    };
    answer.twin = explain::twinTrace(*answer.model, *weights, answer.question.input);
    answer.walk = walkOf(explain::NumberSource(answer.trace));
    answer.twinWalk = walkOf(explain::NumberSource(answer.twin));
}

}  // namespace

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
    Answer question{std::move(model), std::move(checkpoint), asked, std::move(trace), nullptr, nullptr, nullptr};
    if (d->running) {
        d->waiting = std::move(question);
        return;
    }
    d->running = question.trace;
    d->pool.start([this, question = std::move(question)]() mutable {
        complete(question);
        // The destructor waits for this job, so `this` lives; what is queued for a dead object is dropped.
        QMetaObject::invokeMethod(
            this,
            [this, answer = std::move(question)] {
                d->answer = answer;
                d->running.reset();
                if (const auto next = std::exchange(d->waiting, std::nullopt))
                    request(next->model, next->checkpoint, next->question, next->trace);
                emit answered();
            },
            Qt::QueuedConnection);
    });
}

}  // namespace lab
