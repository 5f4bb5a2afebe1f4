#pragma once

#include <QWidget>
#include <memory>
#include <vector>

#include "ui/pages/page.h"
#include "ui/runs/focus_link.h"
#include "ui/runs/workspace.h"

class QLabel;
class QSplitter;
class QStackedWidget;

namespace lab {

class Button;
class PageBook;

/// The pages, and beside them, when wanted, the same page once more on another run: at the same step, input and selection.
class SplitView : public QWidget {
    Q_OBJECT

public:
    /// Takes the stack of the window's own pages.
    SplitView(Focus& focus, Workspace& workspace, QStackedWidget* pages, QWidget* parent = nullptr);
    ~SplitView() override;

    /// The page that the window shows; beside it stands the same one, if it shows one run only.
    void setPage(int index);
    bool isSplit() const { return m_run != nullptr; }
    /// Shows this run beside the window's own; null: none any more.
    void setSecondRun(Run* run);
    Run* secondRun() const { return m_run; }
    /// With the run that follows the window's own in the list; off when it is on. False: there is no other run.
    bool toggle();
    /// Null before it was shown, and where the window shows a page of several runs.
    Page* secondPage() const;
    Focus& secondFocus() { return m_focus; }

signals:
    void splitChanged(bool split);
    /// A page of the second side is there, not shown yet.
    void pageMade(lab::Page* page);
    void placeWanted(const lab::Place& place);
    void settingWanted(const QString& key);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    class Title;
    void makeSecondPages();
    void takePage(Page* page);
    void keepApart();
    void showTitles();
    void arrange();

    Focus& m_leader;
    Workspace& m_workspace;
    Focus m_focus;
    FocusLink m_link;
    QPointer<Run> m_run;
    QPointer<Run> m_before;  ///< what the window showed before
    QStackedWidget* m_pages;
    std::unique_ptr<PageBook> m_secondPages;  ///< null before the first split
    int m_index = 0;

    QSplitter* m_splitter;
    QWidget* m_second;
    Title* m_firstTitle;
    Title* m_secondTitle;
    QStackedWidget* m_secondStack;
};

}  // namespace lab
