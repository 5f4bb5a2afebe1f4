#pragma once

namespace lab {

/// Of curves of a share in percent: a little room at both ends.
constexpr double percentLow = -1.5, percentHigh = 102;

}  // namespace lab
