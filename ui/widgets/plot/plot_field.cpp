#include "ui/widgets/plot/plot_field.h"

#include <algorithm>
#include <cmath>

namespace lab {
namespace {

constexpr double leastLogarithm = 1e-300;

}  // namespace

double PlotAxis::share(double value) const {
    if (!logarithmic()) return (value - low) / (high - low);
    return std::log(std::max(value, leastLogarithm) / low) / std::log(high / low);
}

double PlotAxis::at(double share) const {
    return logarithmic() ? low * std::pow(high / low, share) : low + share * (high - low);
}

void PlotAxis::zoom(double factor, double centre) {
    for (double* end : {&low, &high}) *end = logarithmic() ? centre * std::pow(*end / centre, factor) : centre + (*end - centre) * factor;
}

void PlotAxis::pan(double share) {
    const double newLow = at(share);
    high = at(1 + share);
    low = newLow;
}

std::size_t PlotValues::from(double at) const {
    return static_cast<std::size_t>(std::lower_bound(x.begin(), x.end(), at) - x.begin());
}

std::optional<double> PlotValues::valueAt(double at) const {
    constexpr double slack = 1e-9;
    if (x.empty() || at < x.front() - slack || at > x.back() + slack) return std::nullopt;
    const std::size_t right = std::min(from(at), x.size() - 1);
    if (right == 0 || x[right] <= at) return y[right];
    const double share = (at - x[right - 1]) / (x[right] - x[right - 1]);
    return y[right - 1] * (1 - share) + y[right] * share;
}

double PlotField::yOf(double value) const {
    if (!std::isfinite(value) || (y.logarithmic() && value <= 0)) return std::nan("");
    return room.bottom() - room.height() * y.share(value);
}

double PlotField::xAt(double px) const {
    return x.at(std::clamp((px - room.left()) / room.width(), 0.0, 1.0));
}

QPolygonF PlotField::points(PlotValues values) const {
    const std::size_t first = values.from(x.low), last = values.from(std::nextafter(x.high, INFINITY));
    const std::size_t begin = first > 0 ? first - 1 : 0, end = std::min(last + 1, values.x.size());
    QPolygonF result;
    const auto add = [&](std::size_t i) { result << place(values.x[i], values.y[i]); };
    const int columns = std::max(1, static_cast<int>(room.width()));
    if (end - begin <= 2 * static_cast<std::size_t>(columns)) {
        for (std::size_t i = begin; i < end; ++i) add(i);
        return result;
    }
    add(begin);
    for (std::size_t next = begin, column = 1; next < end; ++column) {
        const double at = x.at(static_cast<double>(column) / columns);
        const std::size_t stop = column > static_cast<std::size_t>(columns) ? end : std::min(values.from(at), end);
        if (stop <= next) continue;
        const auto [low, high] = std::minmax_element(values.y.begin() + std::ptrdiff_t(next), values.y.begin() + std::ptrdiff_t(stop));
        const auto lowest = static_cast<std::size_t>(low - values.y.begin()), highest = static_cast<std::size_t>(high - values.y.begin());
        add(std::min(lowest, highest));
        if (lowest != highest) add(std::max(lowest, highest));
        next = stop;
    }
    add(end - 1);
    return result;
}

QPolygonF PlotField::sparsePoints(PlotValues values) const {
    const int columns = std::max(1, static_cast<int>(room.width()) / 2);
    QPolygonF result;
    const auto add = [&](std::size_t i) { result << place(values.x[i], values.y[i]); };
    std::size_t next = values.from(x.low);
    if (next > 0) add(next - 1);
    if (next < values.x.size()) add(next);
    for (int column = 0; column <= columns && next < values.x.size(); ++column) {
        const double at = x.at(static_cast<double>(column) / columns);
        if (values.x[next] > at) continue;
        next = values.from(std::nextafter(at, INFINITY));  // behind the last value of the column
        add(next - 1);
    }
    if (next < values.x.size()) add(next);
    return result;
}

}  // namespace lab
