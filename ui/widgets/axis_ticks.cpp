#include "ui/widgets/axis_ticks.h"

#include <algorithm>
#include <cmath>

#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr int maxTicks = 2000;
constexpr double leastWide = 1e5;

/// 250000 -> "2.5e5": scientific with as few decimals as say it.
QString shortest(double value) {
    constexpr int mostDecimals = 6;
    int decimals = 0;
    while (decimals < mostDecimals &&
           std::abs(QString::number(value, 'e', decimals).toDouble() - value) > std::pow(10.0, -mostDecimals - 1) * std::abs(value))
        ++decimals;
    return value == 0 ? QStringLiteral("0") : scientific(value, decimals);
}

double niceStep(double span, int count) {
    const double wished = span / std::max(1, count);
    const double power = std::pow(10.0, std::floor(std::log10(wished)));
    for (double factor : {5.0, 2.0, 1.0})
        if (factor * power <= wished * (1 + 1e-9)) return factor * power;
    return power;
}

AxisTicks linearTicks(double lower, double upper, int count) {
    AxisTicks ticks;
    if (!(upper > lower)) return ticks;
    const double step = niceStep(upper - lower, count);
    const double slack = 1e-9 * (upper - lower);
    for (double i = std::ceil((lower - slack) / step); i * step <= upper + slack && ticks.major.size() < maxTicks; ++i) {
        ticks.major.push_back(i * step);
        ticks.labels.push_back({i * step, tickText(i * step, step)});
    }
    return ticks;
}

void labelLogTicks(AxisTicks& ticks) {
    for (double value : ticks.major) ticks.labels.push_back({value, tickText(value, value)});
    const auto add = [&](double value) { ticks.labels.push_back({value, tickText(value, std::pow(10.0, std::floor(std::log10(value))))}); };
    if (ticks.major.size() >= 2) {
        if (!ticks.minor.empty() && ticks.minor.front() < ticks.major.front()) add(ticks.minor.front());
        if (!ticks.minor.empty() && ticks.minor.back() > ticks.major.back()) add(ticks.minor.back());
    } else {
        for (double value : ticks.minor) {
            const double lead = std::round(value / std::pow(10.0, std::floor(std::log10(value))));
            if (lead == 2 || lead == 5) add(value);
        }
        if (ticks.labels.empty()) std::ranges::for_each(ticks.minor, add);  // a short range has neither
    }
    std::sort(ticks.labels.begin(), ticks.labels.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
}

AxisTicks logTicks(double lower, double upper) {
    AxisTicks ticks;
    if (!(lower > 0) || !(upper > lower)) return ticks;
    const double low = lower * (1 - 1e-9), high = upper * (1 + 1e-9);
    for (int exponent = int(std::floor(std::log10(low))); exponent <= int(std::floor(std::log10(high))); ++exponent)
        for (int lead = 1; lead <= 9; ++lead) {
            const double value = lead * std::pow(10.0, exponent);
            if (value >= low && value <= high) (lead == 1 ? ticks.major : ticks.minor).push_back(value);
        }
    labelLogTicks(ticks);
    return ticks;
}

}  // namespace

AxisTicks axisTicks(AxisScale scale, double lower, double upper, int count) {
    return scale == AxisScale::linear ? linearTicks(lower, upper, count) : logTicks(lower, upper);
}

std::vector<AxisTicks::Label> labelsWithRoom(const AxisTicks& ticks, const std::function<LabelSpan(const AxisTicks::Label&)>& spanOf) {
    const auto isMajor = [&](const AxisTicks::Label& label) { return std::ranges::find(ticks.major, label.value) != ticks.major.end(); };
    std::vector<AxisTicks::Label> kept;
    std::vector<LabelSpan> taken;
    for (const bool major : {true, false})
        for (const AxisTicks::Label& label : ticks.labels) {
            if (isMajor(label) != major) continue;
            const LabelSpan span = spanOf(label);
            const auto touches = [&span](const LabelSpan& other) { return span.first < other.second && other.first < span.second; };
            if (std::ranges::any_of(taken, touches)) continue;
            taken.push_back(span);
            kept.push_back(label);
        }
    std::ranges::sort(kept, {}, &AxisTicks::Label::value);
    return kept;
}

AxisTicks inColumn(AxisTicks ticks) {
    const auto wide = [](const AxisTicks::Label& label) { return std::abs(label.value) >= leastWide; };
    if (std::ranges::none_of(ticks.labels, wide)) return ticks;
    for (auto& [value, text] : ticks.labels) text = shortest(value);
    return ticks;
}

QString tickText(double value, double step) {
    if (std::abs(value) < 1e-9 * step) return QStringLiteral("0");
    const int exponent = int(std::floor(std::log10(step) + 1e-9));
    if (exponent >= -3) return fixed(value, std::max(0, -exponent));
    const int power = int(std::floor(std::log10(std::abs(value)) + 1e-9));
    return scientific(value, std::max(0, power - exponent));
}

}  // namespace lab
