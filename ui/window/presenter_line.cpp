#include "ui/window/presenter_line.h"

#include <QHBoxLayout>
#include <QPainter>

#include "ui/lessons/lesson_list.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

namespace lab {

PresenterLine::PresenterLine(QWidget* parent) : QWidget(parent) {
    m_what = new ElidedLabel({}, TextSize::axis, Role::muted);
    m_counter = new ThemedLabel({}, TextSize::axis, Role::text, true);
    auto* back = named("presenter.back", new Button(Glyph::chevronLeft, tr("Back (Page Up, Left)")));
    auto* next = named("presenter.next", new Button(Glyph::chevronRight, tr("On (Page Down, Right, Space)")));
    auto* leave = named("presenter.leave", new Button(LessonList::tr("Esc")));
    leave->setToolTip(tr("Leave presenter mode; everything is as before"));
    auto* row = new QHBoxLayout(this);
    row->addWidget(m_what, 1);
    row->addWidget(m_counter);
    for (Button* button : {back, next, leave}) {
        button->setFlatLook(true);
        button->setHeight(20);
        button->setFocusPolicy(Qt::NoFocus);  // the keys do it
        row->addWidget(button);
    }
    keepSpacing(row, {12, 1, 8, 1}, 6);
    connect(back, &Button::clicked, this, &PresenterLine::backWanted);
    connect(next, &Button::clicked, this, &PresenterLine::nextWanted);
    connect(leave, &Button::clicked, this, &PresenterLine::leaveWanted);
}

void PresenterLine::setTexts(const QString& what, const QString& counter) {
    m_what->setText(what);
    m_counter->setText(counter);
}

void PresenterLine::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), Theme::instance().color(Role::window));
}

}  // namespace lab
