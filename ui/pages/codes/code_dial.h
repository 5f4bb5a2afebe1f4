#pragma once

#include <QPainter>

namespace lab {

/// One slot of a code, as it stands.
struct DialLook {
    int codes = 2;  ///< K
    int code = -1;  ///< 0 .. codes - 1; negative: not known
    bool hovered = false;
    bool turned = false;  ///< by hand: where it stood is marked as well
    int before = -1;      ///< that code
};

/// A dial of 270 degrees with a mark for each code, from the lower left to the lower right, into a square.
void paintDial(QPainter& painter, const QRectF& square, const DialLook& look);
/// A switch of two codes, 1 above.
void paintSwitch(QPainter& painter, const QRectF& square, const DialLook& look);

/// The code whose mark lies nearest to a point on the dial; -1 near its middle, which points nowhere.
int dialCodeAt(const QRectF& square, int codes, const QPointF& point);

}  // namespace lab
