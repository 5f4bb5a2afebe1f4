#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/kind.h"
#include "core/base/message.h"
#include "core/base/parameters.h"

namespace lab {

/// Of what a schedule is asked: its numbers and the step at hand.
struct ScheduleFrame {
    const Parameters& numbers;
    std::int64_t step;  ///< 1 .. steps
    int steps;
    int dModel;
};

/// How the learning rate changes from step to step: one row a schedule.
struct ScheduleSpec {
    std::string_view name;
    SourceText help;  ///< what stands behind "name: " in the help of the choice
    /// What becomes of `rate` at a step.
    double (*rate)(double rate, const ScheduleFrame& frame) = nullptr;
    std::span<const ParameterSpec> parameters = {};
    /// How many of `steps` pass before it stops rising; null: it does not rise.
    int (*warmup)(const Parameters& numbers, int steps) = nullptr;

    static std::span<const ScheduleSpec* const> table();
};

/// How many of `steps` pass before a schedule stops rising; 0 where it does not rise.
int warmupSteps(const ScheduleSpec& schedule, const Parameters& numbers, int steps);
/// Makes a warm-up that is told in steps no longer than `most`.
void limitWarmup(const ScheduleSpec& schedule, Parameters& numbers, int most);

}  // namespace lab
