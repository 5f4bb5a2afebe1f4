#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lab::server {

/// Threads that do one thing after the other; what waits is bounded.
class Workers {
public:
    /// Fewer threads where the system has no more to give; throws std::system_error when it gives none.
    Workers(int threads, std::size_t queue);
    ~Workers() { end(); }

    /// Does what waits, then joins.
    void end();
    /// False when as much waits as may, and behind the end.
    bool add(std::function<void()> work);

private:
    void run();

    std::size_t m_queue;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::function<void()>> m_waiting;
    bool m_ends = false;
    std::vector<std::thread> m_threads;
};

}  // namespace lab::server
