#pragma once

#include <QRectF>
#include <vector>

#include "ui/widgets/color_map.h"

class QPainter;

namespace lab {

/// How a vector is drawn as a picture.
struct VectorForm {
    int rows = 1, columns = 1;
    bool picture = false;  ///< of +1 and -1: on is blue, off the screen
    ColorScaling scaling{ColorMap::Kind::balance, -1, 1};
};

/// As near to a square as the count allows; 16 x 16 for 256.
VectorForm formOf(int dimension);
/// In the middle of `room`, with square pixels of whole device px where there is room for them; returns where it stands.
QRectF paintVector(QPainter& painter, const QRectF& room, const std::vector<double>& values, const VectorForm& form);

}  // namespace lab
