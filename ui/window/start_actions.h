#pragma once

#include <QObject>
#include <QPointer>

namespace lab {

class LessonActions;
class MainWindow;
class StartPage;
class WindowSettings;

/// Joins the start page with the window: it is made when it is first shown, and left by Escape, by a page, and by choosing anything.
class StartActions : public QObject {
    Q_OBJECT

public:
    StartActions(MainWindow& window, WindowSettings& settings, LessonActions& lessons, QObject* parent);

    /// Shows it, or the page again. `session`: the title of the one that can be restored; empty: none.
    void toggle(const QString& session, const QString& detail);
    bool isShown() const;
    StartPage* page() const { return m_page; }  ///< null before it was first shown

signals:
    void recentWanted(const QString& path);

private:
    void make();
    void leave();
    void keepNotice();

    MainWindow& m_window;
    WindowSettings& m_settings;
    LessonActions& m_lessons;
    StartPage* m_page = nullptr;
    QWidget* m_instead = nullptr;  ///< the page as the window shows it
    bool m_noticeWaits = false;    ///< while its offer stands on the page
};

}  // namespace lab
