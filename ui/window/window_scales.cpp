#include "ui/window/window_scales.h"

#include <cmath>

namespace lab {
namespace {

// What surrounds the page, and what LOOK.md 1 wants to remain of it when maximised; logical px at 100 %.
constexpr int frameWidth = 72 + 28;
constexpr int frameHeight = 56 + 64 + 60;
constexpr int leastPageWidth = 1180;
constexpr int leastPageHeight = 620;

}  // namespace

std::size_t nearestScale(double scale) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < scales.size(); ++i)
        if (std::abs(scales[i] - scale) < std::abs(scales[best] - scale)) best = i;
    return best;
}

double largestScaleFor(const QSize& window) {
    double best = scales.front();
    for (const double scale : scales)
        if (window.width() / scale - frameWidth >= leastPageWidth && window.height() / scale - frameHeight >= leastPageHeight) best = scale;
    return best;
}

}  // namespace lab
