#pragma once

#include <QPainter>

#include "ui/pages/stream/cell_map.h"
#include "ui/pages/stream/lens_scene.h"

namespace lab {

/// In so much room; without a limit for paper.
CellLayout lensLayout(const LensScene& scene, const QSizeF& room);
/// `chosen`: the cell in hand, whose row and column are framed; `hovered` is framed alone.
void paintLens(QPainter& painter, const LensScene& scene, const CellLayout& layout, MapCell chosen, MapCell hovered);

/// The same for paper, with its scale.
class LensFigure : public Figure {
public:
    LensScene scene;
    QString check;  ///< below the scale

    FigureTable table() const override { return scene.table(); }

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;
};

}  // namespace lab
