#include "ui/pages/codes/code_flow.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cstdlib>

#include "ui/pages/codes/code_dial.h"
#include "ui/pages/codes/code_flow_paint.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr int usualFlowWidth = 1160;  // logical px at 100 %
constexpr int wheelNotch = 120;       // eighths of a degree

}  // namespace

CodeFlow::CodeFlow(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    FocusRing::exempt(this);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    whenThemed(this, &CodeFlow::arrange);
    describe();
}

void CodeFlow::setScene(CodeFlowScene scene) {
    const bool otherShape = scene.shape.slotCount != m_scene.shape.slotCount || scene.shape.codes != m_scene.shape.codes;
    m_scene = std::move(scene);
    if (m_slot >= m_scene.shape.slotCount) m_slot = -1;
    if (otherShape) m_turning = false;
    arrange();
    describe();
}

void CodeFlow::setSlot(int slot) {
    m_slot = slot >= 0 && slot < m_scene.shape.slotCount ? slot : -1;
    describe();
    update();
}

void CodeFlow::arrange() {
    const double before = m_layout.height;
    m_layout = CodeFlowLayout::of(m_scene, rect());
    if (m_layout.height != before) updateGeometry();
    update();
}

void CodeFlow::resizeEvent(QResizeEvent*) {
    arrange();
}

QSize CodeFlow::sizeHint() const {
    return {Theme::instance().px(usualFlowWidth), static_cast<int>(m_layout.height)};
}

QSize CodeFlow::minimumSizeHint() const {
    return {CodeFlowLayout::leastWidth(), static_cast<int>(m_layout.height)};
}

QRect CodeFlow::dialRect(int slot) const {
    return slot >= 0 && slot < m_scene.shape.slotCount ? m_layout.dialRect(static_cast<std::size_t>(slot)).toRect() : QRect();
}

bool CodeFlow::isTurnedAnywhere() const {
    return m_scene.turned != m_scene.code;
}

int CodeFlow::slotAt(const QPointF& point) const {
    for (std::size_t slot = 0; slot < m_layout.slotRooms.size(); ++slot)
        if (m_layout.slotRooms[slot].contains(point)) return static_cast<int>(slot);
    return -1;
}

void CodeFlow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    paintCodeFlow(painter, rect(), m_scene, {m_slot, m_hovered, hasFocus() && FocusRing::byKeyboard()});
}

void CodeFlow::choose(int slot) {
    const int chosen = std::clamp(slot, 0, std::max(0, m_scene.shape.slotCount - 1));
    if (chosen == m_slot) return;
    setSlot(chosen);
    emit slotChosen(m_slot);
}

void CodeFlow::turnTo(int code) {
    if (m_slot < 0 || !m_scene.known()) return;
    const int wanted = std::clamp(code, 0, m_scene.shape.codes - 1);
    if (wanted != m_scene.turned[static_cast<std::size_t>(m_slot)]) emit turned(m_slot, wanted);
}

void CodeFlow::turnBy(int codes) {
    if (m_slot < 0 || !m_scene.known()) return;
    turnTo(m_scene.turned[static_cast<std::size_t>(m_slot)] + codes);
}

void CodeFlow::turnTowards(const QPointF& point) {
    if (const int code = dialCodeAt(m_layout.dialRect(static_cast<std::size_t>(m_slot)), m_scene.shape.codes, point); code >= 0)
        turnTo(code);
}

/// The first click takes the slot in hand, the next ones turn it.
void CodeFlow::mousePressEvent(QMouseEvent* event) {
    const int slot = slotAt(event->position());
    if (event->button() != Qt::LeftButton || slot < 0) return QWidget::mousePressEvent(event);
    m_turning = slot == m_slot;
    if (!m_turning) return choose(slot);
    if (!m_scene.known()) return;
    if (m_scene.switches())
        turnTo(1 - m_scene.turned[static_cast<std::size_t>(slot)]);
    else
        turnTowards(event->position());
}

void CodeFlow::mouseMoveEvent(QMouseEvent* event) {
    hover(slotAt(event->position()));
    if (m_turning && event->buttons().testFlag(Qt::LeftButton) && !m_scene.switches() && m_slot >= 0) turnTowards(event->position());
}

void CodeFlow::mouseReleaseEvent(QMouseEvent*) {
    m_turning = false;
}

void CodeFlow::leaveEvent(QEvent*) {
    hover(-1);
}

void CodeFlow::hover(int slot) {
    if (slot == m_hovered) return;
    m_hovered = slot;
    update();
}

/// Only over the slot in hand: else the page scrolls.
void CodeFlow::wheelEvent(QWheelEvent* event) {
    const int by = event->angleDelta().y();
    if (by == 0 || m_slot < 0 || slotAt(event->position()) != m_slot) return event->ignore();
    event->accept();
    m_wheel += by;
    const int notches = m_wheel / wheelNotch;
    m_wheel -= notches * wheelNotch;
    if (notches != 0) turnBy(notches);
}

bool CodeFlow::takesKey(int key) const {
    switch (key) {
        case Qt::Key_Left:
        case Qt::Key_Right:
        case Qt::Key_Up:
        case Qt::Key_Down:
        case Qt::Key_PageUp:
        case Qt::Key_PageDown:
        case Qt::Key_Home:
        case Qt::Key_End:
            return m_scene.shape.slotCount > 0;
        case Qt::Key_Escape:
            return isTurnedAnywhere();
        default:
            return false;
    }
}

void CodeFlow::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    if (!takesKey(key)) return QWidget::keyPressEvent(event);
    if (key == Qt::Key_Escape) return emit backWanted();
    if (key == Qt::Key_Home) return choose(0);
    if (key == Qt::Key_End) return choose(m_scene.shape.slotCount - 1);
    if (m_slot < 0) return choose(0);
    if (key == Qt::Key_Left || key == Qt::Key_Right) return choose(m_slot + (key == Qt::Key_Right ? 1 : -1));
    const int far = std::max(1, m_scene.shape.codes / 4);
    turnBy(key == Qt::Key_Up ? 1 : key == Qt::Key_Down ? -1 : key == Qt::Key_PageUp ? far : -far);
}

/// These keys are the dials' while the keyboard is here, not the window's.
bool CodeFlow::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (takesKey(key->key()) && !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier))) {
            event->accept();
            return true;
        }
    }
    if (event->type() == QEvent::ToolTip && m_scene.known()) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const int slot = slotAt(help->pos()); slot >= 0) {
            QToolTip::showText(help->globalPos(),
                               slotWords(slot) + QLatin1Char('\n') +
                                   tr("Up and Down, the wheel, or dragging send another code to the decoder; Escape gives this one back."),
                               this);
            return true;
        }
    }
    return QWidget::event(event);
}

void CodeFlow::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    const bool byKey = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    if (byKey && m_slot < 0 && m_scene.shape.slotCount > 0) choose(0);
    update();
}

void CodeFlow::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    m_turning = false;
    update();
}

QString CodeFlow::slotWords(int slot) const {
    const auto index = static_cast<std::size_t>(slot);
    const int code = m_scene.turned[index], last = m_scene.shape.codes - 1;
    if (m_scene.isTurned(index))
        return tr("Slot %1: code %2 of 0 to %3, by hand; its own is %4").arg(slot).arg(code).arg(last).arg(m_scene.code[index]);
    return tr("Slot %1: code %2 of 0 to %3").arg(slot).arg(code).arg(last);
}

void CodeFlow::describe() {
    QStringList words;
    if (m_scene.known()) {
        if (m_slot >= 0) words << slotWords(m_slot);
        QStringList written;
        for (const ReadBackToken& token : m_scene.written) written << token.text;
        words << tr("the decoder writes %1").arg(written.join(QLatin1Char(' '))) << m_scene.verdict;
    }
    words.removeAll(QString());
    describePicture(this, tr("Code of the sequence, slot by slot"), words.isEmpty() ? m_scene.emptyText : words.join(QStringLiteral(", ")));
}

}  // namespace lab
