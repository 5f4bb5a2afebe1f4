#include "ui/widgets/error_strip.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {

ErrorStrip::ErrorStrip(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    m_what = new ThemedLabel({}, TextSize::text, Role::wrong, true, this);
    m_where = new ThemedLabel({}, TextSize::text, Role::text, false, this);
    m_cause = new ThemedLabel({}, TextSize::text, Role::muted, false, this);
    for (ThemedLabel* label : {m_what, m_where, m_cause}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        layout->addWidget(label);
    }
    m_actions = new QHBoxLayout;
    layout->addLayout(m_actions);
    keepSpacing(layout, {16, 10, 12, 10}, 6);
    keepSpacing(m_actions, 8);
}

ErrorStrip* ErrorStrip::pageOf(QStackedWidget& stack) {
    auto* page = new QWidget(&stack);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* strip = new ErrorStrip(page);
    layout->addWidget(strip);
    layout->addStretch();
    stack.addWidget(page);
    return strip;
}

void ErrorStrip::setTexts(const QString& what, const QString& where, const QString& cause) {
    m_what->setText(verdictText(false, what));
    m_where->setText(where);
    m_where->setVisible(!where.isEmpty());
    m_cause->setText(cause);
    m_cause->setVisible(!cause.isEmpty());
    setAccessibleName(what);
    setAccessibleDescription(where + QLatin1Char(' ') + cause);
}

Button* ErrorStrip::addAction(const QString& text) {
    if (m_actions->isEmpty()) m_actions->addStretch();
    auto* button = named(objectName() + QStringLiteral(".act_%1").arg(m_actions->count()), new Button(text, this));
    m_actions->insertWidget(m_actions->count() - 1, button);
    return button;
}

void ErrorStrip::clearActions() {
    while (QLayoutItem* item = m_actions->takeAt(0)) {
        if (QWidget* widget = item->widget()) widget->deleteLater();
        delete item;
    }
}

void ErrorStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    drawFrame(painter, rect(), theme.px(4), theme.color(Role::hairline), theme.color(Role::panel));
    QPainterPath outline;
    outline.addRoundedRect(rect(), theme.px(4), theme.px(4));
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setClipRect(QRect(0, 0, theme.px(4), height()));
    painter.fillPath(outline, theme.color(Role::wrong));
}

}  // namespace lab
