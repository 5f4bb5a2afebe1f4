#include "ui/runs/latest_task.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "core/base/platform.h"
#include "ui/runs/gui_post.h"

namespace lab {

class LatestTask::Private {
public:
    using Work = std::function<std::function<void()>(const Wanted&)>;

    Private() : m_thread([this] { loop(); }) {}

    ~Private() {
        {
            const std::lock_guard lock(m_mutex);
            m_stopping = true;
        }
        m_wakeUp.notify_one();
        m_thread.join();
    }

    void request(Work work) {
        ++m_newest;
        {
            const std::lock_guard lock(m_mutex);
            m_waiting = std::pair(m_newest, std::move(work));
        }
        m_wakeUp.notify_one();
    }

    bool busy() const {
        const std::lock_guard lock(m_mutex);
        return m_waiting || m_working;
    }

private:
    bool isWanted() const {
        const std::lock_guard lock(m_mutex);
        return !m_stopping && !m_waiting;
    }

    void loop() {
        std::unique_lock lock(m_mutex);
        while (true) {
            m_wakeUp.wait(lock, [this] { return m_stopping || m_waiting; });
            if (m_stopping) return;
            const auto [number, work] = std::move(*m_waiting);
            m_waiting.reset();
            m_working = true;
            lock.unlock();
            cleanVectorRegisters();
            const std::function<void()> deliver = work([this] { return isWanted(); });
            m_post.post([this, number = number, deliver] {
                if (number == m_newest && deliver) deliver();
            });
            lock.lock();
            m_working = false;
        }
    }

    GuiPost m_post;
    int m_newest = 0;  // GUI thread
    mutable std::mutex m_mutex;
    std::condition_variable m_wakeUp;
    std::optional<std::pair<int, Work>> m_waiting;
    bool m_working = false;
    bool m_stopping = false;
    std::thread m_thread;
};

LatestTask::LatestTask(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {}
LatestTask::~LatestTask() = default;

void LatestTask::request(std::function<std::function<void()>()> work) {
    d->request([work = std::move(work)](const Wanted&) { return work(); });
}
void LatestTask::request(std::function<std::function<void()>(const Wanted&)> work) {
    d->request(std::move(work));
}
bool LatestTask::busy() const {
    return d->busy();
}

}  // namespace lab
