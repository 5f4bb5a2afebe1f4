#include "ui/widgets/curve_plot.h"

#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <cassert>
#include <cmath>

#include "ui/widgets/curve_plot_private.h"
#include "ui/widgets/paint.h"

namespace lab {

CurvePlot::Private::Private(CurvePlot& owner) : q(owner), plot(new QCustomPlot(&owner)), overlay(new CurveOverlay(plot)) {
    plot->plotLayout()->clear();
    plot->plotLayout()->setRowSpacing(0);
    plot->setAutoAddPlottableToLegend(false);
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->setFocusPolicy(Qt::NoFocus);
    plot->setMouseTracking(true);
    plot->addLayer("reference", plot->layer("grid"), QCustomPlot::limAbove);
    referenceLayer = plot->layer("reference");
    plot->addLayer("average", plot->layer("main"), QCustomPlot::limAbove);
    averageLayer = plot->layer("average");
    replotTimer.setSingleShot(true);
}

CurvePlot::CurvePlot(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(*this)) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Training curves"));
    d->plot->installEventFilter(this);
    connect(&d->replotTimer, &QTimer::timeout, this, &CurvePlot::replotNow);
    connect(d->plot, &QCustomPlot::beforeReplot, this, [this] { d->thinCurves(); });
    connect(d->plot, &QCustomPlot::afterReplot, this, [this] { d->afterReplot(); });
    connect(d->plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { d->moveCrosshair(event->position()); });
    connect(d->plot, &QCustomPlot::mousePress, this, [this] { setFocus(Qt::MouseFocusReason); });
    connect(d->plot, &QCustomPlot::mouseDoubleClick, this, [this] { fit(); });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        d->restyle();
        updateGeometry();
        update();
    });
    d->restyle();
}

CurvePlot::~CurvePlot() = default;

int CurvePlot::addStrip(const CurveStrip& style) {
    Private::Strip strip;
    strip.style = style;
    d->addAxes(strip);
    strip.channel = new ChannelStrip(this);
    strip.channel->setTitle(style.title);
    strip.channel->setCaption(style.unit);
    d->strips.push_back(std::move(strip));
    d->restyle();
    updateGeometry();
    return int(d->strips.size()) - 1;
}

int CurvePlot::addCurve(const CurveStyle& style) {
    assert(style.strip >= 0 && style.strip < int(d->strips.size()) && style.format);
    const auto& strip = d->strips[std::size_t(style.strip)];
    Private::Curve curve;
    curve.style = style;
    curve.raw = d->plot->addGraph(strip.steps, strip.values);
    curve.line = d->plot->addGraph(strip.steps, strip.values);
    if (style.drawing == CurveDrawing::smoothed) curve.line->setLayer(d->averageLayer);
    if (style.squares) {
        curve.squares = d->plot->addGraph(strip.steps, strip.values);
        curve.squares->setLineStyle(QCPGraph::lsNone);
    }
    curve.average = ExponentialAverage(d->smoothing);
    d->restyle(curve);
    d->curves.push_back(std::move(curve));
    d->updateReadout();
    return int(d->curves.size()) - 1;
}

void CurvePlot::setReference(int strip, double value, const QString& label, bool inFit) {
    auto& target = d->strips[std::size_t(strip)];
    if (!target.reference) {
        target.reference.emplace();
        auto* line = new QCPItemStraightLine(d->plot);
        for (auto* point : {line->point1, line->point2}) {
            point->setAxisRect(target.rect);
            point->setAxes(target.steps, target.values);
            point->setTypeX(QCPItemPosition::ptAxisRectRatio);
            point->setTypeY(QCPItemPosition::ptPlotCoords);
        }
        line->setClipAxisRect(target.rect);
        line->setLayer(d->referenceLayer);
        target.reference->line = line;
    }
    target.reference->value = value;
    target.reference->label = label;
    target.reference->inFit = inFit;
    target.reference->line->point1->setCoords(0, value);
    target.reference->line->point2->setCoords(1, value);
    d->restyle(target);
    d->scheduleReplot();
}

void CurvePlot::clearReference(int strip) {
    auto& target = d->strips[std::size_t(strip)];
    if (!target.reference) return;
    d->plot->removeItem(target.reference->line);
    target.reference.reset();
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
    curve.raw->data()->add(QCPGraphData(double(step), value));
    if (curve.style.drawing == CurveDrawing::smoothed) curve.smooth.push_back(curve.average.add(value));
    d->scheduleReplot();
}

void CurvePlot::clear() {
    for (auto& curve : d->curves) {
        curve.raw->data()->clear();
        curve.line->data()->clear();
        if (curve.squares) curve.squares->data()->clear();
        curve.smooth.clear();
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
    d->adjusting = true;
    for (auto& strip : d->strips) {
        strip.stepTicker->scale = scale;
        if (scale == AxisScale::logarithmic && strip.steps->range().lower <= 0) strip.steps->setRangeLower(1);
        strip.steps->setScaleType(scale == AxisScale::linear ? QCPAxis::stLinear : QCPAxis::stLogarithmic);
    }
    d->adjusting = false;
    fit();
}

void CurvePlot::setValueAxis(int index, AxisScale scale) {
    auto& strip = d->strips[std::size_t(index)];
    if (scale == strip.style.scale) return;
    strip.style.scale = scale;
    d->restyle(strip);
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
    for (auto& curve : d->curves) d->restyle(curve);
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
    const QCPRange range = d->strips.front().steps->range();
    return {range.lower, range.upper};
}

std::pair<double, double> CurvePlot::valueRange(int strip) const {
    const QCPRange range = d->strips[std::size_t(strip)].values->range();
    return {range.lower, range.upper};
}

void CurvePlot::setStepRange(double lower, double upper) {
    d->strips.front().steps->setRange(lower, upper);
}

std::optional<std::int64_t> CurvePlot::crosshair() const {
    return d->crosshair;
}

void CurvePlot::setCrosshair(std::optional<std::int64_t> step) {
    if (step == d->crosshair) return;
    d->crosshair = step;
    d->updateReadout();
    d->overlay->setScene(d->makeScene());
    emit crosshairChanged();
}

std::optional<CurveReading> CurvePlot::reading(int index) const {
    const auto& curve = d->curves[std::size_t(index)];
    const std::size_t after = d->crosshair ? curve.from(double(*d->crosshair) + 0.5) : curve.size();
    if (after == 0) return std::nullopt;
    const std::size_t i = after - 1;
    const CurveReading reading{std::int64_t(std::llround(curve.step(i))), curve.rawValue(i), curve.value(i)};
    return reading;
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
    d->plot->replot(QCustomPlot::rpImmediateRefresh);
}

QCustomPlot* CurvePlot::plot() const {
    return d->plot;
}

const CurveScene& CurvePlot::scene() const {
    return d->overlay->scene();
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
    const int x = d->plot->geometry().right() + 1;
    drawHairline(painter, QPointF(x, 0), QPointF(x, height()), theme.color(Role::hairline));
    int y = 0;
    for (std::size_t i = 0; i + 1 < d->strips.size(); ++i) {
        y += d->strips[i].height;
        drawHairline(painter, QPointF(x, y - 1), QPointF(width(), y - 1), theme.color(Role::hairline));
    }
}

void CurvePlot::resizeEvent(QResizeEvent*) {
    d->placeStrips();
}

void CurvePlot::Private::moveCrosshair(const QPointF& position) {
    if (!hasData()) return;
    const Strip& strip = strips.front();
    const QRect plotRect = strip.rect->rect();
    if (position.x() < plotRect.left() - 2 || position.x() > plotRect.right() + 3) {
        if (crosshairByMouse) q.setCrosshair(std::nullopt);
        return;
    }
    const double step = strip.steps->pixelToCoord(position.x());
    crosshairByMouse = true;
    q.setCrosshair(std::clamp(std::int64_t(std::llround(step)), *firstStep(), *newestStep()));
}

void CurvePlot::Private::nudgeCrosshair(std::int64_t by) {
    if (!hasData()) return;
    const std::int64_t from = crosshair.value_or(by < 0 ? *newestStep() + 1 : *firstStep() - 1);
    crosshairByMouse = false;
    q.setCrosshair(std::clamp(from + by, *firstStep(), *newestStep()));
}

void CurvePlot::keyPressEvent(QKeyEvent* event) {
    const std::int64_t stride = event->modifiers() & Qt::ShiftModifier ? 10 : 1;
    switch (event->key()) {
        case Qt::Key_Left:
            d->nudgeCrosshair(-stride);
            break;
        case Qt::Key_Right:
            d->nudgeCrosshair(stride);
            break;
        case Qt::Key_Home:
            d->nudgeCrosshair(-INT64_C(1) << 60);
            break;
        case Qt::Key_End:
            d->nudgeCrosshair(INT64_C(1) << 60);
            break;
        case Qt::Key_Escape:
            if (!d->crosshair) return QWidget::keyPressEvent(event);
            setCrosshair(std::nullopt);
            break;
        default:
            QWidget::keyPressEvent(event);
    }
}

bool CurvePlot::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        // While the curves have the focus these keys are theirs, not the timeline's.
        auto* key = static_cast<QKeyEvent*>(event);
        const bool plain = !(key->modifiers() & ~Qt::ShiftModifier);
        const bool ours =
            key->key() == Qt::Key_Left || key->key() == Qt::Key_Right || key->key() == Qt::Key_Home || key->key() == Qt::Key_End;
        if (plain && (ours || (key->key() == Qt::Key_Escape && d->crosshair))) event->accept();
    }
    return QWidget::event(event);
}

bool CurvePlot::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Leave && d->crosshairByMouse) {
        d->crosshairByMouse = false;
        setCrosshair(std::nullopt);
    } else if (event->type() == QEvent::Wheel) {
        auto* wheel = static_cast<QWheelEvent*>(event);
        for (auto& strip : d->strips) {
            const bool values = wheel->modifiers() & Qt::ShiftModifier || wheel->position().x() < strip.rect->left();
            strip.rect->setRangeZoom(values ? Qt::Vertical : Qt::Horizontal);
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace lab
