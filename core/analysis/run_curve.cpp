#include "core/analysis/run_curve.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace lab {

RunCurve::RunCurve() : m_lossAverage(smoothingFactor), m_accuracyAverage(smoothingFactor) {}

void RunCurve::add(const Step& step) {
    const auto before = [this](Effort kind) { return effort(kind).empty() ? 0.0 : effort(kind).back(); };
    const double tokens = before(Effort::tokens) + step.tokens;
    const double seconds = before(Effort::seconds) + step.seconds;
    m_effort[static_cast<std::size_t>(Effort::steps)].push_back(static_cast<double>(step.step));
    m_effort[static_cast<std::size_t>(Effort::tokens)].push_back(tokens);
    m_effort[static_cast<std::size_t>(Effort::seconds)].push_back(seconds);
    if (step.validationAccuracy) m_validations.push_back({m_loss.size(), *step.validationAccuracy});
    m_loss.push_back(m_lossAverage.add(step.loss));
    m_accuracy.push_back(m_accuracyAverage.add(step.accuracy));
}

std::optional<double> RunCurve::latestValidation() const {
    return m_validations.empty() ? std::nullopt : std::optional(m_validations.back().accuracy);
}

std::optional<double> RunCurve::effortTo(double accuracy, Effort kind) const {
    for (const Validation& validation : m_validations)
        if (validation.accuracy >= accuracy) return effort(kind)[validation.index];
    if (!m_validations.empty()) return std::nullopt;
    const auto found = std::find_if(m_accuracy.begin(), m_accuracy.end(), [accuracy](double value) { return value >= accuracy; });
    if (found == m_accuracy.end()) return std::nullopt;
    return effort(kind)[static_cast<std::size_t>(found - m_accuracy.begin())];
}

std::pair<double, double> bandOf(const Spread& spread, BandKind kind) {
    if (kind == BandKind::range) return {spread.low, spread.high};
    return {spread.mean - spread.deviation, spread.mean + spread.deviation};
}

Spread spreadOf(std::span<const double> values) {
    assert(!values.empty());
    Spread spread;
    spread.count = static_cast<int>(values.size());
    spread.low = *std::min_element(values.begin(), values.end());
    spread.high = *std::max_element(values.begin(), values.end());
    for (const double value : values) spread.mean += value / spread.count;
    double squares = 0;
    for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
    if (spread.count > 1) spread.deviation = std::sqrt(squares / (spread.count - 1));
    return spread;
}

std::optional<double> valueAt(const CurveView& curve, double x) {
    if (curve.x.empty() || !(x >= curve.x.front()) || !(x <= curve.x.back())) return std::nullopt;
    const auto right = std::lower_bound(curve.x.begin(), curve.x.end(), x);
    const auto i = static_cast<std::size_t>(right - curve.x.begin());
    if (i == 0 || curve.x[i] == x) return curve.y[i];
    const double share = (x - curve.x[i - 1]) / (curve.x[i] - curve.x[i - 1]);
    return curve.y[i - 1] * (1 - share) + curve.y[i] * share;
}

std::vector<BandPoint> bandOver(std::span<const CurveView> curves, int points) {
    std::vector<BandPoint> band;
    if (curves.empty() || points < 2) return band;
    double from = -INFINITY, to = INFINITY;
    for (const CurveView& curve : curves) {
        if (curve.x.empty()) return band;
        from = std::max(from, curve.x.front());
        to = std::min(to, curve.x.back());
    }
    if (from > to) return band;
    const int count = to > from ? points : 1;
    std::vector<double> values(curves.size());
    for (int i = 0; i < count; ++i) {
        const double x = i == 0 ? from : i + 1 == count ? to : from + (to - from) * i / (count - 1);
        for (std::size_t c = 0; c < curves.size(); ++c) values[c] = *valueAt(curves[c], x);
        band.push_back({x, spreadOf(values)});
    }
    return band;
}

}  // namespace lab
