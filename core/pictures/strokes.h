#pragma once

#include <array>
#include <span>
#include <vector>

namespace lab {

/// x to the right, y down; a shape fits into -1 .. 1.
struct StrokePoint {
    float x = 0;
    float y = 0;
};

/// Points that a pen goes through without being lifted.
using Stroke = std::vector<StrokePoint>;

/// What shapeNames[shape] is drawn by.
const std::vector<Stroke>& strokesOf(int shape);

/// A picture that is drawn on: light 0 .. 1.
struct Canvas {
    int width = 0;
    int height = 0;
    std::vector<float> light;  ///< [height, width]
};

/// Draws with a round pen: within `thickness` / 2 of the line a pixel gets `ink` where it is darker than that, and its edge is smoothed
/// over one pixel. Points in pixels, the centre of the first at .5.
void drawStroke(Canvas& canvas, std::span<const StrokePoint> points, float thickness, float ink);

}  // namespace lab
