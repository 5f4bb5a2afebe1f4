#include "ui/widgets/plot/plot_scene.h"

#include <algorithm>
#include <cmath>

namespace lab {
namespace {

// Shares of the values' span that stay free above and below them.
constexpr double functionAir = 0.06, progressAir = 0.05, logarithmicAir = 1.25;

}  // namespace

bool PlotScene::isEmpty() const {
    return std::all_of(series.begin(), series.end(), [](const PlotSeries& each) { return each.x.empty(); });
}

PlotAxis PlotScene::xAxis() const {
    if (xRange) return {xScale, xRange->first, std::max(xRange->second, xRange->first + 1e-9)};
    double right = 0;
    for (const PlotSeries& each : series)
        if (!each.x.empty()) right = std::max(right, each.x.back());
    return {xScale, 0, right > 0 ? right : 1};
}

PlotAxis PlotScene::yAxis() const {
    if (yRange) return {yScale, yRange->first, yRange->second};
    const bool logarithmic = yScale == AxisScale::logarithmic;
    double low = 1e300, high = -1e300;
    const auto take = [&](double y) {
        if (!std::isfinite(y) || (logarithmic && y <= 0)) return;
        low = std::min(low, y);
        high = std::max(high, y);
    };
    for (const PlotSeries& each : series)
        for (const auto* values : {&each.y, &each.low, &each.high}) std::for_each(values->begin(), values->end(), take);
    for (const Level& level : levels) take(level.y);
    if (low > high) return {yScale, logarithmic ? 0.1 : 0.0, 1};
    if (logarithmic) return {yScale, low / logarithmicAir, high * logarithmicAir};
    const double air = std::max((high - low) * (progress() ? progressAir : functionAir), std::max(std::abs(high), 1.0) * 1e-6);
    return {yScale, low - air, high + air};
}

}  // namespace lab
