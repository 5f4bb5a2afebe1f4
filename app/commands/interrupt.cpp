#include "app/commands/interrupt.h"

namespace lab {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void note(int signal) {
    interrupted = 1;
    std::signal(signal, SIG_DFL);
}

}  // namespace

InterruptGuard::InterruptGuard() {
    interrupted = 0;
    m_previousInterrupt = std::signal(SIGINT, note);
    m_previousTerminate = std::signal(SIGTERM, note);
}

InterruptGuard::~InterruptGuard() {
    std::signal(SIGINT, m_previousInterrupt);
    std::signal(SIGTERM, m_previousTerminate);
}

bool InterruptGuard::requested() const {
    return interrupted != 0;
}

}  // namespace lab
