#include "app/run_window.h"

#include <QStandardPaths>

#include "app/commands/end_signals.h"
#include "app/serving/session_serving.h"
#include "core/base/files.h"
#include "core/base/version.h"
#include "core/data/text_cache.h"
#include "ui/text/language.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"
#include "ui/window/cursor_rest.h"
#include "ui/window/file_actions.h"
#include "ui/window/guarded_application.h"
#include "ui/window/main_window.h"
#include "ui/window/open_window.h"

namespace lab {
namespace {

/// Beside the session that is kept for the next start, whose runs may be on data that lie there.
std::filesystem::path servedFolder() {
    const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    return pathFromUtf8((data + QStringLiteral("/served")).toStdString());
}

}  // namespace

int runWindow(int& argc, char** argv, const WindowStart& start) {
    GuardedApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("attention-lab"));
    QApplication::setApplicationName(QStringLiteral("attention-lab"));
    QApplication::setApplicationDisplayName(QStringLiteral("Attention Lab"));
    QApplication::setApplicationVersion(QLatin1String(programVersion()));
    QApplication::setDesktopFileName(QStringLiteral("attention-lab"));
    QApplication::setWindowIcon(applicationIcon());
    Theme::instance().apply();

    useTextCache(usersTextCache());
    Workspace workspace;
    Focus focus;
    useLanguage(languageToStart());
    OpenWindow open(workspace, focus);
    SessionServing serving(open.session(), servedFolder());
    open.offerServing(serving);
    open.window().restoreWindowState();
    open.window().fitScale();
    application.setWindow(open.window());
    QObject::connect(&open, &OpenWindow::replaced, &application, [&] { application.setWindow(open.window()); });
    open.files().begin(start.file);
    if (!start.file || !start.lesson.empty()) open.files().beginLesson(QString::fromStdString(start.lesson));
    const WindowSettings& settings = open.files().settings();
    const bool lesson = !start.lesson.empty() || !settings.pinnedLesson().isEmpty();
    if (start.page && !start.file && !lesson && settings.startsWithPage()) open.files().showStart();
    open.window().show();
    const EndSignals endSignals;
    const CursorRest cursorRest;
    const int code = QApplication::exec();
    serving.stop();
    open.window().saveWindowState();
    open.files().end();
    return code;
}

}  // namespace lab
