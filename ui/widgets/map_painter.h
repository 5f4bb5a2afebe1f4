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

/// `dots` device pixels make one device-independent px.
MapLayout layoutMap(const MapData& data, const MapLabels& labels, QSize room, double dots);

void paintMapLabels(QPainter& painter, const MapLayout& layout, const MapData& data, const MapLabels& labels, MapCell shown);
void paintMapGaps(QPainter& painter, const MapLayout& layout, const MapData& data);
void paintMapNumbers(QPainter& painter, const MapLayout& layout, const MapData& data, const ColorScaling& scaling);
/// Dashed frames along a row and a column.
void paintMapFrames(QPainter& painter, const MapLayout& layout, MapCell cell);
/// Nested outlines, visible on any colour.
void paintMapSelection(QPainter& painter, const QRectF& cell, bool focused);

}  // namespace lab
