#pragma once

#include <QPainter>

#include "ui/pages/stream/lens_scene.h"
#include "ui/widgets/map/map_layout.h"

namespace lab {

/// Where the cells of a lens lie, in device-independent px. Names of rows and columns keep their place while cells are scrolled.
struct LensLayout {
    double left = 0, top = 0;  ///< of the cells' room
    QSizeF cell;
    QSizeF room;         ///< of the cells that are looked at
    QPointF offset;      ///< of the first of them
    double lastGap = 0;  ///< before the last row

    QRectF cellRect(const LensScene& scene, MapCell at) const;
    MapCell cellAt(const LensScene& scene, const QPointF& position) const;
    QSizeF whole(const LensScene& scene) const;  ///< of all cells
};

/// In so much room; without a limit for paper.
LensLayout layoutOf(const LensScene& scene, const QSizeF& room);
/// `chosen`: the cell in hand, whose row and column are framed; `hovered` is framed alone.
void paintLens(QPainter& painter, const LensScene& scene, const LensLayout& layout, MapCell chosen, MapCell hovered);

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
