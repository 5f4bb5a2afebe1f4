#pragma once

#include <QObject>
#include <QString>
#include <filesystem>
#include <optional>
#include <string>

#include "ui/documents/documents.h"
#include "ui/documents/session_keeper.h"
#include "ui/window/window_settings.h"

class QAction;
class QMenu;

namespace lab {

class MainWindow;
class SweepActions;

/// Joins the window with its documents: the menus (files, presets, theme, help), the Experiment panel's draft, dropped files, unsaved
/// changes, title, and what is kept for the next start. Make one beside each MainWindow, before it is shown:
///
///     MainWindow window(workspace, focus);
///     FileActions files(window);
///     files.begin(fileFromTheCommandLine);
///     window.show();
///     const int code = app.exec();
///     files.end();                       // stops the training; the run goes on at the next start
class FileActions : public QObject {
    Q_OBJECT

public:
    /// `settingsFile` and `sessionFile` replace the user's own; for tests.
    explicit FileActions(MainWindow& window, const QString& settingsFile = {}, const QString& sessionFile = {});
    ~FileActions() override;

    /// Opens the file, else the preset `reverse` and offers the session that the last end() left.
    void begin(const std::optional<std::filesystem::path>& file = std::nullopt);
    /// A document, or something of a sweep.
    bool open(const QString& path);
    /// For the end of the program: stops the workspace and the sweep, and keeps the session.
    void end();

    SessionKeeper& session() { return m_keeper; }
    bool restoreSession();

    Documents& documents() { return m_documents; }
    WindowSettings& settings() { return m_settings; }

private:
    void makeFileMenu();
    void makeThemeMenu(QMenu& menu);
    void fillRecentMenu();
    void connectPanel();
    void connectDocuments();
    void connectTimeline();
    void connectSession();
    void offerSession();
    void showSession(const QByteArray& windowNotes);
    std::string windowNotes() const;
    void startFresh();
    void enableSessions();
    bool mayClose();
    void continueFromShownStep();
    void chooseFile();
    QString chooseSavePath(const QString& suggestedName);
    QString chooseSessionPath(const QString& suggestedName);
    Documents::Answer askAboutChanges(const QString& title);
    bool trainDraft();
    void showDocument();

    MainWindow& m_window;
    WindowSettings m_settings;
    Documents m_documents;
    SessionKeeper m_keeper;
    SweepActions* m_sweeps = nullptr;
    QMenu* m_sweepMenu = nullptr;
    QMenu* m_recent = nullptr;
    bool m_closesNow = false;  ///< the session is kept, or cannot be
};

}  // namespace lab
