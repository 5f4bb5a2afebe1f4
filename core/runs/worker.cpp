#include "core/runs/worker.h"

#include <chrono>
#include <utility>

#include "core/base/errors.h"
#include "core/base/platform.h"
#include "core/runs/budget.h"

namespace lab {
namespace {

using Clock = std::chrono::steady_clock;

/// Of the exception in hand.
Message sentenceOfException() {
    try {
        throw;
    } catch (const std::exception& error) {
        return messageOf(error);
    } catch (...) {
        return LAB_TEXT("worker", "It ended with an error of an unknown kind.");
    }
}

}  // namespace

Worker::Worker(Post post, Priority priority) : m_post(std::move(post)), m_priority(priority) {}

Worker::~Worker() {
    cancel();
    if (!m_thread.joinable()) return;
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wakeUp.notify_one();
    m_thread.join();
}

Worker::TicketPtr Worker::enqueue(Work work, Failed failed) {
    return put(std::move(work), std::move(failed), false);
}

Worker::TicketPtr Worker::follow(Work work, Failed failed) {
    return put(std::move(work), std::move(failed), true);
}

Worker::TicketPtr Worker::request(Work work, Failed failed) {
    cancel();
    return put(std::move(work), std::move(failed), true);
}

Worker::TicketPtr Worker::put(Work work, Failed failed, bool inPlace) {
    const auto ticket = std::make_shared<Ticket>(m_void);
    std::deque<Entry> replaced;  // released without the lock
    {
        const std::lock_guard lock(m_mutex);
        if (inPlace) replaced.swap(m_waiting);
        m_waiting.push_back({ticket, std::move(work), std::move(failed)});
    }
    if (!m_thread.joinable()) m_thread = std::thread([this] { loop(); });
    m_wakeUp.notify_one();
    return ticket;
}

void Worker::cancel() {
    *m_void = true;
    m_void = std::make_shared<std::atomic<bool>>(false);
    std::deque<Entry> dropped;
    const std::lock_guard lock(m_mutex);
    dropped.swap(m_waiting);
}

bool Worker::busy() const {
    const std::lock_guard lock(m_mutex);
    return m_working || !m_waiting.empty();
}

void Worker::wait() {
    std::unique_lock lock(m_mutex);
    m_idle.wait(lock, [this] { return !m_working && m_waiting.empty(); });
}

void Worker::setRest(double perWork) {
    {
        const std::lock_guard lock(m_mutex);
        m_restPerWork = perWork;
    }
    m_wakeUp.notify_one();
}

void Worker::loop() {
    if (m_priority == Priority::givesWay) giveWayToOtherThreads();
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wakeUp.wait(lock, [this] { return m_stopping || !m_waiting.empty(); });
        if (m_stopping) return;
        m_working = true;
        const Clock::time_point begin = Clock::now();
        {
            const Entry entry = std::move(m_waiting.front());
            m_waiting.pop_front();
            lock.unlock();
            run(entry);
        }  // what it held is released before anybody finds the worker idle
        const Clock::time_point end = Clock::now();
        lock.lock();
        m_working = false;
        m_idle.notify_all();
        const auto rest = std::chrono::duration_cast<Clock::duration>(m_restPerWork * (end - begin));
        m_wakeUp.wait_until(lock, end + rest, [this] { return m_stopping || m_restPerWork <= 0; });
    }
}

void Worker::run(const Entry& entry) {
    if (entry.ticket->cancelled()) return;
    entry.ticket->m_begun = true;
    cleanVectorRegisters();
    Context context(m_post, entry.ticket);
    try {
        entry.work(context);
    } catch (...) {
        if (entry.failed) context.tell([failed = entry.failed, what = sentenceOfException()] { failed(what); });
    }
}

void Worker::Context::tell(std::function<void()> function) const {
    m_post([ticket = m_ticket, function = std::move(function)] {
        if (function && !ticket->cancelled()) function();
    });
}

struct Worker::Context::News {
    std::mutex mutex;
    std::function<void()> newest;  ///< on its way while there is one
};

void Worker::Context::progress(std::function<void()> function, bool now) {
    const Clock::time_point time = Clock::now();
    if (!now && time - m_told < budget::frame) return;
    m_told = time;
    if (!m_news) m_news = std::make_shared<News>();
    {
        const std::lock_guard lock(m_news->mutex);
        if (std::exchange(m_news->newest, std::move(function))) return;
    }
    tell([news = m_news] {
        std::function<void()> newest;
        {
            const std::lock_guard lock(news->mutex);
            newest = std::exchange(news->newest, nullptr);
        }
        newest();
    });
}

}  // namespace lab
