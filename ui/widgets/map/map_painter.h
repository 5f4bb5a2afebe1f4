#pragma once

#include "ui/widgets/map/map_layout.h"

// A map's cells and what lies on them, for every form.

namespace lab {

/// All of it, on screen and on paper.
void paintMap(QPainter& painter, const MapForm& form, const MapContent& content, const MapLayout& layout, const MapMarks& marks = {});
/// Without what stands around: what a new value changes.
void paintMapInside(QPainter& painter, const MapForm& form, const MapContent& content, const MapLayout& layout, const MapMarks& marks);

/// The hatch of what is masked as shapes: Qt's vector files know neither clipping nor tiles.
void paintHatchShapes(QPainter& painter, const QRectF& rect);

}  // namespace lab
