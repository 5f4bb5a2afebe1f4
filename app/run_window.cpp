#include "app/run_window.h"

#include <QStandardPaths>

#include "app/commands/end_signals.h"
#include "app/serving/session_serving.h"
#include "core/base/files.h"
#include "core/data/text_cache.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/guarded_application.h"
#include "ui/window/main_window.h"

namespace lab {
namespace {

/// Beside the session that is kept for the next start, whose runs may be on data that lie there.
std::filesystem::path servedFolder() {
    const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    return pathFromUtf8((data + QStringLiteral("/served")).toStdString());
}

}  // namespace

int runWindow(int& argc, char** argv, const std::optional<std::filesystem::path>& file, const std::string& lesson) {
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
    SessionServing serving(window.session(), servedFolder());
    files.offerServing(serving);
    window.restoreWindowState();
    window.fitScale();
    application.setWindow(window);
    files.begin(file);
    if (!file || !lesson.empty()) files.beginLesson(QString::fromStdString(lesson));
    window.show();
    const EndSignals endSignals;
    const int code = QApplication::exec();
    serving.stop();
    window.saveWindowState();
    files.end();
    return code;
}

}  // namespace lab
