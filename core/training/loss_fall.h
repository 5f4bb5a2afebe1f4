#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/training/trainer.h"

namespace lab {

/// Where a training learns fastest: `step` begins the window of steps whose mean of ln(training loss) lies furthest below that of the
/// window before it.
struct LossFall {
    std::int64_t step = 0;
    int window = 0;     ///< steps on either side: 1/50 of the records, at least 5
    double before = 0;  ///< geometric mean of the loss over the window before
    double after = 0;   ///< and from `step` on
};

/// Nothing for fewer than four windows, and where no window lies a tenth below the one before it. Records from the first loss on that is
/// not finite do not count.
std::optional<LossFall> steepestFall(std::span<const StepRecord> records);

}  // namespace lab
