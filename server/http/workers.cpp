#include "server/http/workers.h"

#include <system_error>
#include <utility>

#include "core/base/threads.h"

namespace lab::server {

Workers::Workers(int threads, std::size_t queue) : m_queue(queue) {
    for (int i = 0; i < threads; ++i) addThread(m_threads, [this] { run(); });
    if (m_threads.empty()) throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
}

void Workers::end() {
    {
        const std::lock_guard lock(m_mutex);
        m_ends = true;
    }
    m_changed.notify_all();
    for (std::thread& thread : m_threads) thread.join();
    m_threads.clear();
}

bool Workers::add(std::function<void()> work) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_ends || m_waiting.size() >= m_queue) return false;
        m_waiting.push_back(std::move(work));
    }
    m_changed.notify_one();
    return true;
}

void Workers::run() {
    std::unique_lock lock(m_mutex);
    while (true) {
        m_changed.wait(lock, [this] { return m_ends || !m_waiting.empty(); });
        if (m_waiting.empty()) return;
        const std::function<void()> work = std::move(m_waiting.front());
        m_waiting.pop_front();
        lock.unlock();
        work();
        lock.lock();
    }
}

}  // namespace lab::server
