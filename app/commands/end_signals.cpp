#include "app/commands/end_signals.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>
#endif

namespace lab {

#ifdef Q_OS_UNIX
namespace {

constexpr std::array<int, 4> endings = {SIGTERM, SIGHUP, SIGINT, SIGPIPE};
int pipeEnds[2] = {-1, -1};

/// All that a signal's handler may do.
void tell(int) {
    const char byte = 1;
    static_cast<void>(!::write(pipeEnds[0], &byte, 1));
}

}  // namespace

EndSignals::EndSignals(QObject* parent) : QObject(parent) {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pipeEnds) != 0) return;
    m_notifier = new QSocketNotifier(pipeEnds[1], QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, &EndSignals::quit);
    for (const int signal : endings)
        if (std::signal(signal, tell) == SIG_IGN) std::signal(signal, SIG_IGN);
}

EndSignals::~EndSignals() {
    for (const int signal : endings)
        if (std::signal(signal, SIG_DFL) == SIG_IGN) std::signal(signal, SIG_IGN);
    for (int& end : pipeEnds) ::close(std::exchange(end, -1));
}

/// A second signal, should the end take too long, ends the program at once.
void EndSignals::quit() {
    m_notifier->setEnabled(false);
    for (const int signal : endings)
        if (std::signal(signal, SIG_DFL) == SIG_IGN) std::signal(signal, SIG_IGN);
    QCoreApplication::exit();  // without asking: nobody may be there to answer
}
#else
EndSignals::EndSignals(QObject* parent) : QObject(parent) {}
EndSignals::~EndSignals() = default;
void EndSignals::quit() {}
#endif

}  // namespace lab
