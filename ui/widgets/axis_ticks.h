#pragma once

#include <QString>
#include <functional>
#include <utility>
#include <vector>

namespace lab {

enum class AxisScale { linear, logarithmic };

/// Where an axis is marked, and what its labels say.
struct AxisTicks {
    struct Label {
        double value;
        QString text;
    };
    std::vector<double> major;
    std::vector<double> minor;  ///< logarithmic axes only: 2 .. 9 times each power
    std::vector<Label> labels;  ///< ascending
};

/// Linear: about `count` intervals of 1, 2 or 5 times a power of ten (at least one within the range). Logarithmic (lower > 0): powers of
/// ten are major; labelled are the powers and the outermost marks, or 1, 2, 5 when the range holds fewer than two powers.
AxisTicks axisTicks(AxisScale scale, double lower, double upper, int count);

/// From and to: what a label covers along its axis, in px.
using LabelSpan = std::pair<double, double>;
/// The labels for which there is room, in the order of their values: one that would touch its neighbour is left out, at a minor mark
/// before one at a major mark.
std::vector<AxisTicks::Label> labelsWithRoom(const AxisTicks& ticks, const std::function<LabelSpan(const AxisTicks::Label&)>& spanOf);

/// Labels for the column beside a value axis: "2.5e5", all of them, where one would be wider than the column.
AxisTicks inColumn(AxisTicks ticks);

/// "0.02", "1", "1 000", "5e−4": as many decimals as a mark at a distance of `step` needs; true minus, thin space between thousands.
QString tickText(double value, double step);

}  // namespace lab
