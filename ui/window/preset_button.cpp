#include "ui/window/preset_button.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int buttonWidth = 172;
constexpr int buttonHeight = 40;
constexpr int padding = 10;
constexpr int captionLine = 13;
constexpr int titleLine = 16;
constexpr int arrowWidth = 8;
constexpr int arrowHeight = 5;

}  // namespace

PresetButton::PresetButton(QWidget* parent) : QAbstractButton(parent), m_menu(new QMenu(this)) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setAccessibleName(tr("Preset"));
    m_menu->setToolTipsVisible(true);
    connect(this, &QAbstractButton::clicked, this, &PresetButton::openMenu);
}

void PresetButton::setTitle(const QString& title) {
    setText(title);
    setAccessibleDescription(title);
    setToolTip(tr("%1: what is open. Choose another preset here.").arg(title));
    update();
}

QSize PresetButton::sizeHint() const {
    return {Theme::instance().px(buttonWidth), Theme::instance().px(buttonHeight)};
}

void PresetButton::openMenu() {
    m_menu->setMinimumWidth(width());
    m_menu->popup(mapToGlobal(QPoint(0, height())));
}

void PresetButton::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Down)
        openMenu();
    else
        QAbstractButton::keyPressEvent(event);
}

void PresetButton::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const bool hover = underMouse() && isEnabled();
    const Role fill = isDown() ? Role::pressed : hover ? Role::hover : Role::control;
    drawFrame(painter, rect(), theme.px(4), theme.color(hover ? Role::text : Role::controlBorder), theme.color(fill));

    const int left = theme.px(padding);
    const int room = width() - 2 * left - theme.px(arrowWidth) - theme.px(6);
    const int top = (height() - theme.px(captionLine) - theme.px(titleLine)) / 2;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRect(left, top, room, theme.px(captionLine)), Qt::AlignLeft | Qt::AlignVCenter, tr("Preset"));
    const QFont bold = theme.font(TextSize::text, true);
    painter.setFont(bold);
    painter.setPen(theme.color(Role::text));
    drawElided(painter, QRect(left, top + theme.px(captionLine), room, theme.px(titleLine)), Qt::AlignLeft, text());

    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(Role::text));
    const double x = width() - left - theme.px(arrowWidth);
    const double y = (height() - theme.px(arrowHeight)) / 2.0;
    painter.drawPolygon(
        QPolygonF{QPointF(x, y), QPointF(x + theme.px(arrowWidth), y), QPointF(x + theme.px(arrowWidth) / 2.0, y + theme.px(arrowHeight))});
}

}  // namespace lab
