#include "core/config/schedule_spec.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lab {
namespace {

constexpr ParameterSpec warmupLength{
    "warmup_steps", LAB_TEXT("fields", "Steps over which the learning rate grows from 0; 0 means no warm-up."), {0, mostCounted}, 5};
constexpr ParameterSpec decayLength{
    "decay_steps",
    LAB_TEXT("fields", "wsd: the last steps, over which the learning rate falls to 0; 0 means that it does not fall."),
    {0, mostCounted},
    100};
constexpr ParameterSpec riseShare{.key = "rise_share",
                                  .help = LAB_TEXT("fields", "one-cycle: share of the steps over which the learning rate rises."),
                                  .limits = {0, 1, false, true},
                                  .standard = 0.3,
                                  .integer = false};
constexpr ParameterSpec warmup[] = {warmupLength};
constexpr ParameterSpec warmupAndDecay[] = {warmupLength, decayLength};
constexpr ParameterSpec cycle[] = {riseShare};

double ramp(const ScheduleFrame& frame) {
    const double steps = frame.numbers[warmupLength];
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
    const double t = static_cast<double>(frame.step), steps = frame.numbers[warmupLength];
    const double decay = std::pow(t, -0.5);
    return rate * std::pow(static_cast<double>(frame.dModel), -0.5) * (steps > 0.0 ? std::min(decay, t * std::pow(steps, -1.5)) : decay);
}

/// Of noam the shape, its top at the rate.
double inverseRootRate(double rate, const ScheduleFrame& frame) {
    const double t = static_cast<double>(frame.step), steps = std::max(1.0, frame.numbers[warmupLength]);
    return rate * std::min(t / steps, std::sqrt(steps / t));
}

/// Hu et al. 2024 (arXiv 2404.06395); the fall a line.
double stableRate(double rate, const ScheduleFrame& frame) {
    const double steps = frame.numbers[decayLength], left = static_cast<double>(frame.steps - frame.step);
    return rate * ramp(frame) * (left < steps ? left / steps : 1.0);
}

double alongCosine(double from, double to, double share) {
    return to + (from - to) * 0.5 * (1.0 + std::cos(std::numbers::pi * share));
}

/// Smith & Topin 2017 (arXiv 1708.07120) as torch.optim.lr_scheduler.OneCycleLR has it, whose steps count from 0.
double oneCycleRate(double rate, const ScheduleFrame& frame) {
    const double at = static_cast<double>(frame.step - 1), last = frame.steps - 1.0, top = frame.numbers[riseShare] * frame.steps - 1.0;
    const double first = rate / 25.0, lowest = first / 1e4;
    if (at <= top) return top > 0.0 ? alongCosine(first, rate, at / top) : rate;
    return alongCosine(rate, lowest, (at - top) / (last - top));
}

int warmupOf(const Parameters& numbers, int) {
    return static_cast<int>(numbers[warmupLength]);
}

int riseOf(const Parameters& numbers, int steps) {
    return static_cast<int>(std::lround(numbers[riseShare] * steps));
}

constexpr ScheduleSpec constant{"constant", LAB_TEXT("fields", "1"), constantRate};
constexpr ScheduleSpec linearWarmup{"linear-warmup", LAB_TEXT("fields", "min(1, t / warmup_steps)"), linearRate, warmup, warmupOf};
constexpr ScheduleSpec cosineWarmup{"cosine-warmup", LAB_TEXT("fields", "linear-warmup's times (1 + cos(pi t / steps)) / 2"), cosineRate,
                                    warmup, warmupOf};
constexpr ScheduleSpec noam{"noam", LAB_TEXT("fields", "d_model^-0.5 min(t^-0.5, t warmup_steps^-1.5) (Vaswani 2017)"), noamRate, warmup,
                            warmupOf};
constexpr ScheduleSpec inverseRoot{"inverse-sqrt", LAB_TEXT("fields", "min(t / warmup_steps, sqrt(warmup_steps / t))"), inverseRootRate,
                                   warmup, warmupOf};
constexpr ScheduleSpec stable{
    "wsd", LAB_TEXT("fields", "linear-warmup's times min(1, (steps - t) / decay_steps): warm-up, stable, decay (Hu 2024)"), stableRate,
    warmupAndDecay, warmupOf};
constexpr ScheduleSpec oneCycle{
    "one-cycle",
    LAB_TEXT("fields",
             "from 1/25 along a cosine up to 1 at step rise_share * steps, and along another down to 1/250000 at the last step (Smith "
             "and Topin 2017, as PyTorch's OneCycleLR; momentum stays as it is)"),
    oneCycleRate, cycle, riseOf};

}  // namespace

std::span<const ScheduleSpec* const> ScheduleSpec::table() {
    static constexpr const ScheduleSpec* rows[] = {&constant, &linearWarmup, &cosineWarmup, &noam, &inverseRoot, &stable, &oneCycle};
    return rows;
}

int warmupSteps(const ScheduleSpec& schedule, const Parameters& numbers, int steps) {
    return schedule.warmup ? schedule.warmup(numbers, steps) : 0;
}

void limitWarmup(const ScheduleSpec& schedule, Parameters& numbers, int most) {
    const bool counted = std::ranges::any_of(schedule.parameters, [](const ParameterSpec& spec) { return spec.key == warmupLength.key; });
    if (counted && numbers[warmupLength] > most) numbers.set(warmupLength.key, most);
}

}  // namespace lab
