#include "ui/widgets/error_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

#include "ui/widgets/buttons.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {

ErrorStrip::ErrorStrip(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    m_what = new QLabel(this);
    m_where = new QLabel(this);
    m_cause = new QLabel(this);
    m_what->setForegroundRole(QPalette::BrightText);        // wrong
    m_cause->setForegroundRole(QPalette::PlaceholderText);  // muted
    for (QLabel* label : {m_what, m_where, m_cause}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        layout->addWidget(label);
    }
    m_actions = new QHBoxLayout;
    layout->addLayout(m_actions);
    followTheme(this, &ErrorStrip::applyMeasures);
}

void ErrorStrip::setTexts(const QString& what, const QString& where, const QString& cause) {
    m_what->setText(QStringLiteral("\u00D7 ") + what);
    m_where->setText(where);
    m_where->setVisible(!where.isEmpty());
    m_cause->setText(cause);
    m_cause->setVisible(!cause.isEmpty());
    setAccessibleName(what);
    setAccessibleDescription(where + QLatin1Char(' ') + cause);
}

Button* ErrorStrip::addAction(const QString& text) {
    if (m_actions->isEmpty()) m_actions->addStretch();
    auto* button = new Button(text, this);
    m_actions->insertWidget(m_actions->count() - 1, button);
    return button;
}

void ErrorStrip::clearActions() {
    while (QLayoutItem* item = m_actions->takeAt(0)) {
        if (QWidget* widget = item->widget()) widget->deleteLater();
        delete item;
    }
}

void ErrorStrip::applyMeasures() {
    const Theme& theme = Theme::instance();
    m_what->setFont(theme.font(TextSize::text, true));
    m_where->setFont(theme.font(TextSize::text));
    m_cause->setFont(theme.font(TextSize::text));
    layout()->setContentsMargins(theme.px(16), theme.px(10), theme.px(12), theme.px(10));
    layout()->setSpacing(theme.px(6));
    m_actions->setSpacing(theme.px(8));
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
