#include "core/pictures/strokes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/tasks/pictures_config.h"

namespace lab {
namespace {

/// Degrees from the right over the bottom, as y goes down.
struct Arc {
    float x, y, rx, ry, from, to;
};

void add(Stroke& stroke, const Arc& arc) {
    constexpr float step = 30;
    const int pieces = std::max(1, static_cast<int>(std::ceil(std::abs(arc.to - arc.from) / step)));
    for (int i = 0; i <= pieces; ++i) {
        const float degrees = arc.from + (arc.to - arc.from) * static_cast<float>(i) / static_cast<float>(pieces);
        const float angle = degrees * std::numbers::pi_v<float> / 180;
        stroke.push_back({arc.x + arc.rx * std::cos(angle), arc.y + arc.ry * std::sin(angle)});
    }
}

void add(Stroke& stroke, const StrokePoint& point) {
    stroke.push_back(point);
}

template <class... Parts>
Stroke strokeThrough(const Parts&... parts) {
    Stroke stroke;
    (add(stroke, parts), ...);
    return stroke;
}

/// A pentagram, without lifting the pen.
Stroke starStroke() {
    Stroke stroke;
    for (int i = 0; i <= 5; ++i)
        add(stroke, Arc{0, 0.05F, 0.95F, 0.95F, -90.F + 144.F * static_cast<float>(i), -90.F + 144.F * static_cast<float>(i)});
    return stroke;
}

using P = StrokePoint;

std::vector<std::vector<Stroke>> allStrokes() {
    return {
        {strokeThrough(Arc{0, 0, .55F, .9F, 0, 360})},                                                                           // 0
        {strokeThrough(P{-.3F, -.55F}, P{.05F, -.9F}, P{.05F, .9F})},                                                            // 1
        {strokeThrough(Arc{0, -.4F, .5F, .5F, 180, 400}, P{-.55F, .9F}, P{.55F, .9F})},                                          // 2
        {strokeThrough(Arc{-.05F, -.45F, .5F, .45F, 200, 450}), strokeThrough(Arc{-.05F, .45F, .55F, .45F, 270, 510})},          // 3
        {strokeThrough(P{.25F, .9F}, P{.25F, -.9F}, P{-.6F, .35F}, P{.6F, .35F})},                                               // 4
        {strokeThrough(P{.45F, -.9F}, P{-.4F, -.9F}, Arc{-.02F, .35F, .52F, .55F, 215, 500})},                                   // 5
        {strokeThrough(Arc{.45F, .4F, .95F, 1.3F, 262, 180}, Arc{0, .4F, .5F, .5F, 180, -180})},                                 // 6
        {strokeThrough(P{-.55F, -.9F}, P{.55F, -.9F}, P{-.15F, .9F})},                                                           // 7
        {strokeThrough(Arc{0, -.45F, .42F, .43F, 0, 360}), strokeThrough(Arc{0, .45F, .52F, .46F, 0, 360})},                     // 8
        {strokeThrough(Arc{0, -.4F, .5F, .5F, 0, -360}, Arc{-.45F, -.4F, .95F, 1.3F, 0, 82})},                                   // 9
        {strokeThrough(P{0, -.85F}, P{.85F, .75F}, P{-.85F, .75F}, P{0, -.85F})},                                                // triangle
        {strokeThrough(P{-.75F, -.75F}, P{.75F, -.75F}, P{.75F, .75F}, P{-.75F, .75F}, P{-.75F, -.75F})},                        // square
        {strokeThrough(P{0, -.9F}, P{0, .9F}), strokeThrough(P{-.9F, 0}, P{.9F, 0})},                                            // cross
        {strokeThrough(P{-.9F, 0}, P{.9F, 0}), strokeThrough(P{.3F, -.55F}, P{.9F, 0}, P{.3F, .55F})},                           // arrow
        {starStroke()},                                                                                                          // star
        {strokeThrough(P{0, .9F}, Arc{-.43F, -.35F, .43F, .43F, 160, 360}, Arc{.43F, -.35F, .43F, .43F, 180, 380}, P{0, .9F})},  // heart
    };
}

float squareOf(float x) {
    return x * x;
}

/// Of a pixel's centre from the line between two points.
float distanceTo(const StrokePoint& a, const StrokePoint& b, float x, float y) {
    const float dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    const float along = length > 0 ? std::clamp(((x - a.x) * dx + (y - a.y) * dy) / length, 0.F, 1.F) : 0.F;
    return std::sqrt(squareOf(x - a.x - along * dx) + squareOf(y - a.y - along * dy));
}

/// First and last pixel that may be touched along one side of the canvas.
std::pair<int, int> reach(float a, float b, float radius, int size) {
    const auto first = static_cast<int>(std::floor(std::min(a, b) - radius)), last = static_cast<int>(std::floor(std::max(a, b) + radius));
    return {std::max(first, 0), std::min(last, size - 1)};
}

}  // namespace

const std::vector<Stroke>& strokesOf(int shape) {
    static const std::vector<std::vector<Stroke>> all = allStrokes();
    return all[static_cast<std::size_t>(shape)];
}

void drawStroke(Canvas& canvas, std::span<const StrokePoint> points, float thickness, float ink) {
    const float radius = thickness / 2 + 0.5F;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const StrokePoint &a = points[i], &b = points[i + 1];
        const auto [left, right] = reach(a.x, b.x, radius, canvas.width);
        const auto [top, bottom] = reach(a.y, b.y, radius, canvas.height);
        for (int y = top; y <= bottom; ++y)
            for (int x = left; x <= right; ++x) {
                const float distance = distanceTo(a, b, static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F);
                float& light = canvas.light[static_cast<std::size_t>(y * canvas.width + x)];
                light = std::max(light, ink * std::clamp(radius - distance, 0.F, 1.F));
            }
    }
}

}  // namespace lab
