#pragma once

#include <QRectF>
#include <optional>

#include "core/memory/pattern.h"

class QPainter;

namespace lab {

/// What is drawn over the pixels of a pattern.
struct PatternMarks {
    const Pattern* right = nullptr;  ///< pixels unlike this one's bear a cross, where there is room for one
    std::optional<int> pixel{};      ///< the one in hand
};

/// Where the pixels lie: whole device pixels each where there is room for that, in the middle of `room`.
QRectF patternRect(const QPainter& painter, const QRectF& room, int rows, int columns);
/// On is blue, off the screen.
void paintPattern(QPainter& painter, const QRectF& room, const Pattern& pattern, const PatternMarks& marks = {});
/// The rectangle of a pixel within patternRect().
QRectF pixelRect(const QRectF& picture, int rows, int columns, int pixel);
/// The pixel at a place; nothing outside.
std::optional<int> pixelAt(const QRectF& picture, int rows, int columns, const QPointF& place);
QString nameOf(const Pattern& pattern);
/// "row 3, column 4", from 0.
QString pixelName(int pixel, int columns);

}  // namespace lab
