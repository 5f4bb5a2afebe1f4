#pragma once

#include <QImage>
#include <QString>
#include <QStringList>
#include <vector>

#include "ui/widgets/map_data.h"

class QPainter;

namespace lab {

/// One map of a figure with its own rows and columns.
struct MapPanel {
    QString title;  ///< "layer 0, head 0"
    MapData data;
    QStringList rowLabels;     ///< what the queries are, one a row
    QStringList columnLabels;  ///< what the keys are, one a column
};

/// Maps as a picture for paper: axes, labels, one colour scale for all, a title and a caption. Drawn in the theme's colours.
struct MapFigure {
    QString title;
    QString caption;
    QString quantity;  ///< what the scale measures: "weight"
    ColorScaling scaling;
    int columns = 1;  ///< panels side by side
    std::vector<MapPanel> panels;

    /// In logical px at 100 %.
    QSizeF size() const;
    void paint(QPainter& painter) const;
    /// The figure with `dots` pixels for each logical one.
    QImage image(double dots) const;

private:
    double cellSide() const;
    QSizeF panelSize(const MapPanel& panel) const;
    QSizeF gridStep() const;
    double captionHeight(double width) const;
    void paintPanel(QPainter& painter, const MapPanel& panel, const QPointF& at) const;
    void paintScale(QPainter& painter, const QPointF& at) const;
};

}  // namespace lab
