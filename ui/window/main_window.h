#pragma once

#include <QMainWindow>
#include <QPointer>
#include <memory>
#include <vector>

#include "core/text/corpus.h"
#include "ui/documents/session.h"
#include "ui/window/actions.h"
#include "ui/window/page_book.h"

class QMenu;
class QStackedWidget;
class QHBoxLayout;
class QVBoxLayout;

namespace lab {

class ErrorStrip;
class ExperimentPanel;
class InputBar;
class JobsPanel;
class NoticeStrip;
class PageRail;
class SplitView;
class TimelineBar;
class TransportBar;

/// The frame of DESIGN.md 6: transport bar, page rail, the page, the Experiment panel, input bar and timeline, around one session.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// With a session of its own.
    MainWindow(Workspace& workspace, Focus& focus, QWidget* parent = nullptr);
    /// Around what is open already.
    explicit MainWindow(Session& session, QWidget* parent = nullptr);
    ~MainWindow() override;

    Session& session() { return m_session; }

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
    SplitView& split() const { return *m_split; }  ///< the page, or two
    /// Takes a part that stands between the rail and the page.
    void dock(QWidget* part);
    /// Takes a part that stands in the place of the page while showInstead() shows what this gives; showPage() brings the page back.
    QWidget* addInstead(QWidget* part);
    /// Takes a strip that stands above the page.
    void addStrip(QWidget* strip);
    void showInstead(QWidget* added);
    QWidget* instead() const { return m_instead; }  ///< null while the page is shown
    /// Appends to the tools of the transport bar.
    void addTool(QWidget* tool);

    int pageIndex() const;
    /// Where it is hidden (ui/window/part_hiding.h): the first that is not.
    void showPage(int index);
    bool offersPage(int index) const;
    /// The button of the page on the rail.
    QWidget* pageButton(const QString& page) const;
    /// Turns to another page when the one that is shown was hidden.
    void leaveHiddenPage();
    /// The page of this name; -1: there is none.
    int indexOf(const QString& page) const { return PageBook::indexOf(page); }
    /// Turns to what the place names, with the keyboard's focus on the page; what is not there is told, and false returned.
    bool showPlace(const Place& place);
    /// What is looked at.
    Place place() const;
    PageBook& pages() const { return *m_pages; }
    /// That which is shown; so far as something stands in its place, that which comes back.
    Page& page() const;

    /// Opens the panel at the setting; what does not apply is told.
    void showSetting(const QString& key);
    /// One sentence about something that could not be done, in the window until it is closed or the next run; never a dialog.
    void showProblem(const QString& what, const QString& where = {});
    void clearProblem();
    /// What it is about; empty when there is none.
    QString problem() const;
    /// An offer above the page that waits and blocks nothing.
    NoticeStrip& notice() const { return *m_notice; }
    /// A sentence below the page, to be read in peace.
    NoticeStrip& advice() const { return *m_advice; }

    /// Looks as `old` does: place and size on the screen, page, split, panel, and what was done on each page.
    void takeOver(MainWindow& old);

    /// Size, state, page, scale and panel, for the next start.
    void saveWindowState() const;
    void restoreWindowState();
    /// Smaller, if the size was one of a larger screen.
    void fitScale();

signals:
    /// Another page or other bars come into place, and have come.
    void rearranges();
    void rearranged();
    /// What one of the pages shows is that of the focus now.
    void pageRefreshed();
    /// Something stands in the place of the page, or the page is back.
    void insteadChanged();
    /// A file was dropped on the window, or an action names one: for whoever knows how to open it.
    void fileWanted(const QString& path);
    /// Texts to train on, cleaned and parted so: likewise.
    void textWanted(const QStringList& paths, const lab::CorpusSettings& settings);
    /// A worked example, by its id: likewise.
    void exampleWanted(const QString& id);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    MainWindow(std::unique_ptr<Session> own, Session* session, QWidget* parent);
    void makeActions();
    void makePages();
    void takePage(Page* page);
    void arrange();
    QWidget* makeMiddle();
    void toggleTraining();
    void step();
    void zoom(int steps);
    void cycleZoom();
    bool fits(double scale) const;
    bool setScale(double scale);
    void keepOnScreen(bool grew, QSize before);
    void foldIfNarrow();
    void applyPanelState();
    void applyBars();
    void showRunState();
    void watchRun();
    void connectTimeline();
    void connectSession();
    void showDocument();
    void setHistoryBudget(int megabytes);
    QString hiddenHelp() const;
    void showShortcuts();
    void showJobs();

    Workspace& m_workspace;
    Focus& m_focus;
    Actions* m_actions;
    std::unique_ptr<Session> m_ownSession;  ///< null when it came from elsewhere
    Session& m_session;

    TransportBar* m_transport;
    PageRail* m_rail;
    QStackedWidget* m_stack;
    SplitView* m_split;
    ErrorStrip* m_problem;
    NoticeStrip *m_notice, *m_advice;
    QHBoxLayout* m_middle;  ///< rail, what is docked, page, panel
    std::vector<QWidget*> m_docked;
    QVBoxLayout* m_column;  ///< the page, and what is said above and below it
    QPointer<QWidget> m_instead;
    QVBoxLayout* m_bars;                          ///< what stands below the page
    QPointer<QWidget> m_ownInput, m_ownTimeline;  ///< of the page that is shown
    ExperimentPanel* m_panel;
    InputBar* m_inputBar;
    TimelineBar* m_timeline;
    QPointer<JobsPanel> m_jobs;
    PageBook* m_pages;
    std::vector<bool> m_panelFolded;  ///< of each page
    double m_scaleBeforeMaximising = 0;
    QSize m_sizeBeforeGrowing;
    bool m_applyingPanel = false;
    bool m_narrow = false;  ///< no room for page and panel side by side
};

}  // namespace lab
