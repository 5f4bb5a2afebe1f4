#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/training/trainer.h"

namespace lab {

/// Where a training learns fastest: `step` begins the window of steps whose mean training loss lies furthest below that of the window
/// before it, in nats.
struct LossFall {
    std::int64_t step = 0;
    int window = 0;     ///< steps on either side: 1/50 of the records, at least 5
    double before = 0;  ///< mean loss over the window before
    double after = 0;   ///< and from `step` on
};

/// Nothing for fewer than four windows, where no window lies a tenth below the one before it, and for a loss that was as good as 0
/// all along. Records from the first loss on that is
/// not finite do not count.
std::optional<LossFall> steepestFall(std::span<const StepRecord> records);

}  // namespace lab
