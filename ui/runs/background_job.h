#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "core/base/platform.h"

namespace lab {

/// One piece of work at a time on a thread of its own. Ends before it is destroyed.
class BackgroundJob {
public:
    ~BackgroundJob() { wait(); }

    bool isBusy() const { return m_busy; }
    /// Not while busy.
    void start(std::function<bool()> work) {
        if (m_busy || !work) return;
        wait();
        m_busy = true;
        m_thread = std::thread([this, work = std::move(work)] {
            cleanVectorRegisters();
            work();
            m_busy = false;
        });
    }
    void wait() {
        if (m_thread.joinable()) m_thread.join();
    }

private:
    std::atomic<bool> m_busy = false;
    std::thread m_thread;
};

}  // namespace lab
