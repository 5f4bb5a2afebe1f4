#include "core/config/schedule_spec.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lab {
namespace {

constexpr ParameterSpec warmup[] = {
    {"warmup_steps", LAB_TEXT("fields", "Steps over which the learning rate grows from 0; 0 means no warm-up."), {0, mostCounted}, 5}};

double ramp(const ScheduleFrame& frame) {
    const double steps = frame.numbers[warmup[0]];
    return steps > 0.0 ? std::min(1.0, static_cast<double>(frame.step) / steps) : 1.0;
}

double constantRate(double rate, const ScheduleFrame&) {
    return rate;
}

double linearRate(double rate, const ScheduleFrame& frame) {
    return rate * ramp(frame);
}

double cosineRate(double rate, const ScheduleFrame& frame) {
    return rate * 0.5 * (1.0 + std::cos(std::numbers::pi * static_cast<double>(frame.step) / frame.steps)) * ramp(frame);
}

/// Vaswani et al. 2017, 5.3.
double noamRate(double rate, const ScheduleFrame& frame) {
    const double t = static_cast<double>(frame.step), steps = frame.numbers[warmup[0]];
    const double decay = std::pow(t, -0.5);
    return rate * std::pow(static_cast<double>(frame.dModel), -0.5) * (steps > 0.0 ? std::min(decay, t * std::pow(steps, -1.5)) : decay);
}

constexpr ScheduleSpec constant{"constant", LAB_TEXT("fields", "1"), constantRate};
constexpr ScheduleSpec linearWarmup{"linear-warmup", LAB_TEXT("fields", "min(1, t / warmup_steps)"), linearRate, warmup};
constexpr ScheduleSpec cosineWarmup{"cosine-warmup", LAB_TEXT("fields", "linear-warmup's times (1 + cos(pi t / steps)) / 2"), cosineRate,
                                    warmup};
constexpr ScheduleSpec noam{"noam", LAB_TEXT("fields", "d_model^-0.5 min(t^-0.5, t warmup_steps^-1.5) (Vaswani 2017)"), noamRate, warmup};

}  // namespace

std::span<const ScheduleSpec* const> ScheduleSpec::table() {
    static constexpr const ScheduleSpec* rows[] = {&constant, &linearWarmup, &cosineWarmup, &noam};
    return rows;
}

int warmupSteps(const ScheduleSpec& schedule, const Parameters& numbers) {
    const bool rises = std::ranges::any_of(schedule.parameters, [](const ParameterSpec& spec) { return spec.key == warmup[0].key; });
    return rises ? static_cast<int>(numbers[warmup[0]]) : 0;
}

}  // namespace lab
