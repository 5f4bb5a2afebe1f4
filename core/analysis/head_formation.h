#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace lab {

/// When a share that grew over training came to stay: from `step` on it never falls below half of its final value again.
struct Formation {
    std::int64_t step = 0;        ///< a step at which it was measured
    std::int64_t stepBefore = 0;  ///< the one measured before it: still below half
    double finalValue = 0.0;
};

/// `values` at ascending `steps`. Nothing when the last value is no positive number, or when it was never below half of it. A value that is
/// not a number counts as below.
std::optional<Formation> formationOf(std::span<const std::int64_t> steps, std::span<const double> values);

}  // namespace lab
