#include "ui/window/open_window.h"

#include <QDeadlineTimer>
#include <QDialog>
#include <QGuiApplication>
#include <QWindow>

#include "ui/text/language.h"
#include "ui/window/about_dialog.h"
#include "ui/window/file_actions.h"
#include "ui/window/help_reader.h"
#include "ui/window/jobs_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/serve_dialog.h"
#include "ui/window/serving.h"
#include "ui/window/shortcuts_dialog.h"

namespace lab {
namespace {

/// One that would be as it is now if it were opened again.
bool isMadeAgain(const QDialog& dialog) {
    return qobject_cast<const JobsPanel*>(&dialog) || qobject_cast<const HelpReader*>(&dialog) ||
           qobject_cast<const ShortcutsDialog*>(&dialog) || qobject_cast<const AboutDialog*>(&dialog) ||
           qobject_cast<const ServeDialog*>(&dialog);
}

/// Waits until the system shows the window: without one before it one would see the desktop meanwhile.
void showsItself(const QWidget& window) {
    constexpr int patience = 1000;  // ms; a system that never shows it must not stop us
    const QDeadlineTimer deadline(patience);
    while (!window.windowHandle()->isExposed() && !deadline.hasExpired())
        QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents, 20);
    QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents);
}

QDialog* begunDialog(const MainWindow& window) {
    for (QDialog* each : window.findChildren<QDialog*>())
        if (each->isVisible() && !isMadeAgain(*each)) return each;
    return nullptr;
}

}  // namespace

OpenWindow::OpenWindow(Workspace& workspace, Focus& focus, const QString& settingsFile, const QString& sessionFile)
    : m_session(workspace, focus), m_settingsFile(settingsFile), m_sessionFile(sessionFile) {
    make();
}

OpenWindow::~OpenWindow() = default;

void OpenWindow::make() {
    const std::unique_ptr<MainWindow> old = std::move(m_window);
    FileActions* oldFiles = m_files;
    QGuiApplication::setLayoutDirection(shownLocale().textDirection());
    m_window = std::make_unique<MainWindow>(m_session);
    m_files = new FileActions(*m_window, m_settingsFile, m_sessionFile, oldFiles);
    connect(m_files, &FileActions::languageWanted, this, &OpenWindow::speak, Qt::QueuedConnection);  // its menu is of the window that goes
    if (m_serving) m_files->offerServing(*m_serving);
    if (!old) return;
    m_window->takeOver(*old);
    m_files->takeOver(*oldFiles);
    if (!old->isVisible()) return;
    m_window->show();
    m_window->activateWindow();
    showsItself(*m_window);
    // Before its parts had their measures it may have asked for more room.
    if (!m_window->isMaximized() && !m_window->isFullScreen()) m_window->resize(old->size());
    old->hide();
}

void OpenWindow::offerServing(Serving& serving) {
    m_serving = &serving;
    m_files->offerServing(serving);
}

bool OpenWindow::speak(const QString& language) {
    if (language == lab::language()) return true;
    if (QDialog* begun = begunDialog(*m_window)) {
        m_window->showProblem(tr("Close the dialog '%1' first").arg(begun->windowTitle()),
                              tr("Another language begins it anew, and what was begun in it would be lost."));
        begun->raise();
        begun->activateWindow();
        return false;
    }
    chooseLanguage(language);
    make();
    emit replaced();
    return true;
}

}  // namespace lab
