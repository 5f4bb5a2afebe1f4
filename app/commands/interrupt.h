#pragma once

#include <array>
#include <chrono>
#include <csignal>
#include <stop_token>
#include <thread>

namespace lab {

/// While it lives, the first signal that asks the program to end (Ctrl-C, a termination request, the terminal's end, a closed pipe) is
/// noted instead of obeyed; a second one ends the program at once. A signal that was ignored at the start (nohup) stays ignored.
class InterruptGuard {
public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    bool requested() const;

private:
    std::array<void (*)(int), 4> m_previous{};
};

/// Passes Ctrl-C on to threads while they run.
class InterruptWatch {
public:
    explicit InterruptWatch(std::stop_source stop)
        : m_thread([this, stop](const std::stop_token& end) mutable {
              while (!end.stop_requested() && !m_guard.requested()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
              if (m_guard.requested()) stop.request_stop();
          }) {}

private:
    InterruptGuard m_guard;
    std::jthread m_thread;  // ends before the guard does
};

}  // namespace lab
