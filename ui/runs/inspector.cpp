#include "ui/runs/inspector.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace lab {
namespace {

struct Request {
    std::shared_ptr<const Model> model;
    CheckpointPtr checkpoint;
    Input input;
    TraceRequest what;
    int topic = 0;  ///< of what the person looks at; grows with each other model, input or wish

    /// Only the weights are newer: what the older one found is still a true picture on the way.
    bool continues(const Request& older) const {
        return model == older.model && input == older.input && what.intermediates == older.what.intermediates &&
               what.gradients == older.what.gradients;
    }
};

struct Answer {
    std::shared_ptr<const Trace> trace;
    QString error;
};

Answer answerTo(const Request& request) {
    try {
        return {std::make_shared<const Trace>(request.model->trace(request.checkpoint->weights, request.input, request.what)), {}};
    } catch (const std::exception& error) {
        return {nullptr, QString::fromUtf8(error.what())};
    }
}

}  // namespace

class Inspector::Private {
public:
    explicit Private(Inspector* inspector) : q(inspector), m_thread([this] { loop(); }) {}

    ~Private() {
        {
            const std::lock_guard lock(m_mutex);
            m_stopping = true;
        }
        m_wakeUp.notify_one();
        m_thread.join();
    }

    void request(Request request) {
        if (!m_newest.model || !request.continues(m_newest)) ++m_topic;
        request.topic = m_topic;
        m_newest = request;
        {
            const std::lock_guard lock(m_mutex);
            m_waiting = std::move(request);
        }
        m_wakeUp.notify_one();
    }

    bool busy() const {
        const std::lock_guard lock(m_mutex);
        return m_waiting || m_working;
    }

    double lastSeconds = 0;  // GUI thread

private:
    void loop() {
        std::unique_lock lock(m_mutex);
        while (true) {
            m_wakeUp.wait(lock, [this] { return m_stopping || m_waiting; });
            if (m_stopping) return;
            const Request request = std::move(*m_waiting);
            m_waiting.reset();
            m_working = true;
            lock.unlock();
            const auto start = std::chrono::steady_clock::now();
            Answer answer = answerTo(request);
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            lock.lock();
            m_working = false;
            deliver(request, std::move(answer), seconds);
        }
    }

    void deliver(const Request& request, Answer answer, double seconds) {
        const auto tell = [this, request, answer = std::move(answer), seconds] {
            if (request.topic != m_topic) return;  // asked something else since
            lastSeconds = seconds;
            if (answer.trace)
                emit q->traceReady(request.checkpoint, request.input, answer.trace);
            else
                emit q->traceFailed(answer.error);
        };
        QMetaObject::invokeMethod(q, tell, Qt::QueuedConnection);
    }

    Inspector* q;
    Request m_newest;  // GUI thread
    int m_topic = 0;   // GUI thread
    mutable std::mutex m_mutex;
    std::condition_variable m_wakeUp;
    std::optional<Request> m_waiting;
    bool m_working = false;
    bool m_stopping = false;
    std::thread m_thread;
};

Inspector::Inspector(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}
Inspector::~Inspector() = default;

void Inspector::request(std::shared_ptr<const Model> model, CheckpointPtr checkpoint, const Input& input, const TraceRequest& what) {
    d->request({std::move(model), std::move(checkpoint), input, what});
}

bool Inspector::busy() const {
    return d->busy();
}
double Inspector::lastSeconds() const {
    return d->lastSeconds;
}

}  // namespace lab
