#pragma once

#include <array>
#include <csignal>

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

}  // namespace lab
