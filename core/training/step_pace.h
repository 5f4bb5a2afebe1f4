#pragma once

#include <cstdint>

#include "core/base/watched_reading.h"
#include "core/data/loaded_task.h"

namespace lab {

/// What a training of a task costs on this computer.
struct StepPace {
    double step = 0;        ///< seconds of a step
    double validation = 0;  ///< seconds of a validation

    /// How many steps, with their validations, fill so many seconds; at least 1.
    std::int64_t stepsWithin(double seconds, int validateEvery) const;
};

/// Measured by training some steps from the first weights, which nobody keeps. Throws InputError when the watch ends it.
StepPace measuredPace(const LoadedTask& task, const Watch& watch = {});

}  // namespace lab
