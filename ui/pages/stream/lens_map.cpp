#include "ui/pages/stream/lens_map.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr int leastWidth = 300, leastHeight = 120, hintWidth = 700, hintHeight = 200;  // logical px at 100 %

}  // namespace

LensMap::LensMap(QWidget* parent) : QAbstractScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setAutoFillBackground(false);
    viewport()->setMouseTracking(true);
    describe();
    whenThemed(this, &LensMap::arrange);
}

void LensMap::setScene(const LensScene& scene) {
    m_scene = scene;
    arrange();
    describe();
}

void LensMap::setChosen(MapCell cell) {
    if (cell == m_chosen) return;
    m_chosen = cell;
    reveal();
    describe();
    viewport()->update();
}

QString LensMap::tip(MapCell cell) const {
    if (!m_scene.contains(cell.row, cell.column)) return {};
    return m_scene.reading(cell.row, cell.column) + QStringLiteral("\n\n") + m_scene.likeliest(cell.row, cell.column);
}

QSize LensMap::sizeHint() const {
    return {Theme::instance().px(hintWidth), Theme::instance().px(hintHeight)};
}

QSize LensMap::minimumSizeHint() const {
    return {Theme::instance().px(leastWidth), Theme::instance().px(leastHeight)};
}

void LensMap::arrange() {
    m_layout = layoutOf(m_scene, QSizeF(viewport()->size()));
    const QSizeF whole = m_layout.whole(m_scene);
    const auto scroll = [](QScrollBar* bar, double all, double room, double step) {
        bar->setRange(0, static_cast<int>(std::ceil(std::max(all - room, 0.0))));
        bar->setPageStep(std::max(static_cast<int>(room), 1));
        bar->setSingleStep(std::max(static_cast<int>(step), 1));
    };
    scroll(horizontalScrollBar(), whole.width(), m_layout.room.width(), m_layout.cell.width());
    scroll(verticalScrollBar(), whole.height(), m_layout.room.height(), m_layout.cell.height());
    m_layout.offset = QPointF(horizontalScrollBar()->value(), verticalScrollBar()->value());
    viewport()->update();
}

void LensMap::reveal() {
    if (!m_scene.contains(m_chosen.row, m_chosen.column)) return;
    const QRectF cell = m_layout.cellRect(m_scene, m_chosen);
    const QRectF room(QPointF(m_layout.left, m_layout.top), m_layout.room);
    const auto move = [](QScrollBar* bar, double from, double to, double least, double most) {
        if (from < least) bar->setValue(bar->value() - static_cast<int>(std::ceil(least - from)));
        if (to > most) bar->setValue(bar->value() + static_cast<int>(std::ceil(to - most)));
    };
    move(horizontalScrollBar(), cell.left(), cell.right(), room.left(), room.right());
    move(verticalScrollBar(), cell.top(), cell.bottom(), room.top(), room.bottom());
}

void LensMap::describe() {
    const bool held = m_scene.contains(m_chosen.row, m_chosen.column);
    describePicture(this, tr("What the stream already says"), held ? m_scene.reading(m_chosen.row, m_chosen.column) : QString());
}

void LensMap::choose(MapCell cell) {
    if (!m_scene.contains(cell.row, cell.column)) return;
    setChosen(cell);
    emit chosenByHand(cell.row, cell.column);
}

void LensMap::setHovered(MapCell cell) {
    if (cell == m_hovered) return;
    m_hovered = cell;
    viewport()->update();
    emit hoverChanged(cell.row, cell.column);
}

bool LensMap::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) setHovered({});
    if (event->type() != QEvent::ToolTip) return QAbstractScrollArea::viewportEvent(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const QString said = tip(m_layout.cellAt(m_scene, help->pos()));
    if (said.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), said, this);
    return true;
}

void LensMap::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    paintLens(painter, m_scene, m_layout, m_chosen, m_hovered);
}

void LensMap::resizeEvent(QResizeEvent*) {
    arrange();
    reveal();
}

void LensMap::scrollContentsBy(int, int) {
    m_layout.offset = QPointF(horizontalScrollBar()->value(), verticalScrollBar()->value());
    viewport()->update();
}

void LensMap::mouseMoveEvent(QMouseEvent* event) {
    setHovered(m_layout.cellAt(m_scene, event->position()));
}

void LensMap::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) choose(m_layout.cellAt(m_scene, event->position()));
}

void LensMap::mouseDoubleClickEvent(QMouseEvent* event) {
    const MapCell cell = m_layout.cellAt(m_scene, event->position());
    if (cell.valid()) emit activated(cell.row, cell.column);
}

void LensMap::keyPressEvent(QKeyEvent* event) {
    if (m_scene.empty()) return QAbstractScrollArea::keyPressEvent(event);
    MapCell to = m_chosen;
    switch (event->key()) {
        case Qt::Key_Left:
            --to.column;
            break;
        case Qt::Key_Right:
            ++to.column;
            break;
        case Qt::Key_Up:
            --to.row;
            break;
        case Qt::Key_Down:
            ++to.row;
            break;
        case Qt::Key_Home:
            to.column = 0;
            break;
        case Qt::Key_End:
            to.column = m_scene.columns() - 1;
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_chosen.valid()) emit activated(m_chosen.row, m_chosen.column);
            return;
        default:
            return QAbstractScrollArea::keyPressEvent(event);
    }
    choose(to);
}

}  // namespace lab
