#pragma once

#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <optional>
#include <span>

#include "ui/widgets/axis_ticks.h"

namespace lab {

/// From values to shares of an axis and back; a logarithmic one begins above 0.
struct PlotAxis {
    AxisScale scale = AxisScale::linear;
    double low = 0, high = 1;

    bool logarithmic() const { return scale == AxisScale::logarithmic; }
    bool contains(double value) const { return value >= low && value <= high; }
    double share(double value) const;
    double at(double share) const;
    AxisTicks ticks(int count) const { return axisTicks(scale, low, high, count); }
    /// The value at `centre` stays where it is, the others come nearer to it (factor < 1) or go away.
    void zoom(double factor, double centre);
    /// By a share of its length.
    void pan(double share);
};

/// Values of one curve: x ascending, y of each.
struct PlotValues {
    std::span<const double> x, y;

    /// Index of the first value at or after `at`.
    std::size_t from(double at) const;
    /// Between two values by a straight line; nothing outside them.
    std::optional<double> valueAt(double at) const;
};

/// A rectangle with two axes.
struct PlotField {
    QRectF room;
    PlotAxis x, y;

    double xOf(double value) const { return room.left() + room.width() * x.share(value); }
    /// NaN where the axis has no place for it.
    double yOf(double value) const;
    QPointF place(double atX, double atY) const { return {xOf(atX), yOf(atY)}; }
    /// Within the axis.
    double xAt(double px) const;

    /// A curve's points as they are drawn: all of them, or the lowest and the highest of every px when there are more.
    QPolygonF points(PlotValues values) const;
    /// The last value of every two px: for wide lines through what changes little, which are slow to draw.
    QPolygonF sparsePoints(PlotValues values) const;
};

}  // namespace lab
