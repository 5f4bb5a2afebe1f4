#include "ui/window/start_actions.h"

#include <QCheckBox>
#include <QMenu>

#include "ui/widgets/notice_strip.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/start_page.h"
#include "ui/window/window_settings.h"

namespace lab {

StartActions::StartActions(MainWindow& window, WindowSettings& settings, LessonActions& lessons, QObject* parent)
    : QObject(parent), m_window(window), m_settings(settings), m_lessons(lessons) {}

bool StartActions::isShown() const {
    return m_page && m_window.instead() == m_instead;
}

void StartActions::make() {
    m_page = new StartPage(m_lessons.progress(), *m_window.presetMenu(), m_window.actions());
    m_instead = m_window.addInstead(m_page);
    connect(m_page, &StartPage::closeWanted, this, &StartActions::leave);
    connect(m_page, &StartPage::lessonWanted, this, [this](const LessonRow* row, int step) { m_lessons.start(*row, step); });
    connect(m_page, &StartPage::recentWanted, this, [this](const QString& path) {
        leave();
        emit recentWanted(path);
    });
    connect(&m_page->atStart(), &QCheckBox::clicked, this, [this](bool on) { m_settings.setStartsWithPage(on); });
    // Whatever opens or trains something is chosen, on the page or beside it.
    connect(m_window.presetMenu(), &QMenu::triggered, this, &StartActions::leave);
    connect(&m_window.session(), &Session::documentChanged, this, &StartActions::leave);
    for (const char* name : {"train.toggle", "train.step"})
        connect(m_window.actions().find(QLatin1String(name)), &QAction::triggered, this, &StartActions::leave);
    connect(&m_window, &MainWindow::insteadChanged, this, &StartActions::keepNotice);
}

void StartActions::toggle(const QString& session, const QString& detail) {
    if (isShown()) return leave();
    if (!m_page) make();
    m_window.showInstead(m_instead);
    m_page->refresh({session, detail, m_settings.recentFiles(), m_settings.startsWithPage()});
}

void StartActions::leave() {
    if (isShown()) m_window.showPage(m_window.pageIndex());
}

/// The session is not offered twice.
void StartActions::keepNotice() {
    NoticeStrip& notice = m_window.notice();
    if (isShown())
        m_noticeWaits = !notice.isHidden();
    else if (!std::exchange(m_noticeWaits, false))
        return;
    notice.setVisible(!isShown());
}

}  // namespace lab
