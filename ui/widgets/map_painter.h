#pragma once

#include <QString>
#include <vector>

#include "ui/widgets/heatmap.h"

// How a heatmap is measured and painted, apart from its behaviour.

namespace lab {

struct MapLabels {
    const std::vector<QString>& rowTokens;
    const std::vector<QString>& columnTokens;
    const QString& rowCaption;
    const QString& columnCaption;
};

/// `dots` device pixels make one device-independent px. What `view` asks for beyond the map's edges is moved inside.
MapLayout layoutMap(const MapData& data, const MapLabels& labels, QSize room, double dots, const MapView& view = {});
/// The largest side of a cell.
double largestCell();

void paintMapLabels(QPainter& painter, const MapLayout& layout, const MapData& data, const MapLabels& labels, MapCell shown);
void paintMapGaps(QPainter& painter, const MapLayout& layout, const MapData& data);
void paintMapNumbers(QPainter& painter, const MapLayout& layout, const MapData& data, const ColorScaling& scaling);
/// Dashed frames along a row and a column.
void paintMapFrames(QPainter& painter, const MapLayout& layout, MapCell cell);
/// What is not lit steps back.
void paintMapLight(QPainter& painter, const MapLayout& layout, const MapLight& light);
/// Nested outlines, visible on any colour.
void paintMapSelection(QPainter& painter, const QRectF& cell, bool focused);

}  // namespace lab
