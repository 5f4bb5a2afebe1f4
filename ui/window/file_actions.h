#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <filesystem>
#include <optional>
#include <string>

#include "ui/documents/session.h"
#include "ui/documents/session_keeper.h"
#include "ui/window/window_settings.h"

class QAction;
class QMenu;

namespace lab {

class CompressionDialog;
class ExperimentsDialog;
class HelpActions;
class LessonActions;
class MainWindow;
class OwnDataActions;
class StartActions;
class ServeDialog;
class Serving;
class TextActions;
class WriteActions;
class SweepActions;

/// The menus of a window (files, presets, theme, help), its questions about files, and what is kept for the next start. Make one beside
/// each MainWindow, before it is shown:
///
///     MainWindow window(workspace, focus);
///     FileActions files(window);
///     files.begin(fileFromTheCommandLine);
///     window.show();
///     const int code = app.exec();
///     files.end();                       // stops the training; the run goes on at the next start
class FileActions : public QObject, public SessionHost {
    Q_OBJECT

public:
    /// `settingsFile` and `sessionFile` replace the user's own; for tests.
    /// `before`: of the window whose place this one takes.
    explicit FileActions(MainWindow& window, const QString& settingsFile = {}, const QString& sessionFile = {},
                         FileActions* before = nullptr);
    ~FileActions() override;

    /// Opens the file, else the preset `reverse` and offers the session that the last end() left.
    void begin(const std::optional<std::filesystem::path>& file = std::nullopt);
    /// After begin(): the lesson of this file or id; empty: the pinned one, if there is one.
    void beginLesson(const QString& name = {});
    /// A document, something of a sweep, or a text or table that an experiment is to be made of.
    bool open(const QString& path);
    /// For the end of the program: stops the workspace and the sweep, and keeps the session.
    void end();

    /// What there is to begin with, in the place of the page, until it is left or something is chosen.
    void showStart();

    SessionKeeper& keeper() { return m_keeper; }
    bool restoreSession();

    /// What stood on the window before, as far as nobody else knows it.
    void takeOver(const FileActions& before);

    /// Offers to serve the session by what can.
    void offerServing(Serving& serving);

    WindowSettings& settings() { return m_settings; }

    Answer askAboutChanges(const QString& title) override;
    QString choosePath(const QString& suggestedName) override;
    QByteArray windowNotes() const override;

signals:
    /// By its code, "de".
    void languageWanted(const QString& code);

private:
    void saySaving();
    void makeFileMenu();
    void makeThemeMenu(QMenu& menu);
    void makeLanguageMenu(QMenu& menu);
    void showExperiments();
    void showCompression();
    void showServing();
    void fillRecentMenu();
    void fillEarlierMenu();
    void sayWhenNoneIsEarlier();
    void sayThereIsNoSession();
    void connectSession();
    void connectKeeper();
    struct Offer {
        QString title, detail;
    };
    std::optional<Offer> lastSession();
    void offerSession();
    void openRecent(const QString& path);
    void showSession(const QByteArray& windowNotes);
    void startFresh();
    void enableSessions();
    void chooseFile();
    void chooseModel();
    void chooseBeside();
    QString chooseSessionPath(const QString& suggestedName);

    MainWindow& m_window;
    WindowSettings m_settings;
    Session& m_session;
    SessionKeeper& m_keeper;
    SweepActions* m_sweeps = nullptr;
    LessonActions* m_lessons = nullptr;
    OwnDataActions* m_ownData = nullptr;
    StartActions* m_start = nullptr;
    HelpActions* m_help = nullptr;
    WriteActions* m_writing = nullptr;
    TextActions* m_texts = nullptr;
    QMenu* m_sweepMenu = nullptr;
    QMenu* m_recent = nullptr;
    QMenu* m_view = nullptr;
    QPointer<ExperimentsDialog> m_experiments;
    QPointer<CompressionDialog> m_compression;
    Serving* m_serving = nullptr;
    QPointer<ServeDialog> m_serve;
    QMenu* m_earlier = nullptr;
    bool m_offers = false;  ///< what the notice says is offerSession()'s
};

}  // namespace lab
