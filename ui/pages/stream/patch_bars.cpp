#include "ui/pages/stream/patch_bars.h"

#include <QPainter>
#include <algorithm>

#include "core/base/number_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/axis_ticks.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double patchBarLabel = 78, patchBarNumber = 52, patchBarAxis = 18, patchBarMost = 26;

struct BarAxis {
    double low = 0, high = 0, left = 0, width = 0;
    double x(double value) const { return left + (value - low) / (high - low) * width; }
};

BarAxis axisOf(const PatchBarsScene& scene, const QRectF& room) {
    BarAxis axis;
    for (const PatchBarsScene::Bar& bar : scene.bars) {
        axis.low = std::min(axis.low, bar.value);
        axis.high = std::max(axis.high, bar.value);
    }
    if (axis.high <= axis.low) axis.high = axis.low + 1;
    const Theme& theme = Theme::instance();
    axis.left = room.left() + theme.px(patchBarLabel + (axis.low < 0 ? patchBarNumber : 0));
    axis.width = std::max(room.right() - theme.px(patchBarNumber) - axis.left, 1.0);
    return axis;
}

void paintBar(QPainter& painter, const PatchBarsScene::Bar& bar, const BarAxis& axis, const QRectF& line) {
    const Theme& theme = Theme::instance();
    const double height = std::min<double>(line.height() * 0.7, theme.px(patchBarMost));
    const double from = axis.x(std::min(bar.value, 0.0)), to = axis.x(std::max(bar.value, 0.0));
    painter.fillRect(QRectF(from, line.center().y() - height / 2, std::max(to - from, 1.0), height),
                     theme.color(bar.patched ? Role::series1 : Role::muted));
    painter.setFont(theme.font(TextSize::axis, bar.patched));
    painter.setPen(theme.color(Role::text));
    drawElided(painter, QRectF(line.left(), line.top(), theme.px(patchBarLabel - 8), line.height()), Qt::AlignRight, bar.name);
    painter.setFont(theme.font(TextSize::axis, true));
    const double room = theme.px(patchBarNumber - 4);
    const QRectF number = bar.value < 0 ? QRectF(from - room - theme.px(4), line.top(), room, line.height())
                                        : QRectF(to + theme.px(4), line.top(), room, line.height());
    drawElided(painter, number, bar.value < 0 ? Qt::AlignRight : Qt::AlignLeft, signedFixed(bar.value, 2));
}

void paintBars(QPainter& painter, const PatchBarsScene& scene, const QRectF& room) {
    if (scene.bars.empty()) return;
    const Theme& theme = Theme::instance();
    const BarAxis axis = axisOf(scene, room);
    const double foot = room.bottom() - theme.px(patchBarAxis);
    painter.setFont(theme.font(TextSize::caption));
    const AxisTicks ticks = axisTicks(AxisScale::linear, axis.low, axis.high, 5);
    for (const AxisTicks::Label& tick : ticks.labels) {
        const double x = axis.x(tick.value);
        drawHairline(painter, {x, room.top()}, {x, foot}, theme.color(tick.value == 0 ? Role::text : Role::grid));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(x - 40, foot, 80, theme.px(patchBarAxis)), Qt::AlignCenter, tick.text);
    }
    const double height = (foot - room.top()) / static_cast<double>(scene.bars.size());
    for (std::size_t b = 0; b < scene.bars.size(); ++b)
        paintBar(painter, scene.bars[b], axis, {room.left(), room.top() + height * static_cast<double>(b), room.width(), height});
    for (const PatchBarsScene::Bar& bar : scene.bars) {
        if (bar.patched) continue;
        painter.setPen(QPen(theme.color(Role::text), 1, Qt::DashLine));
        painter.drawLine(QPointF(axis.x(bar.value), room.top()), QPointF(axis.x(bar.value), foot));
    }
}

}  // namespace

PatchBars::PatchBars(QWidget* parent) : QWidget(parent) {
    setScene({});
    whenThemed(this, [this] { update(); });
}

void PatchBars::setScene(const PatchBarsScene& scene) {
    m_scene = scene;
    QStringList values;
    for (const PatchBarsScene::Bar& bar : scene.bars) values << tr("%1 %2").arg(bar.name, signedFixed(bar.value, 3));
    describePicture(this, scene.quantity.isEmpty() ? tr("Measure of the runs") : scene.quantity, values.join(QStringLiteral(", ")));
    update();
}

QSize PatchBars::sizeHint() const {
    return {Theme::instance().px(360), Theme::instance().px(130)};
}

QSize PatchBars::minimumSizeHint() const {
    return {Theme::instance().px(220), Theme::instance().px(80)};
}

void PatchBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintBars(painter, m_scene, QRectF(rect()).adjusted(4, 4, -4, 0));
}

FigureTable PatchBarsFigure::table() const {
    FigureTable table{{"run", "measure"}, {}};
    for (const PatchBarsScene::Bar& bar : scene.bars) table.rows.push_back({bar.name.toStdString(), numberText(bar.value)});
    return table;
}

QSizeF PatchBarsFigure::bodySize(double width) const {
    return {width > 0 ? std::min(width, 600.0) : 520.0, 140};
}

void PatchBarsFigure::paintBody(QPainter& painter, double width) const {
    paintBars(painter, scene, QRectF(QPointF(0, 0), bodySize(width)));
}

}  // namespace lab
