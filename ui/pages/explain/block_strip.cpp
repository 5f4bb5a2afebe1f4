#include "ui/pages/explain/block_strip.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int blockStripStripHeight = 26;
constexpr int partInside = 12;  ///< left and right of a part's symbol
constexpr int leastArrow = 14;
constexpr int mostArrow = 34;

}  // namespace

BlockStrip::BlockStrip(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describe();
}

void BlockStrip::setWalk(const explain::Walk& walk) {
    m_parts = explain::blockParts(walk);
    update();
}

void BlockStrip::setCurrent(const explain::Stage& stage) {
    m_current = stage.part;
    m_backward = stage.backward;
    describe();
    update();
}

void BlockStrip::describe() {
    const auto now = std::ranges::find(m_parts, m_current, &explain::BlockPart::id);
    const QString part = now == m_parts.end() ? QString() : shown(now->name);
    describePicture(this, tr("Parts of the block"), m_backward ? tr("backward: %1").arg(part) : part);
}

QSize BlockStrip::sizeHint() const {
    return {Theme::instance().px(240), Theme::instance().px(blockStripStripHeight)};
}

QRectF BlockStrip::place(std::size_t part) const {
    const Theme& theme = Theme::instance();
    const auto wide = [&](std::size_t at) {
        return formulaWidth(theme.font(TextSize::text, true), shown(m_parts[at].symbol)) + theme.px(partInside);
    };
    double all = 0.0, before = 0.0;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        if (i < part) before += wide(i);
        all += wide(i);
    }
    const double gaps = std::max<double>(static_cast<double>(m_parts.size()) - 1.0, 1.0);
    const double arrow = std::clamp<double>((width() - all) / gaps, 0.0, theme.px(mostArrow));
    return {before + arrow * static_cast<double>(part), 1.0, wide(part), height() - 2.0};
}

void BlockStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor way = theme.color(m_backward ? Role::wrong : Role::accent);
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const QRectF box = place(i);
        const bool here = m_parts[i].id == m_current, leads = target(i) >= 0;
        drawFrame(painter, box, theme.px(3), here ? way : theme.color(leads ? Role::controlBorder : Role::hairline),
                  theme.color(here ? (m_backward ? Role::wrongBackground : Role::selection) : Role::panel),
                  here ? 1.5 * theme.scale() : 0.0);
        painter.setFont(theme.font(TextSize::text, here));
        painter.setPen(here && m_backward ? way : theme.color(leads ? Role::text : Role::muted));
        drawFormula(painter, box, Qt::AlignHCenter, shown(m_parts[i].symbol));
        if (i + 1 == m_parts.size()) break;
        const QRectF next = place(i + 1);
        if (next.left() - box.right() < theme.px(leastArrow)) continue;
        const double y = box.center().y(), tip = theme.px(4), from = box.right() + theme.px(3), to = next.left() - theme.px(3);
        painter.setPen(QPen(m_backward ? way : theme.color(Role::muted), 1.2 * theme.scale()));
        painter.drawLine(QPointF(from, y), QPointF(to, y));
        const double end = m_backward ? from : to, back = m_backward ? tip : -tip;
        painter.drawLine(QPointF(end, y), QPointF(end + back, y - tip));
        painter.drawLine(QPointF(end, y), QPointF(end + back, y + tip));
    }
}

int BlockStrip::partAt(const QPointF& point) const {
    for (std::size_t i = 0; i < m_parts.size(); ++i)
        if (place(i).contains(point)) return static_cast<int>(i);
    return -1;
}

bool BlockStrip::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const int part = partAt(help->pos());
    if (part < 0)
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), plainFormula(shown(m_parts[static_cast<std::size_t>(part)].name)), this);
    return true;
}

void BlockStrip::mousePressEvent(QMouseEvent* event) {
    const int part = partAt(event->position());
    if (event->button() == Qt::LeftButton && part >= 0 && target(static_cast<std::size_t>(part)) >= 0)
        emit chosen(target(static_cast<std::size_t>(part)));
}

/// To the next part that has stages of this direction.
void BlockStrip::move(int by) {
    const auto now = std::ranges::find(m_parts, m_current, &explain::BlockPart::id) - m_parts.begin();
    for (auto at = now + by; at >= 0 && at < std::ssize(m_parts); at += by)
        if (target(static_cast<std::size_t>(at)) >= 0) return emit chosen(target(static_cast<std::size_t>(at)));
}

void BlockStrip::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Left)
        move(-1);
    else if (event->key() == Qt::Key_Right)
        move(1);
    else
        event->ignore();
}

}  // namespace lab
