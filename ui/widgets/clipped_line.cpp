#include "ui/widgets/clipped_line.h"

#include <QLineF>
#include <algorithm>
#include <cmath>
#include <optional>

namespace lab {
namespace {

bool isFinite(const QPointF& point) {
    return std::isfinite(point.x()) && std::isfinite(point.y());
}

/// Liang and Barsky's clipping of one segment.
std::optional<QLineF> clippedSegment(const QPointF& a, const QPointF& b, const QRectF& room) {
    double from = 0, to = 1;
    const double dx = b.x() - a.x(), dy = b.y() - a.y();
    const double slopes[] = {-dx, dx, -dy, dy};
    const double distances[] = {a.x() - room.left(), room.right() - a.x(), a.y() - room.top(), room.bottom() - a.y()};
    for (int side = 0; side < 4; ++side) {
        const double slope = slopes[side], distance = distances[side];
        if (slope == 0) {
            if (distance < 0) return std::nullopt;
            continue;
        }
        if (slope < 0)
            from = std::max(from, distance / slope);
        else
            to = std::min(to, distance / slope);
    }
    if (from > to) return std::nullopt;
    // The ends themselves where nothing was cut off, so that pieces join exactly.
    const QPointF begin = from == 0 ? a : a + from * (b - a), end = to == 1 ? b : a + to * (b - a);
    return QLineF(begin, end);
}

}  // namespace

std::vector<QPolygonF> clippedLine(const QPolygonF& line, const QRectF& room) {
    std::vector<QPolygonF> parts;
    for (qsizetype i = 1; i < line.size(); ++i) {
        if (!isFinite(line[i - 1]) || !isFinite(line[i])) continue;
        const auto segment = clippedSegment(line[i - 1], line[i], room);
        if (!segment) continue;
        if (parts.empty() || parts.back().back() != segment->p1()) parts.push_back({segment->p1()});
        parts.back() << segment->p2();
    }
    return parts;
}

QPolygonF thinnedLine(const QPolygonF& line, double columnsPerPx) {
    QPolygonF result;
    for (qsizetype begin = 0; begin < line.size();) {
        const double column = std::floor(line[begin].x() * columnsPerPx);
        qsizetype end = begin, low = begin, high = begin;
        for (; end < line.size() && std::floor(line[end].x() * columnsPerPx) == column && std::isfinite(line[end].y()); ++end) {
            if (line[end].y() < line[low].y()) low = end;
            if (line[end].y() > line[high].y()) high = end;
        }
        if (end == begin) {  // not finite: stays, as an interruption
            result << line[begin++];
            continue;
        }
        qsizetype kept[] = {begin, std::min(low, high), std::max(low, high), end - 1};
        for (auto it = std::begin(kept); it != std::unique(std::begin(kept), std::end(kept)); ++it) result << line[*it];
        begin = end;
    }
    return result;
}

}  // namespace lab
