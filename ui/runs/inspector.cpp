#include "ui/runs/inspector.h"

#include <atomic>
#include <utility>

#include "core/base/platform.h"
#include "core/config/model_config.h"
#include "core/model/decoding.h"
#include "core/runs/worker.h"
#include "ui/runs/gui_post.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

struct Request {
    std::shared_ptr<const Model> model;
    CheckpointPtr checkpoint;
    Input input;
    TraceRequest what;
    Inspector::Manner manner;
    int number = 0;

    /// Only the weights are newer: what the older one found is still a true picture on the way.
    bool continues(const Request& older) const {
        return model == older.model && input == older.input && what.intermediates == older.what.intermediates &&
               what.gradients == older.what.gradients && what.cost == older.what.cost;
    }
    std::size_t answerLength() const {
        const bool twoSides = model->config().architecture == Architecture::encoder_decoder;
        return twoSides ? input.targetTokens.size() : input.tokens.size();
    }
    /// A decoder writes its answer token by token; what is masked or intervened in is known to the trace only.
    bool isAnsweredByItself() const { return manner.answer && !traceAnswers(model->config(), input); }
};

}  // namespace

bool traceAnswers(const ModelConfig& model, const Input& input) {
    return model.architecture == Architecture::encoder || model.readsVectors() || !input.masked.empty() || !input.interventions.empty();
}

class Inspector::Private {
public:
    explicit Private(Inspector* inspector) : q(inspector) {}

    void request(Request request) {
        const bool continues = m_newest.model && request.continues(m_newest);
        if (!continues) traceSeconds = answerSeconds = 0;
        if (continues && !m_ticket->begun()) request.manner.answer |= m_newest.manner.answer;  // of the one that this one replaces
        request.number = m_newest.number + 1;
        if (!request.manner.patient) m_impatient = request.number;
        m_newest = request;
        const auto work = [this, request = std::move(request)](Worker::Context& context) { look(request, context); };
        const auto failed = [this](const Message& why) { emit q->traceFailed(shown(why)); };
        m_ticket = continues ? m_worker.follow(work, failed) : m_worker.request(work, failed);
    }

    bool busy() const { return m_worker.busy(); }

    double traceSeconds = 0, answerSeconds = 0;  // GUI thread

private:
    void look(const Request& request, Worker::Context& context) {
        const double start = threadSeconds();
        const std::shared_ptr<const Weights> weights(request.checkpoint, &request.checkpoint->weights);
        const auto trace = std::make_shared<const Trace>(traceOnDemand(request.model, weights, request.input, request.what, m_memory));
        const double looked = threadSeconds();
        context.tell([this, request, trace, seconds = looked - start] {
            traceSeconds = seconds;
            emit q->traceReady(request.checkpoint, request.input, trace);
        });
        if (!request.isAnsweredByItself() || isOutdated(request, context)) return;
        const std::vector<int> said = write(request, context);
        if (isOutdated(request, context)) return;
        m_answeredModel = request.model;
        m_answeredInput = request.input;
        context.tell([this, request, said, seconds = threadSeconds() - looked] {
            answerSeconds = seconds;
            emit q->answerReady(request.checkpoint, request.input, said);
        });
    }

    /// The answer token by token. While only the weights move on, the old answer stays until the new one is whole.
    std::vector<int> write(const Request& request, Worker::Context& context) {
        const bool anew = m_answeredModel.lock() != request.model || m_answeredInput != request.input;
        std::vector<int> soFar(request.answerLength(), -1);
        return answer(request.model, request.checkpoint->weights, request.input, [&](int position, int token) {
            soFar[static_cast<std::size_t>(position)] = token;
            if (anew) context.progress([this, request, soFar] { emit q->answerGrows(request.checkpoint, request.input, soFar); });
            return !isOutdated(request, context);
        });
    }

    bool isOutdated(const Request& request, const Worker::Context& context) const {
        return context.cancelled() || m_impatient > request.number;
    }

    Inspector* q;
    GuiPost m_post;
    Request m_newest;                            // GUI thread
    Worker::TicketPtr m_ticket;                  // GUI thread; of the newest
    std::atomic<int> m_impatient{0};             // the newest that does not wait for an older one's answer
    std::weak_ptr<const Model> m_answeredModel;  // worker thread, and the next one too
    Input m_answeredInput;
    TraceMemory m_memory;
    Worker m_worker{m_post.poster()};  // ends first
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
