#include "app/run_window.h"

#include <QApplication>
#include <functional>

#include "app/end_signals.h"
#include "core/base/memory_error.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

namespace lab {
namespace {

/// What an event's handling throws for want of memory ends that handling, and is said; it would else end the program.
class GuardedApplication : public QApplication {
public:
    using QApplication::QApplication;
    std::function<void()> outOfMemory;

    bool notify(QObject* receiver, QEvent* event) override {
        try {
            return QApplication::notify(receiver, event);
        } catch (const std::exception& error) {
            if (!isMemoryError(error)) throw;
        }
        if (outOfMemory) QMetaObject::invokeMethod(this, outOfMemory, Qt::QueuedConnection);
        return true;
    }
};

}  // namespace

int runWindow(int& argc, char** argv, const std::optional<std::filesystem::path>& file) {
    GuardedApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("attention-lab"));
    QApplication::setApplicationName(QStringLiteral("attention-lab"));
    QApplication::setApplicationDisplayName(QStringLiteral("Attention Lab"));
    QApplication::setApplicationVersion(QStringLiteral(ATTENTION_LAB_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("attention-lab"));
    QApplication::setWindowIcon(applicationIcon());
    Theme::instance().apply();

    Workspace workspace;
    Focus focus;
    MainWindow window(workspace, focus);
    FileActions files(window);
    window.restoreWindowState();
    application.outOfMemory = [&window] {
        window.showProblem(
            MainWindow::tr("There is not enough memory for it."),
            MainWindow::tr("What was begun was left off; what is open is as it was. Smaller settings or fewer runs may fit."));
    };
    files.begin(file);
    window.show();
    const EndSignals endSignals;
    const int code = QApplication::exec();
    window.saveWindowState();
    files.end();
    application.outOfMemory = nullptr;
    return code;
}

}  // namespace lab
