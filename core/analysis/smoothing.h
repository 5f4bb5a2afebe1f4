#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lab {

/// Debiased exponential moving average, one value at a time (as Adam's moments, arXiv:1412.6980 section 3):
/// s = f s + (1 - f) x, w = f w + (1 - f), average = s / w. So the first average is the first value, and a constant stays itself.
class ExponentialAverage {
public:
    /// factor 0 .. < 1; 0 = no smoothing.
    explicit ExponentialAverage(double factor = 0.0);

    /// The average with `value` included. A value that is not finite leaves the average as it was (NaN before the first finite one).
    double add(double value);
    double value() const;
    double factor() const { return m_factor; }

private:
    double m_factor;
    double m_sum = 0.0;
    double m_weight = 0.0;
};

/// The whole series at once; as long as `values`.
std::vector<double> exponentialAverage(std::span<const double> values, double factor);

/// Finds, one value at a time, the first step at which a noisy rising curve, smoothed, passes each of some levels.
class FirstPassings {
public:
    FirstPassings(std::vector<double> levels, double smoothing);

    void add(std::int64_t step, double value);
    /// One per level, in the order of the levels; empty = not yet passed.
    const std::vector<std::optional<std::int64_t>>& steps() const { return m_steps; }

private:
    std::vector<double> m_levels;
    std::vector<std::optional<std::int64_t>> m_steps;
    ExponentialAverage m_average;
};

}  // namespace lab
