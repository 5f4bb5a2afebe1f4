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

    /// Runs what comes until `reached` holds; false when it does not within half a minute.
    bool runUntil(const std::function<bool()>& reached) {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!reached()) {
            if (std::chrono::steady_clock::now() > patience) return false;
            runPosted(std::chrono::milliseconds(2));
        }
        return true;
    }

    /// What has been posted by now.
    void runPosted(std::chrono::milliseconds patience = {}) {
        std::vector<std::function<void()>> functions;
        {
            std::unique_lock lock(m_mutex);
            m_wakeUp.wait_for(lock, patience, [this] { return !m_posted.empty(); });
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
