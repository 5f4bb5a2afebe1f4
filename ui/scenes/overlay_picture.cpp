#include "ui/scenes/overlay_picture.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int overlayMargin = 6, overlaySide = 360, overlayLeast = 120;  // logical px at 100 %

}  // namespace

OverlayPicture::OverlayPicture(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    FocusRing::exempt(this);
    describe();
}

void OverlayPicture::set(const OverlayScene& scene, const AttentionOverlay* overlay) {
    m_scene = scene;
    m_hasOverlay = overlay;
    m_overlay = overlay ? *overlay : AttentionOverlay{};
    if (m_hovered >= scene.frame.patches()) setHovered(-1);
    if (m_framed >= scene.frame.patches()) m_framed = -1;
    describe();
    update();
}

void OverlayPicture::setStrength(OverlayStrength strength) {
    m_strength = strength;
    update();
}

void OverlayPicture::setFramed(int patch) {
    if (patch == m_framed) return;
    m_framed = patch < m_scene.frame.patches() ? patch : -1;
    update();
}

QRectF OverlayPicture::pictureRect() const {
    const double margin = Theme::instance().px(overlayMargin);
    return m_scene.picture.isNull() ? QRectF() : overlayRect(QRectF(rect()).adjusted(margin, margin, -margin, -margin), m_scene.frame);
}

QString OverlayPicture::numberOf(double value) const {
    return m_scene.change ? signedFixed(value, 4) : fixed(value, 4);
}

QString OverlayPicture::readingOf(int patch) const {
    const auto i = static_cast<std::size_t>(patch);
    if (patch < 0 || i >= m_overlay.values.size()) return {};
    const float value = m_overlay.values[i];
    return tr("%1: %2").arg(patchName(m_scene.frame, patch),
                            std::isnan(value) ? tr("may not be looked at") : numberOf(static_cast<double>(value)));
}

QString OverlayPicture::reading() const {
    return readingOf(m_hovered);
}

void OverlayPicture::describe() {
    if (m_scene.empty()) return describePicture(this, tr("Attention over the picture"));
    QStringList said{tr("query: %1").arg(queryName(m_scene))};
    const auto strongest = std::ranges::max_element(
        m_overlay.values, [](float a, float b) { return (std::isnan(a) ? 0 : std::abs(a)) < (std::isnan(b) ? 0 : std::abs(b)); });
    if (strongest != m_overlay.values.end())
        said << tr("most on %1").arg(readingOf(static_cast<int>(strongest - m_overlay.values.begin())));
    if (m_overlay.classValue && std::isfinite(*m_overlay.classValue)) said << tr("class token: %1").arg(numberOf(*m_overlay.classValue));
    describePicture(this, tr("Attention over the picture, %1").arg(m_overlay.name), said.join(QStringLiteral("; ")));
}

QSize OverlayPicture::sizeHint() const {
    return QSize(1, 1) * Theme::instance().px(overlaySide);
}

QSize OverlayPicture::minimumSizeHint() const {
    return QSize(1, 1) * Theme::instance().px(overlayLeast);
}

void OverlayPicture::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (m_scene.picture.isNull()) return paintEmpty(painter, rect(), tr("The picture is on its way"), 8);
    const double margin = Theme::instance().px(overlayMargin);
    const QRectF room = QRectF(rect()).adjusted(margin, margin, -margin, -margin);
    const QRectF picture = paintOverlay(painter, room, m_scene, m_overlay, m_hasOverlay ? m_strength : OverlayStrength::picture);
    const Theme& theme = Theme::instance();
    if (const int patch = framedPatch(); patch >= 0)
        drawFrame(painter, patchField(picture, m_scene.frame, patch), 0, theme.color(Role::text), Qt::transparent, 1);
    if (hasFocus() && FocusRing::byKeyboard()) drawFocusRing(painter, picture, theme.px(2));
}

void OverlayPicture::setHovered(int patch) {
    if (patch == m_hovered) return;
    m_hovered = patch;
    update();
    emit hovered(patch);
}

bool OverlayPicture::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = reading();
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), text, this);
    return true;
}

void OverlayPicture::mouseMoveEvent(QMouseEvent* event) {
    setHovered(m_scene.picture.isNull() ? -1 : patchAt(pictureRect(), m_scene.frame, event->position()));
}

void OverlayPicture::leaveEvent(QEvent*) {
    setHovered(-1);
}

void OverlayPicture::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || m_scene.picture.isNull()) return;
    const int patch = patchAt(pictureRect(), m_scene.frame, event->position());
    if (patch >= 0) emit patchChosen(patch);
}

/// From the class token the first step leads to the first patch.
bool OverlayPicture::moveBy(int columns, int rows) {
    if (m_scene.picture.isNull()) return false;
    const int across = m_scene.frame.columns(), from = m_scene.queryPatch;
    if (from < 0) {
        emit patchChosen(0);
        return true;
    }
    const int x = std::clamp(from % across + columns, 0, across - 1);
    const int y = std::clamp(from / across + rows, 0, m_scene.frame.rows() - 1);
    emit patchChosen(y * across + x);
    return true;
}

void OverlayPicture::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
            if (moveBy(-1, 0)) return;
            break;
        case Qt::Key_Right:
            if (moveBy(1, 0)) return;
            break;
        case Qt::Key_Up:
            if (moveBy(0, -1)) return;
            break;
        case Qt::Key_Down:
            if (moveBy(0, 1)) return;
            break;
        case Qt::Key_Home:
        case Qt::Key_C:
            emit patchChosen(-1);
            return;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

}  // namespace lab
