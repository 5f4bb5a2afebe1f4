#pragma once

#include <QObject>

class QSocketNotifier;

namespace lab {

/// Turns the signals that end a program (termination, the terminal's end, Ctrl-C, a closed pipe) into a quit of the event loop, so that
/// what is open is kept as when the window is closed. One that was ignored at the start (nohup) stays ignored.
class EndSignals : public QObject {
    Q_OBJECT

public:
    explicit EndSignals(QObject* parent = nullptr);
    ~EndSignals() override;

private:
    void quit();

    QSocketNotifier* m_notifier = nullptr;
};

}  // namespace lab
