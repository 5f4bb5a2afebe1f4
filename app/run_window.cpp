#include "app/run_window.h"

#include "app/end_signals.h"
#include "core/data/text_cache.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/guarded_application.h"
#include "ui/window/main_window.h"

namespace lab {

int runWindow(int& argc, char** argv, const std::optional<std::filesystem::path>& file) {
    GuardedApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("attention-lab"));
    QApplication::setApplicationName(QStringLiteral("attention-lab"));
    QApplication::setApplicationDisplayName(QStringLiteral("Attention Lab"));
    QApplication::setApplicationVersion(QStringLiteral(ATTENTION_LAB_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("attention-lab"));
    QApplication::setWindowIcon(applicationIcon());
    Theme::instance().apply();

    useTextCache(usersTextCache());
    Workspace workspace;
    Focus focus;
    MainWindow window(workspace, focus);
    FileActions files(window);
    window.restoreWindowState();
    window.fitScale();
    application.setWindow(window);
    files.begin(file);
    window.show();
    const EndSignals endSignals;
    const int code = QApplication::exec();
    window.saveWindowState();
    files.end();
    return code;
}

}  // namespace lab
