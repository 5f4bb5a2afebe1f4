#pragma once

#include "ui/widgets/map/map_figure.h"

namespace lab {

/// The weights of one query as bars over their keys, with their sum, for paper.
class RowFigure : public Figure {
public:
    MapPanel panel;  ///< the head
    int query = 0;
    double sum = 0;  ///< of the row, from whoever knows it exactly

    FigureTable table() const override;

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;

private:
    double barWidth(double width) const;
    QString sumText() const;
    void paintAxis(QPainter& painter, const QRectF& room) const;
    void paintBars(QPainter& painter, const QRectF& room) const;
};

}  // namespace lab
