#include <QKeyEvent>
#include <algorithm>
#include <cmath>

#include "ui/widgets/plot/curve_plot_private.h"
#include "ui/widgets/plot/plot_keys.h"

// What mouse and keys do to stacked plots.

namespace lab {
namespace {

constexpr double zoomOfANotch = 0.85, wheelNotch = 120;

}  // namespace

std::size_t CurvePlot::Private::stripAt(const QPointF& position) const {
    for (std::size_t i = 0; i < strips.size(); ++i)
        if (position.y() < strips[i].outer.bottom() + 1) return i;
    return strips.size() - 1;
}

void CurvePlot::Private::zoom(const QWheelEvent& wheel) {
    Strip& strip = strips[stripAt(wheel.position())];
    const QRectF& room = strip.field.room;
    const double factor = std::pow(zoomOfANotch, wheel.angleDelta().y() / wheelNotch);
    if (wheel.modifiers() & Qt::ShiftModifier || wheel.position().x() < room.left()) {
        strip.field.y.zoom(factor, strip.field.y.at((room.bottom() - wheel.position().y()) / room.height()));
        fitted = false;
        return scheduleReplot();
    }
    PlotAxis steps = strip.field.x;
    steps.zoom(factor, steps.at((wheel.position().x() - room.left()) / room.width()));
    setSteps(steps.low, steps.high);
}

void CurvePlot::Private::startDrag(const QPointF& position) {
    const std::size_t strip = stripAt(position);
    drag = Drag{strip, position, strips[strip].field.x, strips[strip].field.y};
}

void CurvePlot::Private::dragTo(const QPointF& position) {
    Strip& strip = strips[drag->strip];
    const QPointF way = position - drag->from;
    if (strip.style.grows && way.y() != 0) {
        strip.field.y = drag->y;
        strip.field.y.pan(way.y() / strip.field.room.height());
    }
    PlotAxis steps = drag->x;
    steps.pan(-way.x() / strip.field.room.width());
    setSteps(steps.low, steps.high);
}

/// The hand moved one strip: all follow, and nobody leaves the steps that there are.
void CurvePlot::Private::setSteps(double low, double high) {
    fitted = false;
    const double least = logarithmicSteps() ? 1 : 0, most = double(std::max(newestStep().value_or(expectedSteps), std::int64_t{10}));
    const double size = high - low;
    if (low < least) {
        low = least;
        high = std::min(least + size, most);
    } else if (high > most) {
        high = most;
        low = std::max(most - size, least);
    }
    if (const double middle = (low + high) / 2; high - low < 2) {
        low = middle - 1;
        high = middle + 1;
    }
    if (logarithmicSteps()) low = std::max(low, 0.5);
    for (Strip& strip : strips) strip.field.x = {stepScale, low, high};
    scheduleReplot();
}

void CurvePlot::Private::moveCrosshair(const QPointF& position) {
    if (!hasData()) return;
    const PlotField& field = strips.front().field;
    if (position.x() < field.room.left() - 2 || position.x() > field.room.right() + 2) {
        if (crosshairByMouse) q.setCrosshair(std::nullopt);
        return;
    }
    crosshairByMouse = true;
    q.setCrosshair(std::clamp(std::int64_t(std::llround(field.xAt(position.x()))), *firstStep(), *newestStep()));
}

void CurvePlot::Private::nudgeCrosshair(std::int64_t by) {
    if (!hasData()) return;
    const std::int64_t from = crosshair.value_or(by < 0 ? *newestStep() + 1 : *firstStep() - 1);
    crosshairByMouse = false;
    q.setCrosshair(std::clamp(from + by, *firstStep(), *newestStep()));
}

void CurvePlot::keyPressEvent(QKeyEvent* event) {
    constexpr std::int64_t toTheEnd = INT64_C(1) << 60;
    const std::int64_t stride = event->modifiers() & Qt::ShiftModifier ? 10 : 1;
    if (event->key() == Qt::Key_Escape && d->crosshair) return setCrosshair(std::nullopt);
    if (!movesCrosshair(event->key())) return QWidget::keyPressEvent(event);
    const bool back = event->key() == Qt::Key_Left || event->key() == Qt::Key_Home;
    const bool whole = event->key() == Qt::Key_Home || event->key() == Qt::Key_End;
    d->nudgeCrosshair((back ? -1 : 1) * (whole ? toTheEnd : stride));
}

bool CurvePlot::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) takePlotKey(static_cast<QKeyEvent&>(*event), d->crosshair.has_value());
    return QWidget::event(event);
}

bool CurvePlot::eventFilter(QObject* watched, QEvent* event) {
    if (d->strips.empty()) return QWidget::eventFilter(watched, event);
    switch (event->type()) {
        case QEvent::Leave:
            if (!d->crosshairByMouse) break;
            d->crosshairByMouse = false;
            setCrosshair(std::nullopt);
            break;
        case QEvent::Wheel:
            d->zoom(static_cast<QWheelEvent&>(*event));
            event->accept();
            return true;
        case QEvent::MouseButtonPress:
            setFocus(Qt::MouseFocusReason);
            if (auto& mouse = static_cast<QMouseEvent&>(*event); mouse.button() == Qt::LeftButton) d->startDrag(mouse.position());
            return true;
        case QEvent::MouseMove: {
            const auto& mouse = static_cast<QMouseEvent&>(*event);
            if (d->drag && mouse.buttons().testFlag(Qt::LeftButton)) d->dragTo(mouse.position());
            d->moveCrosshair(mouse.position());
            return true;
        }
        case QEvent::MouseButtonRelease:
            d->drag.reset();
            return true;
        case QEvent::MouseButtonDblClick:
            fit();
            return true;
        default:
            break;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace lab
