#include "ui/widgets/hover_card.h"

#include <QPainter>

#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr int shadow = 4;  // logical px at 100 %: floating cards alone have one (LOOK.md 7)

}  // namespace

HoverCard::HoverCard(QWidget* parent) : QWidget(parent) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void HoverCard::showBeside(const QRectF& cell, const QString& value, const QString& where) {
    const Theme& theme = Theme::instance();
    m_value = value;
    m_where = where;
    const int text = qMax(textWidth(theme.font(TextSize::token, true), value), textWidth(theme.font(TextSize::axis), where));
    resize(text + 2 * theme.px(8) + theme.px(shadow), theme.px(44) + theme.px(shadow));
    const int gap = theme.px(10);
    int x = qRound(cell.right()) + gap;
    int y = qRound(cell.bottom()) + gap;
    if (x + width() > parentWidget()->width()) x = qRound(cell.left()) - gap - width();
    if (y + height() > parentWidget()->height()) y = qRound(cell.top()) - gap - height();
    move(qMax(x, 0), qMax(y, 0));
    show();
    raise();
    update();
}

void HoverCard::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const double spread = theme.px(shadow);
    const QRectF card = QRectF(rect()).adjusted(0, 0, -spread, -spread);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0, 0, 0, theme.dark() ? 90 : 28));
    for (double step = 1.0; step <= spread; step += 1.0) painter.drawRoundedRect(card.translated(step / 2, step), theme.px(4), theme.px(4));
    drawFrame(painter, card, theme.px(4), theme.color(Role::controlBorder), theme.color(Role::panel));
    painter.setFont(theme.font(TextSize::token, true));
    painter.setPen(theme.color(Role::text));
    painter.drawText(card.adjusted(theme.px(8), theme.px(4), 0, 0), Qt::AlignTop | Qt::AlignLeft, m_value);
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(card.adjusted(theme.px(8), 0, 0, -theme.px(5)), Qt::AlignBottom | Qt::AlignLeft, m_where);
}

}  // namespace lab
