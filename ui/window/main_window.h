#pragma once

#include <QMainWindow>
#include <QPointer>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "ui/pages/page.h"
#include "ui/runs/focus.h"
#include "ui/runs/run_session.h"
#include "ui/runs/workspace.h"
#include "ui/window/actions.h"

class QMenu;
class QStackedWidget;

namespace lab {

class ErrorStrip;
class ExperimentPanel;
class FormatsReader;
class InputBar;
class JobsPanel;
class NoticeStrip;
class PageRail;
class SplitView;
class TimelineBar;
class TransportBar;

/// The frame of DESIGN.md 6: transport bar, page rail, the page, the Experiment panel, input bar and timeline. Files, presets and the form
/// act on it through the hooks below.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(Workspace& workspace, Focus& focus, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Replaces what is open by a new run of this task, paused; `start` resumes it. `title` stands on the preset button.
    Run* setTask(const LoadedTask& task, std::optional<TrainingState> start = std::nullopt);

    /// Shows a run that goes on from a moment of another one, which stays open, paused.
    Run* addBranch(const LoadedTask& task, TrainingState start, const RunOrigin& origin);

    /// Replaces what is open by the runs of a session, paused.
    std::vector<Run*> setRuns(std::vector<RunToRestore> runs, std::size_t shown);

    /// Files dropped on the window and named on the command line; set by whoever knows how to open them.
    using FileOpener = std::function<void(const std::filesystem::path&)>;
    void setFileOpener(FileOpener opener) { m_opener = std::move(opener); }
    void openFile(const std::filesystem::path& path);
    /// Asked before the window closes; false keeps it open.
    void setCloseGuard(std::function<bool()> mayClose) { m_mayClose = std::move(mayClose); }
    /// Asked before training starts or goes on: true = the request was dealt with otherwise (a draft became a new run).
    void setTrainHook(std::function<bool()> hook) { m_trainHook = std::move(hook); }

    /// Of the button at the top left.
    QMenu* menu() const;
    /// Of the preset button; its title is what is open.
    QMenu* presetMenu() const;
    void setPresetTitle(const QString& title);
    Actions& actions() const { return *m_actions; }
    ExperimentPanel& experimentPanel() const { return *m_panel; }
    TimelineBar& timeline() const { return *m_timeline; }
    Focus& focus() const { return m_focus; }
    Workspace& workspace() const { return m_workspace; }
    SplitView& split() const { return *m_split; }
    /// Appends to the tools of the transport bar.
    void addTool(QWidget* tool);

    int pageIndex() const;
    void showPage(int index);
    void explainSelection();
    const std::vector<Page*>& pages() const { return m_pages; }

    /// One sentence about something that could not be done, in the window until it is closed or the next run; never a dialog.
    void showProblem(const QString& what, const QString& where = {});
    void clearProblem();
    /// What it is about; empty when there is none.
    QString problem() const;
    /// An offer above the page that waits and blocks nothing.
    NoticeStrip& notice() const { return *m_notice; }

    /// Size, state, page, scale and panel, for the next start.
    void saveWindowState() const;
    void restoreWindowState();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeActions();
    void makePages();
    void arrange();
    QWidget* makeMiddle();
    void toggleTraining();
    void showTellingHead(const Run& run);
    void step();
    void zoom(int steps);
    void cycleZoom();
    bool setScale(double scale);
    void foldIfNarrow();
    void applyPanelState();
    void showRunState();
    void watchRun();
    void connectTimeline();
    void setHistoryBudget(int megabytes);
    void showShortcuts();
    void showFormats();
    void showJobs();

    Workspace& m_workspace;
    Focus& m_focus;
    Actions* m_actions;
    FileOpener m_opener;
    std::function<bool()> m_mayClose;
    std::function<bool()> m_trainHook;

    TransportBar* m_transport;
    PageRail* m_rail;
    QStackedWidget* m_stack;
    SplitView* m_split;
    ErrorStrip* m_problem;
    NoticeStrip* m_notice;
    ExperimentPanel* m_panel;
    InputBar* m_inputBar;
    TimelineBar* m_timeline;
    QPointer<JobsPanel> m_jobs;
    QPointer<FormatsReader> m_formats;
    std::vector<Page*> m_pages;
    std::vector<bool> m_panelFolded;  ///< of each page
    double m_scaleBeforeMaximising = 0;
    bool m_applyingPanel = false;
    bool m_narrow = false;  ///< no room for page and panel side by side
};

}  // namespace lab
