#include "ui/pages/maps/overlay_grid.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int overlayGap = 6, overlayNames = 18, overlayLayers = 22, overlaySmall = 84, overlayTiny = 24, overlayLargest = 160;

}  // namespace

OverlayGrid::OverlayGrid(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    describe();
}

void OverlayGrid::set(const OverlayScene& scene) {
    m_scene = scene;
    updateGeometry();
    describe();
    update();
}

void OverlayGrid::setStrength(OverlayStrength strength) {
    m_strength = strength;
    update();
}

void OverlayGrid::setChosen(int block, int head) {
    m_block = block;
    m_head = head;
    describe();
    update();
}

int OverlayGrid::rows() const {
    int rows = 0;
    for (const AttentionOverlay& overlay : m_scene.overlays) rows = std::max(rows, overlay.block + 1);
    return rows;
}

/// The rollout has the last one.
int OverlayGrid::columns() const {
    return m_scene.heads + (m_scene.find(0, -1) ? 1 : 0);
}

void OverlayGrid::describe() {
    const AttentionOverlay* overlay = m_scene.find(m_block, m_head);
    describePicture(this, tr("All heads over the picture"), overlay ? overlay->name : QString());
}

double OverlayGrid::side() const {
    const Theme& theme = Theme::instance();
    const double gap = theme.px(overlayGap);
    const double across = (width() - theme.px(overlayLayers)) / static_cast<double>(std::max(columns(), 1)) - gap;
    const double down = (height() - theme.px(overlayNames)) / static_cast<double>(std::max(rows(), 1)) - gap;
    return std::clamp(std::floor(std::min(across, down)), 1.0 * theme.px(overlayTiny), 1.0 * theme.px(overlayLargest));
}

QRectF OverlayGrid::room(int block, int column) const {
    const Theme& theme = Theme::instance();
    const double pitch = side() + theme.px(overlayGap);
    return {theme.px(overlayLayers) + column * pitch, theme.px(overlayNames) + block * pitch, side(), side()};
}

QRectF OverlayGrid::pictureRect(std::size_t index) const {
    if (index >= m_scene.overlays.size()) return {};
    const AttentionOverlay& overlay = m_scene.overlays[index];
    return overlayRect(room(overlay.block, overlay.isRollout() ? m_scene.heads : overlay.head), m_scene.frame);
}

QSize OverlayGrid::sizeHint() const {
    const Theme& theme = Theme::instance();
    const int pitch = theme.px(overlaySmall + overlayGap);
    return {theme.px(overlayLayers) + std::max(columns(), 1) * pitch, theme.px(overlayNames) + std::max(rows(), 1) * pitch};
}

QSize OverlayGrid::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    const int pitch = theme.px(overlayTiny + overlayGap);
    return {theme.px(overlayLayers) + std::max(columns(), 1) * pitch, theme.px(overlayNames) + std::max(rows(), 1) * pitch};
}

void OverlayGrid::paintNames(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    for (int column = 0; column < columns(); ++column) {
        const QRectF at = room(0, column);
        const QString name = column < m_scene.heads ? tr("head %1").arg(column) : tr("rollout");
        drawElided(painter, QRectF(at.left(), 0, at.width(), theme.px(overlayNames)), Qt::AlignHCenter, name);
    }
    for (int block = 0; block < rows(); ++block) {
        const QRectF at = room(block, 0);
        painter.save();
        painter.translate(theme.px(overlayLayers) / 2.0, at.center().y());
        painter.rotate(-90);
        drawElided(painter, QRectF(-at.height() / 2, -theme.px(8), at.height(), theme.px(16)), Qt::AlignHCenter, tr("layer %1").arg(block));
        painter.restore();
    }
}

void OverlayGrid::paintEvent(QPaintEvent*) {
    if (m_scene.empty()) return;
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    paintNames(painter);
    for (const AttentionOverlay& overlay : m_scene.overlays) {
        const QRectF place = room(overlay.block, overlay.isRollout() ? m_scene.heads : overlay.head);
        const QRectF picture = paintOverlay(painter, place, m_scene, overlay, m_strength);
        if (overlay.block != m_block || overlay.head != m_head) continue;
        const double line = theme.px(2);
        drawFrame(painter, picture.adjusted(-line, -line, line, line), 0, theme.color(Role::accent), Qt::transparent, line);
        if (hasFocus() && FocusRing::byKeyboard()) drawFocusRing(painter, picture.adjusted(-line, -line, line, line), theme.px(2));
    }
}

void OverlayGrid::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    for (const AttentionOverlay& overlay : m_scene.overlays)
        if (room(overlay.block, overlay.isRollout() ? m_scene.heads : overlay.head).contains(event->position()))
            return emit chosen(overlay.block, overlay.head);
}

void OverlayGrid::keyPressEvent(QKeyEvent* event) {
    int block = m_block, column = m_head < 0 ? m_scene.heads : m_head;
    switch (event->key()) {
        case Qt::Key_Left:
            --column;
            break;
        case Qt::Key_Right:
            ++column;
            break;
        case Qt::Key_Up:
            --block;
            break;
        case Qt::Key_Down:
            ++block;
            break;
        default:
            return QWidget::keyPressEvent(event);
    }
    if (m_scene.empty()) return;
    block = std::clamp(block, 0, rows() - 1);
    column = std::clamp(column, 0, columns() - 1);
    emit chosen(block, column < m_scene.heads ? column : -1);
}

}  // namespace lab
