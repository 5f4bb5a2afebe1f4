#include "core/training/loss_fall.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lab {
namespace {

constexpr std::size_t windowsInAll = 50, fewestInWindow = 5, fewestWindows = 4;
constexpr double leastShare = 0.1;   // of the window before
constexpr double solvedLoss = 0.01;  // nats: what falls by less had nothing left to learn

}  // namespace

std::optional<LossFall> steepestFall(std::span<const StepRecord> records) {
    std::vector<double> sums{0.0};  // of the losses before record i
    for (const StepRecord& record : records) {
        if (!std::isfinite(record.train.loss)) break;
        sums.push_back(sums.back() + record.train.loss);
    }
    const std::size_t count = sums.size() - 1;
    const std::size_t window = std::max(fewestInWindow, count / windowsInAll);
    if (count < fewestWindows * window) return std::nullopt;

    const auto mean = [&](std::size_t from) { return (sums[from + window] - sums[from]) / static_cast<double>(window); };
    std::size_t best = window;
    double deepest = 0;
    for (std::size_t i = window; i + window <= count; ++i) {
        const double fall = mean(i - window) - mean(i);
        if (fall <= deepest) continue;
        deepest = fall;
        best = i;
    }
    const double before = mean(best - window);
    if (deepest < std::max(leastShare * before, solvedLoss)) return std::nullopt;
    return LossFall{records[best].step, static_cast<int>(window), before, mean(best)};
}

}  // namespace lab
