#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace lab {

/// A thread that is told things, without Qt's event loop: what is posted runs here, in order, while the test waits for something.
class OwnerThread {
public:
    auto post() {
        return [this](std::function<void()> function) {
            {
                const std::lock_guard lock(m_mutex);
                m_posted.push_back(std::move(function));
            }
            m_wakeUp.notify_one();
        };
    }

    /// Runs what comes until `reached` holds; false when patience has an end.
    bool runUntil(const std::function<bool()>& reached) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience);
        while (!reached()) {
            if (std::chrono::steady_clock::now() > end) return false;
            runPosted(std::chrono::milliseconds(2));
        }
        return true;
    }

    /// What has been posted by now.
    void runPosted(std::chrono::milliseconds longest = {}) {
        std::vector<std::function<void()>> functions;
        {
            std::unique_lock lock(m_mutex);
            m_wakeUp.wait_for(lock, longest, [this] { return !m_posted.empty(); });
            functions.swap(m_posted);
        }
        for (const auto& function : functions) function();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_wakeUp;
    std::vector<std::function<void()>> m_posted;
};

}  // namespace lab
