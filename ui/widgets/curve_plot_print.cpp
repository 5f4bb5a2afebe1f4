#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/clipped_line.h"
#include "ui/widgets/curve_plot_private.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/series_pen.h"

// The same plots for paper. QCustomPlot could paint them too, but relies on clipping, which Qt's SVG files do not know, and on pens of one
// device pixel, which printers make too thin to see.

namespace lab {
namespace {

constexpr double thin = 0.75;  ///< px, where the screen has one device pixel
constexpr double columnsPerPx = 2;

class StripPrinter {
public:
    StripPrinter(QPainter& painter, QCPAxis& steps, QCPAxis& values)
        : m_painter(painter), m_steps(steps), m_values(values), m_room(steps.axisRect()->rect()) {}

    void grid(const AxisTicks& steps, const AxisTicks& values) {
        const QColor color = Theme::instance().color(Role::grid);
        QColor faint = color;
        faint.setAlphaF(0.55F);
        m_painter.setPen(QPen(faint, thin));
        for (double value : values.minor) horizontal(value);
        m_painter.setPen(QPen(color, thin));
        for (double value : values.major) horizontal(value);
        for (double step : steps.major) vertical(step);
    }

    void axes(const AxisTicks& steps, const AxisTicks& values, bool last, bool logarithmic) {
        const Theme& theme = Theme::instance();
        m_painter.setPen(QPen(theme.color(Role::controlBorder), 1));
        m_painter.drawLine(m_room.bottomLeft(), m_room.bottomRight());
        m_painter.drawLine(m_room.topLeft(), m_room.bottomLeft());
        m_painter.setPen(QPen(theme.color(Role::muted), thin));
        const auto left = [&](double value, double length) {
            const double y = m_values.coordToPixel(value);
            if (y >= m_room.top() && y <= m_room.bottom())
                m_painter.drawLine(QPointF(m_room.left() - length, y), QPointF(m_room.left(), y));
        };
        const auto below = [&](double step, double length) {
            const double x = m_steps.coordToPixel(step);
            if (x >= m_room.left() && x <= m_room.right())
                m_painter.drawLine(QPointF(x, m_room.bottom()), QPointF(x, m_room.bottom() + length));
        };
        if (logarithmic) {
            for (double value : values.major) left(value, 6);
            for (double value : values.minor) left(value, 3);
        }
        if (!last) return;
        for (double step : steps.major) below(step, 4);
        for (double step : steps.minor) below(step, 2);
    }

    void reference(double value, const QPen& pen) {
        m_painter.setPen(pen);
        horizontal(value);
    }

    void line(const QCPGraph& graph, QPen pen) {
        if (pen.widthF() < thin) pen.setWidthF(thin);
        pen.setJoinStyle(Qt::RoundJoin);
        m_painter.setPen(pen);
        m_painter.setBrush(Qt::NoBrush);
        for (const QPolygonF& part : clippedLine(thinnedLine(pointsOf(graph), columnsPerPx), m_room.adjusted(-1, -1, 1, 1)))
            m_painter.drawPolyline(part);
    }

    void squares(const QCPGraph& graph, const QColor& color) {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(color);
        const QRectF field = m_room.adjusted(-2, -2, 2, 2);
        for (const QPointF& point : pointsOf(graph))
            if (field.contains(point)) m_painter.drawRect(QRectF(point.x() - 2.5, point.y() - 2.5, 5, 5));
    }

private:
    QPolygonF pointsOf(const QCPGraph& graph) const {
        QPolygonF points;
        for (auto it = graph.data()->constBegin(); it != graph.data()->constEnd(); ++it) {
            const bool drawable = std::isfinite(it->value) && (m_values.scaleType() == QCPAxis::stLinear || it->value > 0);
            points << QPointF(m_steps.coordToPixel(it->key), drawable ? m_values.coordToPixel(it->value) : std::nan(""));
        }
        return points;
    }
    void horizontal(double value) {
        const double y = m_values.coordToPixel(value);
        if (y >= m_room.top() && y <= m_room.bottom()) m_painter.drawLine(QPointF(m_room.left(), y), QPointF(m_room.right(), y));
    }
    void vertical(double step) {
        const double x = m_steps.coordToPixel(step);
        if (x >= m_room.left() && x <= m_room.right()) m_painter.drawLine(QPointF(x, m_room.top()), QPointF(x, m_room.bottom()));
    }

    QPainter& m_painter;
    QCPAxis& m_steps;
    QCPAxis& m_values;
    QRectF m_room;
};

QColor pale(QColor color) {
    color.setAlphaF(0.38F);
    return color;
}

}  // namespace

void CurvePlot::copyView(const CurvePlot& other) {
    setSmoothing(other.smoothing());
    setStepAxis(other.stepAxis());
    for (std::size_t i = 0; i < d->strips.size(); ++i) setValueAxis(int(i), other.valueAxis(int(i)));
    d->fitted = other.d->fitted;
    if (d->fitted) return;
    d->adjusting = true;
    for (std::size_t i = 0; i < d->strips.size(); ++i) {
        d->strips[i].steps->setRange(other.d->strips[i].steps->range());
        d->strips[i].values->setRange(other.d->strips[i].values->range());
    }
    d->adjusting = false;
}

void CurvePlot::layOutForPrint(const QSize& size) {
    resize(size);
    // Hidden widgets are not laid out: it is shown, but on no screen.
    setAttribute(Qt::WA_DontShowOnScreen);
    setAttribute(Qt::WA_QuitOnClose, false);
    show();
    d->restyle();
    replotNow();
}

void CurvePlot::print(QPainter& painter) {
    const Theme& theme = Theme::instance();
    d->restyle();  // in the colours of the moment
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const auto& strip : d->strips) {
        StripPrinter out(painter, *strip.steps, *strip.values);
        const bool last = &strip == &d->strips.back();
        const QCPRange steps = strip.steps->range(), values = strip.values->range();
        const AxisTicks stepTicks = axisTicks(d->stepScale, steps.lower, steps.upper, strip.stepTicker->count);
        const AxisTicks valueTicks = axisTicks(strip.style.scale, values.lower, values.upper, strip.valueTicker->count);
        out.grid(stepTicks, valueTicks);
        if (strip.reference) out.reference(strip.reference->value, strip.reference->line->pen());
        const auto each = [&](auto draw) {
            for (const auto& curve : d->curves)
                if (&d->strips[std::size_t(curve.style.strip)] == &strip) draw(curve);
        };
        each([&](const auto& curve) {
            if (curve.raw->visible()) out.line(*curve.raw, curve.line->visible() ? pale(theme.color(curve.style.role)) : curve.raw->pen());
        });
        each([&](const auto& curve) {
            if (curve.line->visible()) out.line(*curve.line, curve.line->pen());
            if (curve.squares) out.squares(*curve.squares, theme.color(curve.style.role));
        });
        out.axes(stepTicks, valueTicks, last, strip.style.scale == AxisScale::logarithmic);
        painter.save();
        painter.translate(strip.channel->geometry().topLeft());
        strip.channel->paint(painter);
        painter.restore();
    }
    paintCurveScene(painter, d->makeScene());
    drawOutline(painter, QRectF(rect()), theme.color(Role::hairline));
    painter.restore();
}

}  // namespace lab
