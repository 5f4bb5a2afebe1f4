#include "app/commands/interrupt.h"

namespace lab {
namespace {

volatile std::sig_atomic_t interrupted = 0;

#ifdef SIGHUP
constexpr std::array<int, 4> interruptions = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
#else
constexpr std::array<int, 2> interruptions = {SIGINT, SIGTERM};
#endif

void note(int signal) {
    interrupted = 1;
    std::signal(signal, SIG_DFL);
}

}  // namespace

InterruptGuard::InterruptGuard() {
    interrupted = 0;
    for (std::size_t i = 0; i < interruptions.size(); ++i) {
        m_previous[i] = std::signal(interruptions[i], note);
        if (m_previous[i] == SIG_IGN) std::signal(interruptions[i], SIG_IGN);
    }
}

InterruptGuard::~InterruptGuard() {
    for (std::size_t i = 0; i < interruptions.size(); ++i) std::signal(interruptions[i], m_previous[i]);
}

bool InterruptGuard::requested() const {
    return interrupted != 0;
}

}  // namespace lab
