#include "app/commands/interrupt.h"

namespace lab {
namespace {

volatile std::sig_atomic_t interrupted = 0;

#ifdef SIGHUP
constexpr std::array<int, 4> endings = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
#else
constexpr std::array<int, 2> endings = {SIGINT, SIGTERM};
#endif

void note(int signal) {
    interrupted = 1;
    std::signal(signal, SIG_DFL);
}

}  // namespace

InterruptGuard::InterruptGuard() {
    interrupted = 0;
    for (std::size_t i = 0; i < endings.size(); ++i) {
        m_previous[i] = std::signal(endings[i], note);
        if (m_previous[i] == SIG_IGN) std::signal(endings[i], SIG_IGN);
    }
}

InterruptGuard::~InterruptGuard() {
    for (std::size_t i = 0; i < endings.size(); ++i) std::signal(endings[i], m_previous[i]);
}

bool InterruptGuard::requested() const {
    return interrupted != 0;
}

}  // namespace lab
