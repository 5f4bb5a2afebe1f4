#include "ui/runs/longrope_job.h"

#include <atomic>
#include <thread>

#include "ui/runs/gui_post.h"

namespace lab {

class LongRopeJob::Private {
public:
    explicit Private(LongRopeJob* job) : q(job) {}
    ~Private() { stop(); }

    void start(LongRopeQuestion question) {
        stop();
        m_cancelled = false;
        m_running = true;
        m_thread = std::thread([this, generation = ++m_generation, question = std::move(question)] { work(generation, question); });
    }

    void stop() {
        m_cancelled = true;
        if (m_thread.joinable()) m_thread.join();
        m_running = false;
    }

    void cancel() { m_cancelled = true; }
    bool running() const { return m_running; }

private:
    /// On the GUI thread, unless another search was started since.
    template <class Emit>
    void tell(int generation, Emit emitIt) {
        m_post.post([this, generation, emitIt] {
            if (generation == m_generation) emitIt();
        });
    }

    void work(int generation, const LongRopeQuestion& question) {
        bool complete = false;
        try {
            const ModelConfig& model = question.experiment.model;
            const auto starts = longRopeStarts(model.position.rope, model.head_dim(), question.originalLength, question.factor);
            const auto loss = longRopeLoss(question.experiment, question.checkpoint->weights, question.originalLength, question.factor,
                                           [this] { return m_cancelled.load(); });
            const int total = question.budget.evaluations();
            complete = searchLongRope(starts, question.factor, question.budget, loss, [&](int done, const LongRopeCandidate& best) {
                           tell(generation, [this, done, total, best] { emit q->progressed(done, total, best); });
                       }).has_value();
        } catch (const std::exception& error) {
            tell(generation, [this, message = QString::fromUtf8(error.what())] { emit q->failed(message); });
        }
        tell(generation, [this, complete] {
            m_running = false;
            emit q->finished(complete);
        });
    }

    LongRopeJob* q;
    GuiPost m_post;
    std::thread m_thread;
    std::atomic<bool> m_cancelled{false};
    bool m_running = false;  // GUI thread
    int m_generation = 0;    // GUI thread; read by the worker only as its own copy
};

LongRopeJob::LongRopeJob(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}
LongRopeJob::~LongRopeJob() = default;

void LongRopeJob::start(LongRopeQuestion question) {
    d->start(std::move(question));
}
void LongRopeJob::cancel() {
    d->cancel();
}
bool LongRopeJob::running() const {
    return d->running();
}

}  // namespace lab
