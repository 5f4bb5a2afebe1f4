#pragma once

#include <QPolygonF>
#include <QRectF>
#include <vector>

namespace lab {

/// What of a line lies inside a rectangle, in pieces; points that are not finite interrupt it.
std::vector<QPolygonF> clippedLine(const QPolygonF& line, const QRectF& room);

/// A line of ascending x with at most four points (first, lowest, highest, last) for each 1/columnsPerPx px: looks the same, however
/// many points there were.
QPolygonF thinnedLine(const QPolygonF& line, double columnsPerPx);

}  // namespace lab
