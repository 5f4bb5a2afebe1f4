#include "ui/widgets/plot/plot.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/plot/plot_keys.h"
#include "ui/widgets/plot/plot_picture.h"

namespace lab {

Plot::Plot(const QString& name, PlotScene::Kind kind, QWidget* parent) : QWidget(parent), m_name(name), m_legend(new PlotLegend(this)) {
    m_scene.kind = kind;
    m_scene.reading = [](double value) { return fixed(value, 2); };
    m_legend->hide();
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    describePicture(this, name);
    whenThemed(this, [this] { m_still = {}; });
    changed();
}

/// Another picture; its axes follow it.
void Plot::changed() {
    m_x = m_scene.xAxis();
    m_y = m_scene.yAxis();
    m_still = {};
    update();
}

void Plot::setSeries(std::vector<PlotSeries> series) {
    m_scene.series = std::move(series);
    changed();
    updateLegend();
}

void Plot::setMarks(std::vector<PlotScene::Mark> marks) {
    m_scene.marks = std::move(marks);
    update();
}

void Plot::setLevel(std::optional<double> y, const QString& label) {
    m_scene.levels.clear();
    if (y) m_scene.levels.push_back({*y, label});
    changed();
}

void Plot::addLevel(double y, const QString& label) {
    m_scene.levels.push_back({y, label});
    changed();
}

void Plot::setShaded(std::optional<std::pair<double, double>> range, const QString& label) {
    m_scene.shade = range ? std::optional(PlotScene::Shade{range->first, range->second, label}) : std::nullopt;
    changed();
}

void Plot::setScales(AxisScale x, AxisScale y) {
    m_scene.xScale = x;
    m_scene.yScale = y;
    changed();
}

void Plot::setXRange(double low, double high) {
    m_scene.xRange = {low, high};
    changed();
}

void Plot::setYRange(std::optional<std::pair<double, double>> range) {
    m_scene.yRange = range;
    changed();
}

void Plot::setFractions() {
    m_scene.wholeX = false;
    changed();
}

void Plot::setNamesAtEnds() {
    m_scene.namesAtEnds = true;
    update();
}

void Plot::setXTitle(const QString& title) {
    m_scene.xTitle = title;
    changed();
}

void Plot::setReading(std::function<QString(double)> format) {
    m_scene.reading = std::move(format);
    updateLegend();
}

void Plot::setFlag(std::function<QString(double)> flag) {
    m_scene.flag = std::move(flag);
    updateLegend();
    update();
}

void Plot::setHand(std::optional<double> x, const QString& flag, bool movable) {
    m_scene.hand = x ? std::optional(PlotScene::Hand{*x, flag, movable}) : std::nullopt;
    updateLegend();
    update();
}

void Plot::setEmptyText(const QString& text) {
    m_scene.emptyText = text;
    changed();
}

void Plot::copy(const Plot& other) {
    m_scene = other.m_scene;
    m_legend->setRows(other.m_legend->rows());
    changed();
    updateLegend();
}

QSize Plot::sizeHint() const {
    return {Theme::instance().px(m_scene.progress() ? 420 : 360), Theme::instance().px(190)};
}
QSize Plot::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return m_scene.progress() ? QSize(theme.px(220), theme.px(104)) : QSize(theme.px(160), theme.px(96));
}

PlotField Plot::field() const {
    return PlotPicture(m_scene, m_x, m_y, rect()).field();
}

void Plot::updateLegend() {
    m_scene.progress() ? updateProgressLegend() : updateFunctionLegend();
}

/// Values stand there at the crosshair, else at the hand.
void Plot::updateFunctionLegend() {
    const auto hand = m_scene.hand ? std::optional(m_scene.hand->x) : std::nullopt;
    const auto x = m_crosshair ? m_crosshair : hand;
    std::vector<PlotLegend::Entry> entries;
    QStringList spoken;
    for (const PlotSeries& each : m_scene.series) {
        if (each.name.isEmpty() || each.quiet) continue;
        const auto value = x ? each.values().valueAt(*x) : std::nullopt;
        const QString text = value ? m_scene.reading(*value) : QString();
        entries.push_back({each.name, each.role, false, text, each.verdict});
        spoken << each.name + (value ? QLatin1Char(' ') + text : QString());
        if (!each.bandName.isEmpty()) entries.push_back({each.bandName, each.role, true, {}, {}});
    }
    m_legend->setEntries(std::move(entries));
    const QString where = hand && !m_crosshair ? m_scene.hand->flag + QStringLiteral(": ") : QString();
    describePicture(this, m_name, where + spoken.join(QStringLiteral(", ")));
}

/// The values at the crosshair, else the last ones.
void Plot::updateProgressLegend() {
    std::vector<PlotLegend::Entry> entries;
    QStringList spoken;
    for (const PlotSeries& each : m_scene.series) {
        // The seeds of a variant share its name and look: one entry, with the first one's value.
        if (!entries.empty() && entries.back().name == each.name && entries.back().role == each.role) continue;
        const auto value = each.values().valueAt(m_crosshair.value_or(each.x.empty() ? 0 : each.x.back()));
        const QString text = value ? m_scene.reading(*value) : QStringLiteral("–");
        entries.push_back({each.name, each.role, false, text, {}});
        spoken << each.name + QLatin1Char(' ') + text;
    }
    m_legend->setEntries(std::move(entries));
    const QString where = m_crosshair && m_scene.flag ? m_scene.flag(*m_crosshair) + QStringLiteral(": ") : QString();
    describePicture(this, m_name, where + spoken.join(QStringLiteral(", ")));
}

void Plot::setCrosshair(std::optional<double> x) {
    if (x == m_crosshair) return;
    m_crosshair = x;
    updateLegend();
    update();
}

void Plot::moveCrosshair(std::optional<double> x) {
    if (x == m_crosshair) return;
    setCrosshair(x);
    emit crosshairMoved(x);
}

void Plot::moveHand(double px) {
    const double x = std::round(field().xAt(px));
    if (x != m_scene.hand->x) emit handMoved(x);
}

void Plot::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !dragsHand()) return;
    moveCrosshair(std::nullopt);
    moveHand(event->position().x());
}

void Plot::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton) && dragsHand()) return moveHand(event->position().x());
    const PlotField at = field();
    const int slack = m_scene.progress() ? 2 : 0;
    const bool inside = at.room.adjusted(-slack, -slack, slack, slack).contains(event->position());
    moveCrosshair(inside && !m_scene.series.empty() ? std::optional(at.xAt(event->position().x())) : std::nullopt);
}

void Plot::leaveEvent(QEvent*) {
    moveCrosshair(std::nullopt);
}

/// A hand goes from whole number to whole number, a crosshair in hundredths of the axis.
double Plot::stopFrom(double from, int by) const {
    const auto at = std::ranges::lower_bound(m_handStops, from) - m_handStops.begin();
    return m_handStops[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at + by, 0, std::ssize(m_handStops) - 1))];
}

double Plot::fromKey(double from, int key, bool far) const {
    if (key == Qt::Key_Home) return m_x.low;
    if (key == Qt::Key_End) return m_x.high;
    const int way = (key == Qt::Key_Right ? 1 : -1) * (far ? 10 : 1);
    if (dragsHand() && !m_handStops.empty()) return stopFrom(from, way);
    if (dragsHand()) return std::clamp(from + way, m_x.low, m_x.high);
    return m_x.at(std::clamp(m_x.share(from) + way / 100.0, 0.0, 1.0));
}

void Plot::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && m_crosshair) return moveCrosshair(std::nullopt);
    if (!movesCrosshair(event->key())) return QWidget::keyPressEvent(event);
    const bool far = event->modifiers().testFlag(Qt::ShiftModifier);
    if (dragsHand()) {
        emit handMoved(fromKey(m_scene.hand->x, event->key(), far));
    } else {
        moveCrosshair(fromKey(m_crosshair.value_or(m_scene.progress() ? m_x.high : m_x.low), event->key(), far));
    }
}

bool Plot::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) takePlotKey(static_cast<QKeyEvent&>(*event), m_crosshair.has_value());
    return QWidget::event(event);
}

/// What does not move is kept as a picture while it is on the screen; a plot that is painted on paper stands on none.
void Plot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const PlotPicture picture(m_scene, m_x, m_y, rect());
    const auto paintStill = [&](QPainter& out) {
        out.fillRect(rect(), Theme::instance().color(Role::screen));
        picture.paintStill(out);
    };
    if (isVisible()) {
        const double ratio = devicePixelRatioF();
        const QSize pixels = (QSizeF(size()) * ratio).toSize();
        if (m_still.size() != pixels) {
            m_still = QPixmap(pixels);
            m_still.setDevicePixelRatio(ratio);
            QPainter still(&m_still);
            paintStill(still);
        }
        painter.drawPixmap(0, 0, m_still);
    } else {
        paintStill(painter);
    }
    picture.paintMoving(painter, m_crosshair);
}

}  // namespace lab
