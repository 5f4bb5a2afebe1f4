#pragma once

#include "ui/widgets/map_figure.h"

namespace lab {

/// The weights of one query as bars over their keys, with their sum, for paper.
class RowFigure : public Figure {
public:
    MapPanel panel;  ///< the head
    int query = 0;
    double sum = 0;  ///< of the row, from whoever knows it exactly

    QSizeF size() const override;
    void paint(QPainter& painter) const override;
    FigureTable table() const override;

private:
    double barWidth() const;
    QString sumText() const;
    void paintAxis(QPainter& painter, const QRectF& room) const;
    void paintBars(QPainter& painter, const QRectF& room) const;
};

}  // namespace lab
