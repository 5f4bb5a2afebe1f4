#include <algorithm>
#include <cmath>

#include "ui/widgets/paint.h"
#include "ui/widgets/plot/curve_plot_private.h"
#include "ui/widgets/plot/plot_painter.h"
#include "ui/widgets/series_pen.h"

// Places, ranges, and what of the data is drawn.

namespace lab {
namespace {

// Logical px at 100 % (LOOK.md 1, look/source/train.html).
constexpr double axisColumn = 52, rightMargin = 12, squareDistance = 12, squareSide = 5;
constexpr double minimumShare = 0.5;  ///< of a growing strip's height, when room is scarce
constexpr float paleShare = 0.38F, minorShare = 0.55F;

QColor withAlpha(QColor color, float alpha) {
    color.setAlphaF(alpha);
    return color;
}

}  // namespace

int CurvePlot::Private::leastHeight(const Strip& strip) const {
    const Theme& theme = Theme::instance();
    if (!strip.style.grows) return theme.px(strip.style.height);
    return std::max(theme.px(strip.style.height * minimumShare), strip.channel->sizeHint().height());
}

std::vector<int> CurvePlot::Private::stripHeights() const {
    const int bottom = Theme::instance().px(curvePlotAxisBottom);
    std::vector<int> heights(strips.size());
    int room = q.height() - bottom;
    double shares = 0;
    for (std::size_t i = 0; i < strips.size(); ++i) {
        heights[i] = leastHeight(strips[i]);
        if (strips[i].style.grows)
            shares += strips[i].style.height;
        else
            room -= heights[i];
    }
    // Smallest first: who needs more than its share takes it from the others.
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < strips.size(); ++i)
        if (strips[i].style.grows) order.push_back(i);
    const auto need = [&](std::size_t i) { return heights[i] / strips[i].style.height; };
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return need(a) > need(b); });
    for (std::size_t i : order) {
        heights[i] = std::max(heights[i], qRound(room * strips[i].style.height / shares));
        room -= heights[i];
        shares -= strips[i].style.height;
    }
    heights.back() += bottom;
    return heights;
}

void CurvePlot::Private::placeStrips() {
    if (strips.empty()) return;
    const Theme& theme = Theme::instance();
    int readOut = 0;
    for (const Strip& strip : strips) readOut = std::max(readOut, strip.channel->sizeHint().width());
    const int plotWidth = std::max(1, q.width() - readOut - 1);
    const std::vector<int> heights = stripHeights();
    int y = 0;
    canvas->setGeometry(0, 0, plotWidth, q.height());
    for (std::size_t i = 0; i < strips.size(); ++i) {
        Strip& strip = strips[i];
        const bool last = i + 1 == strips.size(), small = !strip.style.grows;
        const int below = theme.px(last    ? curvePlotAxisBottom
                                   : small ? 3
                                           : 6),
                  inside = heights[i] - (last ? theme.px(curvePlotAxisBottom) : 0);
        strip.outer = QRect(0, y, plotWidth, heights[i]);
        strip.plot = strip.outer.adjusted(theme.px(axisColumn), theme.px(small ? 3 : 8), -theme.px(rightMargin), -below);
        strip.field.room = strip.plot.translated(0, -1);  // its lowest values lie on the axis line, which is the last row
        strip.valueMarks = std::max(1, int(inside / (42 * theme.scale())));
        strip.stepMarks = std::max(2, int(plotWidth / (160 * theme.scale())));
        strip.channel->setGeometry(plotWidth + 1, y, q.width() - plotWidth - 1, heights[i] - (last ? 0 : 1));
        y += heights[i];
    }
    scheduleReplot();
}

void CurvePlot::Private::smoothAll() {
    for (Curve& curve : curves) {
        if (curve.style.drawing != CurveDrawing::smoothed) continue;
        curve.average = ExponentialAverage(smoothing);
        for (std::size_t i = 0; i < curve.raw.size(); ++i) curve.smooth[i] = curve.average.add(curve.raw[i]);
    }
}

/// The picture below the words, kept until the next replot.
void CurvePlot::Private::paintStill() {
    QElapsedTimer timer;
    timer.start();
    QPixmap still((QSizeF(canvas->size()) * canvas->devicePixelRatioF()).toSize());
    still.setDevicePixelRatio(canvas->devicePixelRatioF());
    still.fill(Theme::instance().color(Role::screen));
    QPainter painter(&still);
    for (const Strip& strip : strips) paintStrip(painter, strip);
    painter.end();
    canvas->setStill(std::move(still));
    cost = double(timer.nsecsElapsed()) / 1e6;
    sinceReplot.start();
}

void CurvePlot::Private::paintStrip(QPainter& painter, const Strip& strip) const {
    const PlotPainter out(painter, strip.field);
    paintGrid(out, strip);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(0.5, 0.5);  // through the middle of the pixels that hairlines fill
    for (const Reference& reference : strip.references) {
        const QRectF& room = strip.field.room;
        const double y = strip.field.yOf(reference.value);
        if (y >= room.top() && y <= room.bottom()) out.dotted({room.left(), y}, {room.right(), y}, 1.5);
    }
    for (const bool averages : {false, true})
        for (const Curve& curve : curves)
            if (&strips[std::size_t(curve.style.strip)] == &strip) paintCurve(painter, out, strip, curve, averages);
    painter.restore();
    paintAxes(painter, out, strip);
}

void CurvePlot::Private::paintGrid(const PlotPainter& out, const Strip& strip) const {
    const QColor color = Theme::instance().color(Role::grid);
    const AxisTicks values = strip.values();
    for (const double value : values.minor) out.across(value, withAlpha(color, minorShare));
    for (const double step : strip.steps().major) out.upright(step, color);
    for (const double value : values.major) out.across(value, color);
}

void CurvePlot::Private::paintAxes(QPainter& painter, const PlotPainter& out, const Strip& strip) const {
    const Theme& theme = Theme::instance();
    const QRectF& room = strip.field.room;
    const QColor base = theme.color(Role::controlBorder), tick = theme.color(Role::muted);
    drawHairline(painter, room.bottomLeft(), room.bottomRight(), base);
    drawHairline(painter, room.topLeft(), room.bottomLeft(), base);
    if (strip.field.y.logarithmic()) {
        const AxisTicks values = strip.values();
        for (const double value : values.major) out.markLeft(value, theme.px(6), tick);
        for (const double value : values.minor) out.markLeft(value, theme.px(3), tick);
    }
    if (&strip != &strips.back()) return;
    const AxisTicks steps = strip.steps();
    for (const double step : steps.major) out.markBelow(step, theme.px(4), tick);
    for (const double step : steps.minor) out.markBelow(step, theme.px(2), tick);
}

/// Dashes keep curves apart without colour, but only a line shows them.
bool CurvePlot::Private::drawsLine(const Curve& curve) const {
    const bool dashed = seriesPen(curve.style.role, 1).style() != Qt::SolidLine;
    return curve.style.drawing == CurveDrawing::line || averaged(curve) || (curve.style.drawing == CurveDrawing::smoothed && dashed);
}

bool CurvePlot::Private::drawsEvery(const Curve& curve) const {
    return !drawsLine(curve) || (averaged(curve) && curve.style.rawBehind);
}

/// Smoothed curves in a second round, above all others.
void CurvePlot::Private::paintCurve(QPainter& painter, const PlotPainter& out, const Strip& strip, const Curve& curve,
                                    bool averages) const {
    const CurveStyle& style = curve.style;
    const bool above = style.drawing == CurveDrawing::smoothed;
    if (!averages && drawsEvery(curve)) {
        const QColor color = withAlpha(Theme::instance().color(style.role), averaged(curve) ? paleShare : 1);
        out.line(strip.field.points(curve.every()), QPen(color, devicePixel(painter)));
    }
    if (averages == above && drawsLine(curve)) out.line(strip.field.sparsePoints(curve.shown()), seriesPen(style.role, style.width));
    if (!averages && style.squares)
        for (const QPointF& at : squares(strip, curve)) out.square(at, squareSide * Theme::instance().scale(), style.role);
}

/// Some of the values, far enough apart: multiples of a power of two, so that growth takes squares away but moves none.
std::vector<QPointF> CurvePlot::Private::squares(const Strip& strip, const Curve& curve) const {
    const double apart = squareDistance * Theme::instance().scale();
    const PlotField& field = strip.field;
    const std::size_t count = curve.steps.size();
    std::size_t stride = 1;
    if (!logarithmicSteps() && count > 1) {
        const double mean = (curve.steps.back() - curve.steps.front()) / double(count - 1);
        const double px = mean * field.room.width() / (field.x.high - field.x.low);
        while (px * double(stride) < apart && stride < count) stride *= 2;
    }
    std::vector<QPointF> places;
    double last = -1e9;
    for (std::size_t i = 0; i < count; i += stride) {
        const QPointF at = field.place(curve.steps[i], curve.raw[i]);
        if (at.x() - last < apart * 0.9) continue;
        last = at.x();
        places.push_back(at);
    }
    return places;
}

bool CurvePlot::Private::hasData() const {
    return std::any_of(curves.begin(), curves.end(), [](const Curve& curve) { return !curve.empty(); });
}

std::optional<std::int64_t> CurvePlot::Private::newestStep() const {
    std::optional<std::int64_t> newest;
    for (const Curve& curve : curves)
        if (!curve.empty()) newest = std::max(newest.value_or(0), std::int64_t(curve.steps.back()));
    return newest;
}

std::optional<std::int64_t> CurvePlot::Private::firstStep() const {
    std::optional<std::int64_t> first;
    for (const Curve& curve : curves)
        if (!curve.empty()) first = std::min(first.value_or(INT64_MAX), std::int64_t(curve.steps.front()));
    return first;
}

std::pair<double, double> CurvePlot::Private::fittedSteps() const {
    const double first = double(firstStep().value_or(1)), last = double(newestStep().value_or(expectedSteps));
    if (logarithmicSteps()) return {std::max(1.0, first), std::max({last, first * 1.5, 10.0})};
    return {first <= 1 ? 0.0 : first, std::max(last, first + 9)};
}

std::pair<double, double> CurvePlot::Private::fittedValues(std::size_t index) const {
    const Strip& strip = strips[index];
    const auto here = [&](const Curve& curve) { return std::size_t(curve.style.strip) == index && !curve.empty(); };
    if (std::none_of(curves.begin(), curves.end(), here) && !strip.style.range) return strip.style.emptyRange;
    const bool logarithmic = strip.style.scale == AxisScale::logarithmic;
    if (strip.style.range && !logarithmic) return *strip.style.range;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Curve& curve : curves) {
        if (!here(curve)) continue;
        low = std::min(low, logarithmic ? curve.lowestPositive : curve.lowest);
        high = std::max(high, curve.highest);
    }
    for (const Reference& reference : strip.references) {
        if (!reference.inFit) continue;
        low = std::min(low, reference.value);
        high = std::max(high, reference.value);
    }
    if (!std::isfinite(low) || !std::isfinite(high) || (logarithmic && high <= 0)) return {logarithmic ? 0.1 : 0.0, logarithmic ? 10 : 1};
    // Room for the reference's name above its line.
    const int height = strip.outer.height();
    const double room = std::max(0.06, !strip.references.empty() && height > 0 ? 30.0 * Theme::instance().scale() / height : 0.06);
    if (logarithmic) {
        const double span = std::max(std::log(high / low), std::log(strip.style.leastFactor));
        return {high / std::exp(span * 1.06), high * std::exp(span * room)};
    }
    if (strip.style.fromZero) low = std::min(low, 0.0);
    const double span = high > low ? high - low : std::max(std::abs(high), 1e-12);
    return {strip.style.fromZero && low == 0 ? 0.0 : low - 0.06 * span, high + room * span};
}

void CurvePlot::Private::followData() {
    if (!fitted) return;
    const auto [first, last] = fittedSteps();
    for (std::size_t i = 0; i < strips.size(); ++i) {
        const auto [low, high] = fittedValues(i);
        strips[i].field.x = {stepScale, first, last};
        strips[i].field.y = {strips[i].style.scale, low, high};
    }
}

void CurvePlot::Private::scheduleReplot() {
    if (replotTimer.isActive()) return;
    // Long curves take longer to draw: never spend more than a quarter of the time on it.
    const double rest = sinceReplot.isValid() ? 4 * cost - double(sinceReplot.elapsed()) : 0;
    replotTimer.start(int(std::clamp(rest, 0.0, 500.0)));
}

}  // namespace lab
