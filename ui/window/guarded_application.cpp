#include "ui/window/guarded_application.h"

#include "core/base/memory_error.h"
#include "ui/window/main_window.h"

namespace lab {

bool GuardedApplication::notify(QObject* receiver, QEvent* event) {
    try {
        return QApplication::notify(receiver, event);
    } catch (const std::exception& error) {
        if (!isMemoryError(error)) throw;
    }
    const auto say = [window = m_window] {
        if (!window) return;
        window->showProblem(
            MainWindow::tr("There is not enough memory for it."),
            MainWindow::tr("What was begun was left off; what is open is as it was. Smaller settings or fewer runs may fit."));
    };
    QMetaObject::invokeMethod(this, say, Qt::QueuedConnection);
    return true;
}

}  // namespace lab
