#include <algorithm>
#include <cmath>

#include "ui/widgets/curve_plot_private.h"
#include "ui/widgets/series_pen.h"

// Axes, look, ranges, and what of the data is drawn.

namespace lab {
namespace {

// Logical px at 100 % (LOOK.md 1, look/source/train.html).
constexpr double axisColumn = 52, rightMargin = 12, squareDistance = 12;
constexpr double minimumShare = 0.5;  ///< of a growing strip's height, when room is scarce

}  // namespace

void CurveTicker::generate(const QCPRange& range, const QLocale&, QChar, int, QVector<double>& ticks, QVector<double>* subTicks,
                           QVector<QString>* tickLabels) {
    const AxisTicks marks = axisTicks(scale, range.lower, range.upper, count);
    ticks = QVector<double>(marks.major.begin(), marks.major.end());
    if (subTicks) *subTicks = QVector<double>(marks.minor.begin(), marks.minor.end());
    if (tickLabels) *tickLabels = QVector<QString>(ticks.size());  // the scene writes them
}

void CurvePlot::Private::addAxes(Strip& strip) {
    strip.rect = new QCPAxisRect(plot, false);
    plot->plotLayout()->addElement(int(strips.size()), 0, strip.rect);
    strip.rect->setAutoMargins(QCP::msNone);
    strip.rect->setMinimumMargins(QMargins(0, 0, 0, 0));
    strip.rect->setSizeConstraintRect(QCPLayoutElement::scrOuterRect);
    strip.steps = strip.rect->addAxis(QCPAxis::atBottom);
    strip.values = strip.rect->addAxis(QCPAxis::atLeft);
    strip.stepTicker = QSharedPointer<CurveTicker>::create();
    strip.valueTicker = QSharedPointer<CurveTicker>::create();
    strip.steps->setTicker(strip.stepTicker);
    strip.values->setTicker(strip.valueTicker);
    for (QCPAxis* axis : {strip.steps, strip.values}) {
        axis->setTickLabels(false);
        axis->grid()->setZeroLinePen(Qt::NoPen);
        axis->setLayer("axes");
        axis->grid()->setLayer("grid");
    }
    strip.values->grid()->setSubGridVisible(true);
    strip.rect->setRangeZoom(Qt::Horizontal);
    strip.rect->setRangeDrag(strip.style.grows ? Qt::Horizontal | Qt::Vertical : Qt::Orientations(Qt::Horizontal));
    strip.rect->setRangeDragAxes(strip.steps, strip.values);
    strip.rect->setRangeZoomAxes(strip.steps, strip.values);
    QObject::connect(strip.steps, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), &q,
                     [this](const QCPRange& range) { onStepsChanged(range); });
    QObject::connect(strip.values, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), &q, [this] {
        if (!adjusting) fitted = false;
    });
}

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
    const int plotWidth = std::max(1, q.width() - theme.px(curvePlotChannelWidth) - 1);
    const std::vector<int> heights = stripHeights();
    int y = 0;
    plot->setGeometry(0, 0, plotWidth, q.height());
    overlay->setGeometry(plot->rect());
    for (std::size_t i = 0; i < strips.size(); ++i) {
        Strip& strip = strips[i];
        const bool last = i + 1 == strips.size();
        strip.height = heights[i];
        const bool small = !strip.style.grows;
        strip.rect->setMargins(QMargins(theme.px(axisColumn), theme.px(small ? 3 : 8), theme.px(rightMargin),
                                        theme.px(last    ? curvePlotAxisBottom
                                                 : small ? 3
                                                         : 6)));
        strip.rect->setMinimumSize(plotWidth, strip.height);
        strip.rect->setMaximumSize(plotWidth, strip.height);
        const double inside = strip.height - (last ? theme.px(curvePlotAxisBottom) : 0);
        strip.valueTicker->count = std::max(1, int(inside / (42 * theme.scale())));
        strip.stepTicker->count = std::max(2, int(plotWidth / (160 * theme.scale())));
        strip.channel->setGeometry(plotWidth + 1, y, q.width() - plotWidth - 1, strip.height - (last ? 0 : 1));
        y += strip.height;
    }
    scheduleReplot();
}

void CurvePlot::Private::restyle() {
    plot->setBackground(Theme::instance().color(Role::screen));
    for (Strip& strip : strips) restyle(strip);
    for (Curve& curve : curves) restyle(curve);
    placeStrips();
}

void CurvePlot::Private::restyle(Strip& strip) {
    const Theme& theme = Theme::instance();
    const bool logarithmic = strip.style.scale == AxisScale::logarithmic;
    adjusting = true;
    if (logarithmic && strip.values->range().lower <= 0) strip.values->setRange(0.1, 10);
    strip.values->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    adjusting = false;
    strip.valueTicker->scale = strip.style.scale;
    const bool last = &strip == &strips.back();
    const QPen tick(theme.color(Role::muted), 0);
    QColor faint = theme.color(Role::grid);
    faint.setAlphaF(0.55f);
    for (QCPAxis* axis : {strip.steps, strip.values}) {
        axis->setBasePen(QPen(theme.color(Role::controlBorder), 0));
        axis->setTickPen(tick);
        axis->setSubTickPen(tick);
        axis->setTickLength(0, 0);
        axis->setSubTickLength(0, 0);
        axis->grid()->setVisible(true);
        axis->grid()->setPen(QPen(theme.color(Role::grid), 0));
        axis->grid()->setSubGridPen(QPen(faint, 0));
    }
    if (logarithmic) {
        strip.values->setTickLength(0, theme.px(6));
        strip.values->setSubTickLength(0, theme.px(3));
    }
    if (last) {
        strip.steps->setTickLength(0, theme.px(4));
        strip.steps->setSubTickLength(0, theme.px(2));
    }
    if (strip.reference) {
        QPen pen(theme.color(Role::muted), 1.5 * theme.scale());
        pen.setCapStyle(Qt::FlatCap);
        pen.setDashPattern({2 / 1.5, 4 / 1.5});
        strip.reference->line->setPen(pen);
    }
}

void CurvePlot::Private::restyle(Curve& curve) {
    const Theme& theme = Theme::instance();
    const CurveStyle& style = curve.style;
    const QColor color = theme.color(style.role);
    const bool averaged = style.drawing == CurveDrawing::smoothed && smoothing > 0;
    // Dashes keep curves apart without colour, but only a line shows them.
    const bool dashed = seriesPen(style.role, 1).style() != Qt::SolidLine;
    const bool every = style.drawing == CurveDrawing::noisy || (style.drawing == CurveDrawing::smoothed && !averaged && !dashed);
    QColor pale = color;
    pale.setAlphaF(averaged ? 0.38f : 1.0f);
    curve.raw->setPen(QPen(pale, 0));
    curve.raw->setVisible(every || (averaged && style.rawBehind));
    curve.line->setPen(seriesPen(style.role, style.width));
    curve.line->setVisible(!every);
    if (curve.squares) {
        const double side = 5 * theme.scale();
        curve.squares->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssSquare, QPen(color, 1), color, side - 1));
    }
}

void CurvePlot::Private::smoothAll() {
    for (Curve& curve : curves) {
        if (curve.style.drawing != CurveDrawing::smoothed) continue;
        curve.average = ExponentialAverage(smoothing);
        for (std::size_t i = 0; i < curve.size(); ++i) curve.smooth[i] = curve.average.add(curve.rawValue(i));
    }
}

void CurvePlot::Private::thinCurves() {
    for (Curve& curve : curves) {
        if (curve.line->visible()) thinLine(curve);
        if (curve.squares) thinSquares(curve);
    }
}

void CurvePlot::Private::thinLine(Curve& curve) const {
    const QCPAxis* axis = strips[std::size_t(curve.style.strip)].steps;
    const int columns = std::max(1, strips.front().rect->width() / 2);
    const QCPRange range = axis->range();
    const bool logarithmic = stepScale == AxisScale::logarithmic;
    QVector<QCPGraphData> points;
    points.reserve(columns + 2);
    const auto add = [&](std::size_t i) { points << QCPGraphData(curve.step(i), curve.value(i)); };
    std::size_t next = curve.from(range.lower);
    if (next > 0) add(next - 1);
    if (next < curve.size()) add(next);
    for (int column = 0; column <= columns && next < curve.size(); ++column) {
        const double share = double(column) / columns;
        const double step = logarithmic ? range.lower * std::pow(range.upper / range.lower, share) : range.lower + range.size() * share;
        if (curve.step(next) > step) continue;
        next = curve.from(std::nextafter(step, range.upper + 1));  // the last value not after the column
        add(next - 1);
    }
    if (next < curve.size()) add(next);
    curve.line->data()->set(points, true);
}

void CurvePlot::Private::thinSquares(Curve& curve) const {
    const QCPAxis* axis = strips[std::size_t(curve.style.strip)].steps;
    const double apart = squareDistance * Theme::instance().scale();
    std::size_t stride = 1;
    if (stepScale == AxisScale::linear && curve.size() > 1) {
        // Multiples of a power of two, so that growth takes squares away but moves none.
        const double mean = (curve.step(curve.size() - 1) - curve.step(0)) / double(curve.size() - 1);
        const double px = mean * axis->axisRect()->width() / axis->range().size();
        while (px * double(stride) < apart && stride < curve.size()) stride *= 2;
    }
    QVector<QCPGraphData> points;
    double last = -1e9;
    for (std::size_t i = 0; i < curve.size(); i += stride) {
        const double x = axis->coordToPixel(curve.step(i));
        if (x - last < apart * 0.9) continue;
        last = x;
        points << QCPGraphData(curve.step(i), curve.rawValue(i));
    }
    curve.squares->data()->set(points, true);
}

bool CurvePlot::Private::hasData() const {
    return std::any_of(curves.begin(), curves.end(), [](const Curve& curve) { return !curve.empty(); });
}

std::optional<std::int64_t> CurvePlot::Private::newestStep() const {
    std::optional<std::int64_t> newest;
    for (const Curve& curve : curves)
        if (!curve.empty()) newest = std::max(newest.value_or(0), std::int64_t((curve.raw->data()->constEnd() - 1)->key));
    return newest;
}

std::optional<std::int64_t> CurvePlot::Private::firstStep() const {
    std::optional<std::int64_t> first;
    for (const Curve& curve : curves)
        if (!curve.empty()) first = std::min(first.value_or(INT64_MAX), std::int64_t(curve.raw->data()->constBegin()->key));
    return first;
}

QCPRange CurvePlot::Private::fittedSteps() const {
    const double first = double(firstStep().value_or(1)), last = double(newestStep().value_or(expectedSteps));
    if (stepScale == AxisScale::logarithmic) return {std::max(1.0, first), std::max({last, first * 1.5, 10.0})};
    return {first <= 1 ? 0.0 : first, std::max(last, first + 9)};
}

QCPRange CurvePlot::Private::fittedValues(int index) const {
    const Strip& strip = strips[std::size_t(index)];
    const bool empty =
        std::none_of(curves.begin(), curves.end(), [&](const Curve& curve) { return curve.style.strip == index && !curve.empty(); });
    if (empty && !strip.style.range) return {strip.style.emptyRange.first, strip.style.emptyRange.second};
    if (strip.style.range && strip.style.scale == AxisScale::linear) return {strip.style.range->first, strip.style.range->second};
    const bool logarithmic = strip.style.scale == AxisScale::logarithmic;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Curve& curve : curves) {
        if (curve.style.strip != index || curve.empty()) continue;
        low = std::min(low, logarithmic ? curve.lowestPositive : curve.lowest);
        high = std::max(high, curve.highest);
    }
    if (strip.reference && strip.reference->inFit) {
        low = std::min(low, strip.reference->value);
        high = std::max(high, strip.reference->value);
    }
    if (!std::isfinite(low) || !std::isfinite(high) || (logarithmic && high <= 0)) return logarithmic ? QCPRange(0.1, 10) : QCPRange(0, 1);
    // Room for the reference's name above its line.
    const double room = strip.reference && strip.height > 0 ? 30.0 * Theme::instance().scale() / strip.height : 0.06;
    if (logarithmic) {
        const double span = std::max(std::log(high / low), std::log(30.0));
        return {high / std::exp(span * 1.06), high * std::exp(span * std::max(0.06, room))};
    }
    if (strip.style.fromZero) low = std::min(low, 0.0);
    const double span = high > low ? high - low : std::max(std::abs(high), 1e-12);
    return {strip.style.fromZero && low == 0 ? 0.0 : low - 0.06 * span, high + std::max(0.06, room) * span};
}

void CurvePlot::Private::followData() {
    if (!fitted) return;
    adjusting = true;
    const QCPRange steps = fittedSteps();
    for (std::size_t i = 0; i < strips.size(); ++i) {
        strips[i].steps->setRange(steps);
        strips[i].values->setRange(fittedValues(int(i)));
    }
    adjusting = false;
}

void CurvePlot::Private::onStepsChanged(const QCPRange& range) {
    if (adjusting) return;
    // The hand moved one strip: all follow, and nobody leaves the steps that there are.
    adjusting = true;
    fitted = false;
    const bool logarithmic = stepScale == AxisScale::logarithmic;
    const double end = double(std::max(newestStep().value_or(expectedSteps), std::int64_t{10}));
    QCPRange bounded = range.bounded(logarithmic ? 1 : 0, end);
    if (bounded.size() < 2) bounded = QCPRange(bounded.center() - 1, bounded.center() + 1);
    if (logarithmic) bounded.lower = std::max(bounded.lower, 0.5);
    for (Strip& strip : strips) strip.steps->setRange(bounded);
    adjusting = false;
    scheduleReplot();
}

void CurvePlot::Private::scheduleReplot() {
    if (replotTimer.isActive()) return;
    // Long curves take longer to draw: never spend more than a quarter of the time on it.
    const double cost = plot->replotTime(true);
    const double rest = sinceReplot.isValid() ? 4 * cost - double(sinceReplot.elapsed()) : 0;
    replotTimer.start(int(std::clamp(rest, 0.0, 500.0)));
}

void CurvePlot::Private::afterReplot() {
    sinceReplot.start();
    updateReadout();
    overlay->setScene(makeScene());
}

}  // namespace lab
