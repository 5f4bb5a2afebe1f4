#pragma once

#include <QObject>
#include <QPointer>
#include <memory>

#include "ui/documents/session.h"

namespace lab {

class FileActions;
class MainWindow;
class Serving;

/// The program's window in the language in use. Another language makes it anew around the same session and puts it in the old one's place:
/// what is open, trains, waits and is typed goes on.
class OpenWindow : public QObject {
    Q_OBJECT

public:
    /// `settingsFile` and `sessionFile` as FileActions has them.
    OpenWindow(Workspace& workspace, Focus& focus, const QString& settingsFile = {}, const QString& sessionFile = {});
    ~OpenWindow() override;

    MainWindow& window() const { return *m_window; }
    FileActions& files() const { return *m_files; }
    Session& session() { return m_session; }
    void offerServing(Serving& serving);

    /// Now and from the next start on. Not while a dialog is open in which something was begun: the window says so, and false is returned.
    bool speak(const QString& language);

signals:
    /// window() and files() are others now.
    void replaced();

private:
    void make();

    Session m_session;
    QString m_settingsFile, m_sessionFile;
    std::unique_ptr<MainWindow> m_window;
    FileActions* m_files = nullptr;
    Serving* m_serving = nullptr;
};

}  // namespace lab
