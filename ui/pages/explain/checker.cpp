#include "ui/pages/explain/checker.h"

#include <QThreadPool>
#include <optional>

#include "core/analysis/explain/twin.h"

namespace lab {

class Checker::Private {
public:
    struct Question {
        std::shared_ptr<const Model> model;
        CheckpointPtr checkpoint;
        Input input;
        std::shared_ptr<const Trace> trace;
    };

    QThreadPool pool;  // one thread; its destructor waits
    std::optional<Question> waiting;
    std::shared_ptr<const Trace> running, answeredTrace;
    std::shared_ptr<const explain::DoubleTrace> twin;
};

Checker::Checker(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {
    d->pool.setMaxThreadCount(1);
    d->pool.setThreadPriority(QThread::LowPriority);
}

Checker::~Checker() {
    d->pool.waitForDone();
}

std::shared_ptr<const explain::DoubleTrace> Checker::twin() const {
    return d->twin;
}

std::shared_ptr<const Trace> Checker::trace() const {
    return d->answeredTrace;
}

void Checker::request(std::shared_ptr<const Model> model, CheckpointPtr checkpoint, const Input& input,
                      std::shared_ptr<const Trace> trace) {
    if (trace == d->answeredTrace || trace == d->running) return;
    if (d->running) {
        d->waiting = Private::Question{std::move(model), std::move(checkpoint), input, std::move(trace)};
        return;
    }
    d->running = trace;
    d->pool.start([this, model = std::move(model), checkpoint = std::move(checkpoint), input, trace = std::move(trace)] {
        auto twin = explain::twinTrace(*model, checkpoint->weights, input);
        // The destructor waits for this job, so `this` lives; what is queued for a dead object is dropped.
        QMetaObject::invokeMethod(
            this,
            [this, trace, twin] {
                d->twin = twin;
                d->answeredTrace = trace;
                d->running.reset();
                if (const auto next = std::exchange(d->waiting, std::nullopt))
                    request(next->model, next->checkpoint, next->input, next->trace);
                emit answered();
            },
            Qt::QueuedConnection);
    });
}

}  // namespace lab
