#include "core/analysis/smoothing.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace lab {

ExponentialAverage::ExponentialAverage(double factor) : m_factor(factor) {
    assert(factor >= 0.0 && factor < 1.0);
}

double ExponentialAverage::add(double value) {
    if (std::isfinite(value)) {
        m_sum = m_factor * m_sum + (1.0 - m_factor) * value;
        m_weight = m_factor * m_weight + (1.0 - m_factor);
    }
    return this->value();
}

double ExponentialAverage::value() const {
    return m_weight > 0.0 ? m_sum / m_weight : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> exponentialAverage(std::span<const double> values, double factor) {
    ExponentialAverage average(factor);
    std::vector<double> result;
    result.reserve(values.size());
    for (double value : values) result.push_back(average.add(value));
    return result;
}

FirstPassings::FirstPassings(std::vector<double> levels, double smoothing)
    : m_levels(std::move(levels)), m_steps(m_levels.size()), m_average(smoothing) {}

void FirstPassings::add(std::int64_t step, double value) {
    const double average = m_average.add(value);
    for (std::size_t i = 0; i < m_levels.size(); ++i)
        if (!m_steps[i] && average >= m_levels[i]) m_steps[i] = step;
}

}  // namespace lab
