#pragma once

#include <QApplication>
#include <QPointer>

namespace lab {

class MainWindow;

/// What an event's handling throws for want of memory ends that handling, and the window says so; it would else end the program.
class GuardedApplication : public QApplication {
    Q_OBJECT

public:
    using QApplication::QApplication;
    void setWindow(MainWindow& window) { m_window = &window; }

    bool notify(QObject* receiver, QEvent* event) override;

private:
    QPointer<MainWindow> m_window;
};

}  // namespace lab
