#pragma once

#include <QPainter>

#include "core/explain/statements/drawing.h"

namespace lab {

/// Draws it into a rectangle, without its title.
void paintDrawing(QPainter& painter, const QRectF& place, const explain::Drawing& drawing);

}  // namespace lab
