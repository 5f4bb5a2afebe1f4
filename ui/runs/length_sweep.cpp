#include "ui/runs/length_sweep.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "ui/runs/gui_post.h"

namespace lab {
namespace {

constexpr int fewestSequences = 16;

int sequencesAt(const LengthQuestion& question, int seqLen) {
    const int share = question.sequences * question.seqLens.front() / std::max(seqLen, 1);
    return std::clamp(share, std::min(fewestSequences, question.sequences), question.sequences);
}

}  // namespace

class LengthSweep::Private {
public:
    explicit Private(LengthSweep* sweep) : q(sweep) {}
    ~Private() { stop(); }

    void start(LengthQuestion question) {
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
    /// On the GUI thread, unless another sweep was started since.
    template <class Emit>
    void tell(int generation, Emit emitIt) {
        m_post.post([this, generation, emitIt] {
            if (generation == m_generation) emitIt();
        });
    }

    void work(int generation, const LengthQuestion& question) {
        const int total = static_cast<int>(question.seqLens.size() * question.rotations.size());
        int done = 0;
        try {
            for (const int seqLen : question.seqLens) {
                for (int r = 0; r < static_cast<int>(question.rotations.size()); ++r) {
                    const Experiment longer =
                        atSequenceLength(question.experiment, seqLen, question.rotations[static_cast<std::size_t>(r)]);
                    const auto result = evaluateWeights(longer, question.checkpoint->weights, sequencesAt(question, seqLen),
                                                        [this] { return m_cancelled.load(); });
                    if (!result) return end(generation, false);
                    ++done;
                    tell(generation, [this, r, seqLen, evaluation = *result, done, total] {
                        emit q->pointReady(r, seqLen, evaluation);
                        emit q->progressed(done, total);
                    });
                }
            }
            end(generation, true);
        } catch (const std::exception& error) {
            tell(generation, [this, message = QString::fromUtf8(error.what())] { emit q->failed(message); });
            end(generation, false);
        }
    }

    void end(int generation, bool complete) {
        tell(generation, [this, complete] {
            m_running = false;
            emit q->finished(complete);
        });
    }

    LengthSweep* q;
    GuiPost m_post;
    std::thread m_thread;
    std::atomic<bool> m_cancelled{false};
    bool m_running = false;  // GUI thread
    int m_generation = 0;    // GUI thread; read by the worker only as its own copy
};

LengthSweep::LengthSweep(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}
LengthSweep::~LengthSweep() = default;

void LengthSweep::start(LengthQuestion question) {
    d->start(std::move(question));
}
void LengthSweep::cancel() {
    d->cancel();
}
bool LengthSweep::running() const {
    return d->running();
}

}  // namespace lab
