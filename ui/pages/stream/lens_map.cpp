#include "ui/pages/stream/lens_map.h"

#include "ui/pages/stream/lens_picture.h"
#include "ui/widgets/accessible_picture.h"

namespace lab {
namespace {

constexpr int leastWidth = 300, leastHeight = 120, hintWidth = 700, hintHeight = 200;  // logical px at 100 %

}  // namespace

LensMap::LensMap(QWidget* parent) : CellMap(parent) {
    describe();
}

void LensMap::setScene(const LensScene& scene) {
    m_scene = scene;
    arrange();
    describe();
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

CellLayout& LensMap::layOut(const QSizeF& room) {
    m_layout = lensLayout(m_scene, room);
    m_layout.pinsRow = m_layout.pinsColumn = true;
    return m_layout;
}

void LensMap::describe() {
    const bool held = m_scene.contains(chosen().row, chosen().column);
    describePicture(this, tr("What the stream already says"), held ? m_scene.reading(chosen().row, chosen().column) : QString());
}

void LensMap::paintAll(QPainter& painter) {
    paintLens(painter, m_scene, m_layout, chosen(), hovered());
}

}  // namespace lab
