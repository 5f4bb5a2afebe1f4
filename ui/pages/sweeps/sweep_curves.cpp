#include "ui/pages/sweeps/sweep_curves.h"

#include <QPainter>
#include <algorithm>

#include "core/base/number_text.h"
#include "ui/widgets/axis_ticks.h"
#include "ui/widgets/series_pen.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px.
constexpr double plotWidth = 330, plotHeight = 130, axisColumn = 52, axisRow = 34, nameRow = 20, gap = 24, legendRow = 24;
constexpr Role roles[] = {Role::series1, Role::series2, Role::series3, Role::series4, Role::series5};

Role roleOf(std::size_t i) {
    return roles[std::min<std::size_t>(i, std::size(roles) - 1)];
}

/// Values to places within one plot.
struct Frame {
    QRectF rect;
    double right = 1;  ///< the largest x; the least is 0
    double top = 1;    ///< the largest y; the least is 0

    QPointF place(double x, double y) const { return {rect.left() + x / right * rect.width(), rect.bottom() - y / top * rect.height()}; }
};

Frame frameFor(const QRectF& rect, const std::vector<SweepCurve>& curves) {
    Frame frame{rect, 0, 0};
    for (const SweepCurve& curve : curves) {
        for (const double x : curve.x) frame.right = std::max(frame.right, x);
        for (const double y : curve.loss) frame.top = std::max(frame.top, y);
    }
    if (frame.right <= 0) frame.right = 1;
    frame.top = frame.top <= 0 ? 1 : frame.top * 1.05;
    return frame;
}

void paintAxes(QPainter& painter, const Frame& frame) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    for (const AxisTicks::Label& label : axisTicks(AxisScale::linear, 0, frame.top, 4).labels) {
        const double y = frame.place(0, label.value).y();
        painter.setPen(QPen(theme.color(Role::grid), 1));
        painter.drawLine(QPointF(frame.rect.left(), y), QPointF(frame.rect.right(), y));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(frame.rect.left() - axisColumn, y - 8, axisColumn - 6, 16), Qt::AlignRight | Qt::AlignVCenter, label.text);
    }
    for (const AxisTicks::Label& label : axisTicks(AxisScale::linear, 0, frame.right, 5).labels) {
        const double x = frame.place(label.value, 0).x();
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(x - 30, frame.rect.bottom() + 2, 60, 14), Qt::AlignHCenter | Qt::AlignTop, label.text);
    }
    painter.setPen(QPen(theme.color(Role::controlBorder), 1));
    painter.drawLine(frame.rect.bottomLeft(), frame.rect.bottomRight());
    painter.drawLine(frame.rect.topLeft(), frame.rect.bottomLeft());
}

void paintCurve(QPainter& painter, const Frame& frame, const SweepCurve& curve, Role role) {
    QPolygonF line;
    for (std::size_t i = 0; i < curve.loss.size(); ++i) line << frame.place(curve.x[i], curve.loss[i]);
    painter.setPen(seriesPen(role, 1.8));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
}

void paintPlot(QPainter& painter, const QPointF& at, const QString& name, const std::vector<SweepCurve>& curves, const QString& xTitle) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::axis, true));
    painter.setPen(theme.color(Role::text));
    painter.drawText(QRectF(at.x() + axisColumn, at.y(), plotWidth, nameRow), Qt::AlignLeft | Qt::AlignVCenter, name);
    const Frame frame = frameFor({at.x() + axisColumn, at.y() + nameRow, plotWidth, plotHeight}, curves);
    paintAxes(painter, frame);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(frame.rect.left(), frame.rect.bottom() + 16, plotWidth, 14), Qt::AlignRight | Qt::AlignVCenter, xTitle);
    for (std::size_t i = 0; i < curves.size(); ++i) paintCurve(painter, frame, curves[i], roleOf(i));
}

void paintLegend(QPainter& painter, const QPointF& at, const std::vector<SweepCurve>& curves) {
    painter.setFont(Theme::instance().font(TextSize::axis));
    double x = at.x() + axisColumn;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        painter.setPen(seriesPen(roleOf(i), 2.2));
        painter.drawLine(QPointF(x, at.y() + 10), QPointF(x + 32, at.y() + 10));
        const QString name = QString::fromStdString(curves[i].name);
        painter.setPen(Theme::instance().color(Role::text));
        const double width = painter.fontMetrics().horizontalAdvance(name) + 8;
        painter.drawText(QRectF(x + 38, at.y(), width, 20), Qt::AlignLeft | Qt::AlignVCenter, name);
        x += 38 + width + gap;
    }
}

}  // namespace

QSizeF SweepCurvesFigure::bodySize(double) const {
    return {2 * (axisColumn + plotWidth) + gap, legendRow + static_cast<double>(rows.size()) * (nameRow + plotHeight + axisRow + gap / 2)};
}

void SweepCurvesFigure::paintBody(QPainter& painter, double) const {
    QPointF at;
    if (!rows.empty()) paintLegend(painter, at, rows.front().train);
    at += QPointF(0, legendRow);
    for (const SweepCurveRow& row : rows) {
        const QString name = QString::fromStdString(row.name),
                      xTitle = overSteps ? QObject::tr("step") : QObject::tr("seconds of training");
        paintPlot(painter, at, QObject::tr("%1: training loss").arg(name), row.train, xTitle);
        paintPlot(painter, at + QPointF(axisColumn + plotWidth + gap, 0), QObject::tr("%1: validation loss").arg(name), row.validation,
                  xTitle);
        at += QPointF(0, nameRow + plotHeight + axisRow + gap / 2);
    }
}

FigureTable SweepCurvesFigure::table() const {
    FigureTable table{{"row", "column", "quantity", overSteps ? "step" : "seconds", "loss"}, {}};
    const auto add = [&](const SweepCurveRow& row, const char* quantity, const std::vector<SweepCurve>& curves) {
        for (const SweepCurve& curve : curves)
            for (std::size_t i = 0; i < curve.loss.size(); ++i)
                table.rows.push_back({row.name, curve.name, quantity, numberText(curve.x[i]), numberText(curve.loss[i])});
    };
    for (const SweepCurveRow& row : rows) {
        add(row, "train_loss", row.train);
        add(row, "validation_loss", row.validation);
    }
    return table;
}

}  // namespace lab
