#include "ui/runs/prediction_log.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "core/base/platform.h"
#include "core/model/decoding.h"
#include "ui/runs/gui_post.h"

namespace lab {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int restPerWork = 9;  ///< thrifty: so many times as long as the work took

struct Request {
    std::shared_ptr<const Model> model;
    std::vector<PredictionQuestion> questions;
    int topic = 0;
};

std::vector<int> predict(const std::shared_ptr<const Model>& model, const PredictionQuestion& question) {
    try {
        return answer(model, question.checkpoint->weights, question.input);
    } catch (const std::exception&) {
        return {};  // an input that this model cannot take; the input bar says why
    }
}

}  // namespace

class PredictionLog::Private {
public:
    explicit Private(PredictionLog* log) : q(log), m_thread([this] { loop(); }) {}

    ~Private() {
        {
            const std::lock_guard lock(m_mutex);
            m_stopping = true;
        }
        m_wakeUp.notify_one();
        m_thread.join();
    }

    void ask(Request request) {
        request.topic = topic;
        {
            const std::lock_guard lock(m_mutex);
            m_waiting = std::move(request);
        }
        m_wakeUp.notify_one();
    }

    void setThrifty(bool thrifty) {
        {
            const std::lock_guard lock(m_mutex);
            m_thrifty = thrifty;
        }
        m_wakeUp.notify_one();
    }

    void drop() {
        const std::lock_guard lock(m_mutex);
        m_waiting.reset();
    }

    // GUI thread
    std::vector<PredictionAnswer> answers;
    std::vector<PredictionQuestion> asked;
    int topic = 0;

private:
    void loop() {
        std::unique_lock lock(m_mutex);
        while (true) {
            m_wakeUp.wait(lock, [this] { return m_stopping || m_waiting; });
            if (m_stopping) return;
            const Request request = std::move(*m_waiting);
            m_waiting.reset();
            lock.unlock();
            const auto start = Clock::now();
            work(request);
            const auto end = Clock::now();
            lock.lock();
            deliver(request.topic);
            m_wakeUp.wait_until(lock, end + restPerWork * (end - start), [this] { return m_stopping || !m_thrifty; });
        }
    }

    void work(const Request& request) {
        cleanVectorRegisters();
        const auto known = std::move(m_answers);
        m_answers.clear();
        for (const auto& question : request.questions) {
            const auto same = std::find_if(known.begin(), known.end(), [&](const PredictionAnswer& old) {
                return m_model == request.model && old.question.checkpoint == question.checkpoint && old.question.input == question.input;
            });
            m_answers.push_back({question, same != known.end() ? same->predicted : predict(request.model, question)});
        }
        m_model = request.model;
    }

    void deliver(int answeredTopic) {
        m_post.post([this, answeredTopic, found = m_answers] {
            if (answeredTopic != topic) return;  // forgotten since
            answers = found;
            emit q->answered();
        });
    }

    PredictionLog* q;
    GuiPost m_post;
    std::shared_ptr<const Model> m_model;     // the worker's
    std::vector<PredictionAnswer> m_answers;  // the worker's
    mutable std::mutex m_mutex;
    std::condition_variable m_wakeUp;
    std::optional<Request> m_waiting;
    bool m_thrifty = false;
    bool m_stopping = false;
    std::thread m_thread;
};

PredictionLog::PredictionLog(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}
PredictionLog::~PredictionLog() = default;

void PredictionLog::ask(std::shared_ptr<const Model> model, std::vector<PredictionQuestion> questions) {
    if (questions == d->asked) return;
    d->asked = questions;
    d->ask({std::move(model), std::move(questions), 0});
}

const std::vector<PredictionAnswer>& PredictionLog::answers() const {
    return d->answers;
}

void PredictionLog::forget() {
    ++d->topic;
    d->answers.clear();
    d->asked.clear();
    d->drop();
}

void PredictionLog::setThrifty(bool thrifty) {
    d->setThrifty(thrifty);
}

bool PredictionLog::ready() const {
    return std::equal(d->answers.begin(), d->answers.end(), d->asked.begin(), d->asked.end(),
                      [](const PredictionAnswer& answer, const PredictionQuestion& asked) { return answer.question == asked; });
}

}  // namespace lab
