#pragma once

#include <csignal>

namespace lab {

/// While it lives, the first Ctrl-C (or termination request) is noted instead of ending the program; a second one ends it at once.
class InterruptGuard {
public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    bool requested() const;

private:
    void (*m_previousInterrupt)(int);
    void (*m_previousTerminate)(int);
};

}  // namespace lab
