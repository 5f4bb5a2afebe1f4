#include "ui/widgets/plot/curve_plot.h"

#include <QPainter>
#include <algorithm>
#include <cassert>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/plot/curve_plot_private.h"

namespace lab {

CurvePlot::Private::Private(CurvePlot& owner) : q(owner), canvas(new CurveCanvas(&owner, [this] { paintStill(); })) {
    canvas->setMouseTracking(true);
    replotTimer.setSingleShot(true);
}

CurvePlot::CurvePlot(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(*this)) {
    setFocusPolicy(Qt::StrongFocus);
    describePicture(this, tr("Training curves"));
    d->canvas->installEventFilter(this);
    connect(&d->replotTimer, &QTimer::timeout, this, &CurvePlot::replotNow);
    whenThemed(this, [this] { d->placeStrips(); });
}

CurvePlot::~CurvePlot() = default;

int CurvePlot::addStrip(const CurveStrip& style) {
    Private::Strip strip{style};
    strip.channel = new ChannelStrip(this);
    strip.channel->setTitle(style.title);
    strip.channel->setCaption(style.unit);
    d->strips.push_back(std::move(strip));
    d->placeStrips();
    updateGeometry();
    return int(d->strips.size()) - 1;
}

int CurvePlot::addCurve(const CurveStyle& style) {
    assert(style.strip >= 0 && style.strip < int(d->strips.size()) && style.format);
    d->curves.push_back({style, {}, {}, {}, ExponentialAverage(d->smoothing)});
    d->updateReadout();
    return int(d->curves.size()) - 1;
}

void CurvePlot::setReference(int strip, double value, const QString& label, bool inFit) {
    d->strips[std::size_t(strip)].references.clear();
    addReference(strip, value, label, inFit);
}

void CurvePlot::addReference(int strip, double value, const QString& label, bool inFit, const QString& legend, bool spare) {
    d->strips[std::size_t(strip)].references.push_back({value, label, inFit, legend, spare});
    d->scheduleReplot();
}

void CurvePlot::clearReference(int strip) {
    d->strips[std::size_t(strip)].references.clear();
    d->scheduleReplot();
}

void CurvePlot::setLeastFactor(int strip, double factor) {
    d->strips[std::size_t(strip)].style.leastFactor = factor;
    d->scheduleReplot();
}

ChannelStrip* CurvePlot::channel(int strip) const {
    return d->strips[std::size_t(strip)].channel;
}

void CurvePlot::append(int index, std::int64_t step, double value) {
    auto& curve = d->curves[std::size_t(index)];
    if (curve.empty()) {
        curve.lowest = curve.highest = value;
        curve.lowestPositive = std::numeric_limits<double>::infinity();
    }
    curve.lowest = std::min(curve.lowest, value);
    curve.highest = std::max(curve.highest, value);
    if (value > 0) curve.lowestPositive = std::min(curve.lowestPositive, value);
    curve.steps.push_back(double(step));
    curve.raw.push_back(value);
    if (curve.style.drawing == CurveDrawing::smoothed) curve.smooth.push_back(curve.average.add(value));
    d->scheduleReplot();
}

void CurvePlot::clear() {
    for (auto& curve : d->curves) {
        for (auto* values : {&curve.steps, &curve.raw, &curve.smooth}) values->clear();
        curve.namePlace.reset();
        curve.average = ExponentialAverage(d->smoothing);
    }
    d->fitted = true;
    d->crosshair.reset();
    d->scheduleReplot();
}

bool CurvePlot::isEmpty() const {
    return !d->hasData();
}

void CurvePlot::setStepAxis(AxisScale scale) {
    if (scale == d->stepScale) return;
    d->stepScale = scale;
    const auto [first, last] = d->fittedSteps();
    for (auto& strip : d->strips) strip.field.x = {scale, first, last};
    fit();
}

void CurvePlot::setValueAxis(int index, AxisScale scale) {
    auto& strip = d->strips[std::size_t(index)];
    if (scale == strip.style.scale) return;
    strip.style.scale = scale;
    const auto [low, high] = d->fittedValues(std::size_t(index));
    strip.field.y = {scale, low, high};
    fit();
}

AxisScale CurvePlot::stepAxis() const {
    return d->stepScale;
}

AxisScale CurvePlot::valueAxis(int strip) const {
    return d->strips[std::size_t(strip)].style.scale;
}

void CurvePlot::setSmoothing(double factor) {
    if (factor == d->smoothing) return;
    d->smoothing = factor;
    d->smoothAll();
    d->scheduleReplot();
}

double CurvePlot::smoothing() const {
    return d->smoothing;
}

void CurvePlot::setEmptyRange(int strip, double lower, double upper) {
    d->strips[std::size_t(strip)].style.emptyRange = {lower, upper};
    d->scheduleReplot();
}

void CurvePlot::setName(int curve, const QString& name) {
    d->curves[std::size_t(curve)].style.name = name;
    d->updateReadout();
}

void CurvePlot::setStripTitle(int strip, const QString& title) {
    Private::Strip& changed = d->strips[std::size_t(strip)];
    if (changed.style.title == title) return;
    changed.style.title = title;
    changed.channel->setTitle(title);
    d->placeStrips();
}

void CurvePlot::setExpectedSteps(std::int64_t steps) {
    d->expectedSteps = std::max<std::int64_t>(steps, 2);
    d->scheduleReplot();
}

void CurvePlot::setEmptyText(const QString& title, const QString& help) {
    d->emptyTitle = title;
    d->emptyHelp = help;
    d->scheduleReplot();
}

void CurvePlot::setShownStep(std::optional<std::int64_t> step) {
    if (step == d->shown) return;
    d->shown = step;
    d->scheduleReplot();
}

void CurvePlot::fit() {
    d->fitted = true;
    d->scheduleReplot();
}

bool CurvePlot::fitted() const {
    return d->fitted;
}

std::pair<double, double> CurvePlot::stepRange() const {
    const PlotAxis& steps = d->strips.front().field.x;
    return {steps.low, steps.high};
}

std::pair<double, double> CurvePlot::valueRange(int strip) const {
    const PlotAxis& values = d->strips[std::size_t(strip)].field.y;
    return {values.low, values.high};
}

void CurvePlot::setStepRange(double lower, double upper) {
    d->setSteps(lower, upper);
}

std::optional<std::int64_t> CurvePlot::crosshair() const {
    return d->crosshair;
}

void CurvePlot::setCrosshair(std::optional<std::int64_t> step) {
    if (step == d->crosshair) return;
    d->crosshair = step;
    d->updateReadout();
    d->canvas->setScene(d->makeScene());
    emit crosshairChanged();
}

std::optional<CurveReading> CurvePlot::reading(int index) const {
    const auto& curve = d->curves[std::size_t(index)];
    const std::size_t after = d->crosshair ? curve.every().from(double(*d->crosshair) + 0.5) : curve.steps.size();
    if (after == 0) return std::nullopt;
    const std::size_t i = after - 1;
    return CurveReading{std::int64_t(std::llround(curve.steps[i])), curve.raw[i], curve.shown().y[i]};
}

QString CurvePlot::summary() const {
    QStringList parts;
    for (const auto& strip : d->strips) parts << strip.channel->summary();
    return parts.join(QStringLiteral(". "));
}

void CurvePlot::replotNow() {
    d->replotTimer.stop();
    if (d->strips.empty()) return;
    d->followData();
    d->updateReadout();
    d->canvas->setScene(d->makeScene());
    d->canvas->setStill({});
}

QWidget* CurvePlot::canvas() const {
    return d->canvas;
}

QPointF CurvePlot::place(int strip, double step, double value) const {
    return d->strips[std::size_t(strip)].field.place(step, value);
}

const CurveScene& CurvePlot::scene() const {
    return d->canvas->scene();
}

QSize CurvePlot::sizeHint() const {
    double height = curvePlotAxisBottom;
    for (const auto& strip : d->strips) height += strip.style.height;
    const Theme& theme = Theme::instance();
    return {theme.px(912), theme.px(height)};
}

QSize CurvePlot::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    int height = theme.px(curvePlotAxisBottom);
    for (const auto& strip : d->strips) height += d->leastHeight(strip);
    return {theme.px(480), height};
}

void CurvePlot::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    const int x = d->canvas->geometry().right() + 1;
    drawHairline(painter, QPointF(x, 0), QPointF(x, height()), theme.color(Role::hairline));
    for (std::size_t i = 0; i + 1 < d->strips.size(); ++i) {
        const int y = d->strips[i].outer.bottom();
        drawHairline(painter, QPointF(x, y), QPointF(width(), y), theme.color(Role::hairline));
    }
}

void CurvePlot::resizeEvent(QResizeEvent*) {
    d->placeStrips();
}

void CurvePlot::copyView(const CurvePlot& other) {
    setSmoothing(other.smoothing());
    setStepAxis(other.stepAxis());
    for (std::size_t i = 0; i < d->strips.size(); ++i) setValueAxis(int(i), other.valueAxis(int(i)));
    d->fitted = other.d->fitted;
    for (std::size_t i = 0; !d->fitted && i < d->strips.size(); ++i) {
        d->strips[i].field.x = other.d->strips[i].field.x;
        d->strips[i].field.y = other.d->strips[i].field.y;
    }
}

void CurvePlot::layOutForPrint(const QSize& size) {
    resize(size);
    d->placeStrips();
    replotNow();
}

void CurvePlot::print(QPainter& painter) const {
    painter.save();
    for (const auto& strip : d->strips) {
        d->paintStrip(painter, strip);
        painter.save();
        painter.translate(strip.channel->geometry().topLeft());
        strip.channel->paint(painter);
        painter.restore();
    }
    paintCurveScene(painter, d->makeScene());
    drawOutline(painter, QRectF(rect()), Theme::instance().color(Role::hairline));
    painter.restore();
}

}  // namespace lab
