#include "ui/window/teacher_actions.h"

#include "ui/lessons/hands_box.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/export_panel.h"
#include "ui/widgets/named.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/part_hiding.h"
#include "ui/window/parts_panel.h"
#include "ui/window/window_settings.h"

namespace lab {
namespace {

constexpr int leastBesideDocks = 800;  ///< logical px at 100 %

}  // namespace

TeacherActions::TeacherActions(MainWindow& window, WindowSettings& settings, LessonActions& lessons, QObject* parent)
    : QObject(parent),
      m_window(window),
      m_settings(settings),
      m_lessons(lessons),
      m_hiding(new PartHiding(window, this)),
      m_hands(new HandsBox(lessons.guide())),
      m_panel(new PartsPanel(window, *m_hiding, settings, m_hands)),
      m_mark(named("window.transport.parts", new Button(QString()))) {
    window.dock(m_panel);
    m_panel->hide();
    lessons.panel().installEventFilter(this);
    m_mark->setToolTip(tr("Shows what is hidden (Ctrl+Shift+T)"));
    m_mark->setHeight(20);
    m_mark->setFocusPolicy(Qt::TabFocus);
    m_mark->hide();
    window.addTool(m_mark);
    QAction* act = window.actions().on("view.parts", this, &TeacherActions::toggle);
    connect(&lessons, &LessonActions::partsWanted, act, &QAction::trigger);
    connect(m_mark, &Button::clicked, this, [this] { setOpen(true); });
    connect(m_panel, &PartsPanel::closeWanted, this, [this] { setOpen(false); });
    connect(m_panel, &PartsPanel::setChanged, this, &TeacherActions::showMark);
    connect(m_hiding, &PartHiding::changed, this, &TeacherActions::takeChange);
    connect(&lessons.guide(), &LessonGuide::stepChanged, this, [this] {
        const LessonRow* row = m_lessons.guide().row();
        QStringList hidden;
        if (row)
            for (const std::string& part : row->lesson.hide) hidden << qt(part);
        m_hiding->setLessons(hidden);
    });
    m_hiding->setChosen(settings.hiddenParts());
}

void TeacherActions::toggle() {
    setOpen(m_panel->isHidden());
}

/// Two docks can leave the page no room: the lesson's folds meanwhile.
void TeacherActions::makeRoom() {
    LessonPanel& lesson = m_lessons.panel();
    if (m_panel->isHidden() || lesson.isHidden() || lesson.isFolded()) return;
    if (m_window.width() - m_panel->width() - lesson.width() >= Theme::instance().px(leastBesideDocks)) return;
    lesson.setFolded(true);
    m_foldedLesson = true;
}

bool TeacherActions::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Show) makeRoom();
    return QObject::eventFilter(watched, event);
}

void TeacherActions::setOpen(bool open) {
    if (!open && std::exchange(m_foldedLesson, false)) m_lessons.panel().setFolded(false);
    m_panel->setVisible(open);
    makeRoom();
    (open ? static_cast<QWidget*>(m_panel) : m_window.centralWidget())->setFocus();
}

void TeacherActions::takeChange() {
    m_settings.setHiddenParts(m_hiding->chosen());
    m_hands->setSaysAnswers(m_hiding->hidden().contains(QStringLiteral("lesson.text")));
    m_lessons.showAmber();
    if (m_hiding->hidden().contains(QStringLiteral("exports")))
        for (ExportPanel* open : m_window.findChildren<ExportPanel*>()) open->close();
    showMark();
}

void TeacherActions::showMark() {
    const auto parts = static_cast<std::int64_t>(m_hiding->hidden().size());
    const QString set = m_hiding->chosen().isEmpty() ? QString() : m_panel->nameOfSet();
    m_mark->setText(set.isEmpty() ? counted(LAB_PLURAL("parts", "%n part(s) hidden"), parts)
                                  : counted(LAB_PLURAL("parts", "%1 \u00b7 %n part(s) hidden"), parts, {set}));
    m_mark->setVisible(parts > 0);
}

}  // namespace lab
