#include "ui/window/start_entry.h"

#include <QKeyEvent>
#include <QPainter>

#include "ui/widgets/buttons.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int entryHeight = 40, entrySide = 32, entryGap = 8, entryLine = 17, arrowSide = 12, leastEntryWidth = 140;

}  // namespace

StartEntry::StartEntry(const QString& title, const QString& detail, QWidget* parent) : QAbstractButton(parent), m_detail(detail) {
    setText(title);
    setAccessibleName(title);
    setAccessibleDescription(detail);
    setToolTip(detail);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void StartEntry::setPicture(const QPixmap& picture) {
    m_picture = picture;
    update();
}

void StartEntry::setOpensMore() {
    m_opensMore = true;
    update();
}

int StartEntry::pictureSide() {
    return Theme::instance().px(entrySide);
}

QSize StartEntry::sizeHint() const {
    return {Theme::instance().px(2 * leastEntryWidth), Theme::instance().px(entryHeight)};
}

QSize StartEntry::minimumSizeHint() const {
    return {Theme::instance().px(leastEntryWidth), Theme::instance().px(entryHeight)};
}

void StartEntry::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    if (key == Qt::Key_Up || key == Qt::Key_Down)
        focusNextPrevChild(key == Qt::Key_Down);
    else if (key == Qt::Key_Left || key == Qt::Key_Right)
        event->ignore();
    else
        QAbstractButton::keyPressEvent(event);
}

void StartEntry::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    if (isDown() || underMouse()) painter.fillRect(rect(), theme.color(isDown() ? Role::pressed : Role::hover));
    const int gap = theme.px(entryGap), line = theme.px(entryLine);
    QRect room = rect().adjusted(gap, 0, -gap, 0);
    if (!m_picture.isNull()) {
        painter.drawPixmap(room.left(), (height() - pictureSide()) / 2, m_picture);
        room.setLeft(room.left() + pictureSide() + gap);
    }
    if (m_opensMore) {
        const int side = theme.px(arrowSide);
        drawGlyph(painter, Glyph::chevronRight, QRectF(room.right() - side, (height() - side) / 2.0, side, side), theme.color(Role::muted));
        room.setRight(room.right() - side - gap);
    }
    const int top = (height() - 2 * line) / 2;
    painter.setFont(theme.font(TextSize::text, true));
    painter.setPen(theme.color(Role::text));
    drawElided(painter, QRect(room.left(), top, room.width(), line), Qt::AlignLeft, text());
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::muted));
    drawElided(painter, QRect(room.left(), top + line, room.width(), line), Qt::AlignLeft, m_detail);
}

}  // namespace lab
