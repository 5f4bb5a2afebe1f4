#include "ui/runs/inspector.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "core/base/platform.h"
#include "core/config/model_config.h"
#include "core/model/decoding.h"
#include "ui/runs/gui_post.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

/// Between two looks at a growing answer; the first token is told at once.
constexpr std::chrono::milliseconds betweenLooks(33);
using Clock = std::chrono::steady_clock;

struct Request {
    std::shared_ptr<const Model> model;
    CheckpointPtr checkpoint;
    Input input;
    TraceRequest what;
    Inspector::Manner manner;
    int topic = 0;  ///< of what the person looks at; grows with each other model, input or wish

    /// Only the weights are newer: what the older one found is still a true picture on the way.
    bool continues(const Request& older) const {
        return model == older.model && input == older.input && what.intermediates == older.what.intermediates &&
               what.gradients == older.what.gradients;
    }
};

struct Look {
    std::shared_ptr<const Trace> trace;
    QString error;
};

Look lookAt(const Request& request, TraceMemory& memory) {
    try {
        return {std::make_shared<const Trace>(request.model->trace(request.checkpoint->weights, request.input, request.what, memory)), {}};
    } catch (const std::exception& error) {
        return {nullptr, shown(messageOf(error))};
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
        if (!m_newest.model || !request.continues(m_newest)) {
            ++m_topic;
            traceSeconds = answerSeconds = 0;
        }
        request.topic = m_topic;
        m_newest = request;
        {
            const std::lock_guard lock(m_mutex);
            if (m_waiting && m_waiting->topic == m_topic) request.manner.answer |= m_waiting->manner.answer;
            m_waiting = std::move(request);
        }
        m_wakeUp.notify_one();
    }

    bool busy() const {
        const std::lock_guard lock(m_mutex);
        return m_waiting || m_working;
    }

    double traceSeconds = 0, answerSeconds = 0;  // GUI thread

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
            work(request);
            lock.lock();
            m_working = false;
        }
    }

    void work(const Request& request) {
        cleanVectorRegisters();
        const double start = threadSeconds();
        const Look look = lookAt(request, m_memory);
        const double looked = threadSeconds();
        tell(request, [this, request, look, seconds = looked - start] {
            traceSeconds = seconds;
            if (look.trace)
                emit q->traceReady(request.checkpoint, request.input, look.trace);
            else
                emit q->traceFailed(look.error);
        });
        if (!look.trace || !answersByItself(request) || isOutdated(request)) return;
        try {
            const std::vector<int> said = write(request);
            if (isOutdated(request)) return;
            m_answeredModel = request.model;
            m_answeredInput = request.input;
            tell(request, [this, request, said, seconds = threadSeconds() - looked] {
                answerSeconds = seconds;
                emit q->answerReady(request.checkpoint, request.input, said);
            });
        } catch (const std::exception& error) {
            tell(request, [this, what = shown(messageOf(error))] { emit q->traceFailed(what); });
        }
    }

    /// The answer token by token. While only the weights move on, the old answer stays until the new one is whole.
    std::vector<int> write(const Request& request) {
        const bool anew = m_answeredModel.lock() != request.model || m_answeredInput != request.input;
        std::vector<int> soFar(answerLength(request), -1);
        std::optional<Clock::time_point> told;
        return answer(request.model, request.checkpoint->weights, request.input, [&](int position, int token) {
            soFar[static_cast<std::size_t>(position)] = token;
            const Clock::time_point now = Clock::now();
            if (anew && (!told || now - *told >= betweenLooks)) {
                told = now;
                tell(request, [this, request, soFar] { emit q->answerGrows(request.checkpoint, request.input, soFar); });
            }
            return !isOutdated(request);
        });
    }

    static std::size_t answerLength(const Request& request) {
        const bool twoSides = request.model->config().architecture == Architecture::encoder_decoder;
        return twoSides ? request.input.targetTokens.size() : request.input.tokens.size();
    }

    /// A decoder writes its answer token by token; what is masked or intervened in is known to the trace only.
    static bool answersByItself(const Request& request) {
        return request.manner.answer && request.model->config().architecture != Architecture::encoder && request.input.masked.empty() &&
               request.input.interventions.empty();
    }

    bool isOutdated(const Request& request) const {
        const std::lock_guard lock(m_mutex);
        return m_stopping || (m_waiting && (m_waiting->topic != request.topic || !m_waiting->manner.patient));
    }

    /// On the GUI thread, unless something else was asked since.
    template <class Emit>
    void tell(const Request& request, Emit emitIt) {
        m_post.post([this, topic = request.topic, emitIt] {
            if (topic == m_topic) emitIt();
        });
    }

    Inspector* q;
    GuiPost m_post;
    Request m_newest;                            // GUI thread
    int m_topic = 0;                             // GUI thread
    std::weak_ptr<const Model> m_answeredModel;  // worker thread, and the next one too
    Input m_answeredInput;
    TraceMemory m_memory;
    mutable std::mutex m_mutex;
    std::condition_variable m_wakeUp;
    std::optional<Request> m_waiting;
    bool m_working = false;
    bool m_stopping = false;
    std::thread m_thread;
};

Inspector::Inspector(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}
Inspector::~Inspector() = default;

void Inspector::request(std::shared_ptr<const Model> model, CheckpointPtr checkpoint, const Input& input, const TraceRequest& what,
                        const Manner& manner) {
    d->request({std::move(model), std::move(checkpoint), input, what, manner});
}

bool Inspector::busy() const {
    return d->busy();
}
double Inspector::traceSeconds() const {
    return d->traceSeconds;
}
double Inspector::answerSeconds() const {
    return d->answerSeconds;
}

}  // namespace lab
