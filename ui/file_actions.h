#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <QTimer>
#include <filesystem>
#include <optional>

#include "ui/documents.h"
#include "ui/runs/background_job.h"
#include "ui/window_settings.h"

class QAction;
class QMenu;

namespace lab {

class MainWindow;

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

    /// Opens the file, else what the last end() left in training, else the preset `reverse`.
    void begin(const std::optional<std::filesystem::path>& file = std::nullopt);
    /// For the end of the program: stops the workspace and keeps a run that is under way.
    void end();

    /// Writes the session file behind the window's back, as happens every minute; what is written is whole or not there.
    void saveSessionSoon();
    bool isSavingSession() const { return m_saver.isBusy(); }

    Documents& documents() { return m_documents; }
    WindowSettings& settings() { return m_settings; }

private:
    void makeFileMenu();
    void makeThemeMenu(QMenu& menu);
    void fillRecentMenu();
    void connectPanel();
    void connectDocuments();
    void connectTimeline();
    void continueFromShownStep();
    void chooseFile();
    QString chooseSavePath(const QString& suggestedName);
    Documents::Answer askAboutChanges(const QString& title);
    bool trainDraft();
    void showDocument();

    MainWindow& m_window;
    WindowSettings m_settings;
    QString m_sessionFile;
    Documents m_documents;
    QMenu* m_recent = nullptr;
    QTimer m_autosave;
    BackgroundJob m_saver;
    QPointer<Run> m_savedRun;  ///< of the last autosave
    std::int64_t m_savedStep = -1;
};

}  // namespace lab
