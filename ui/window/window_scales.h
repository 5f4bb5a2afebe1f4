#pragma once

#include <QSize>
#include <array>
#include <cstddef>

namespace lab {

/// The sizes that letters and everything else can have.
constexpr std::array scales{1.0, 1.25, 1.5, 2.0};
/// Width of the open Experiment panel, logical px at 100 %.
constexpr int openPanelWidth = 280;

/// The place in `scales` of the one nearest to this.
std::size_t nearestScale(double scale);
/// The largest that leaves a window of this size enough of the page.
double largestScaleFor(const QSize& window);

}  // namespace lab
