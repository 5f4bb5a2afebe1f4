#include "ui/pages/stream/circuit_scene.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int circuitNodeWidth = 92, circuitNodeHeight = 50, circuitNarrowNode = 44, circuitLowNode = 28;
constexpr int circuitSide = 40, circuitEdge = 14, circuitFoot = 22, circuitSample = 24, circuitStub = 12;
constexpr std::size_t headsWithBadges = 8;
constexpr double circuitLine = 1, circuitPerValue = 17;  // width of a line of value 0, and what 1 adds
constexpr double clickReach = 6;

struct CircuitSceneWords {
    Q_DECLARE_TR_FUNCTIONS(CircuitScene)
};

double widthOf(double value) {
    return circuitLine + circuitPerValue * std::max(value, 0.0);
}

}  // namespace

QString endLetter(PathEnd end) {
    return end == PathEnd::query ? QStringLiteral("Q") : end == PathEnd::key ? QStringLiteral("K") : QStringLiteral("V");
}

Role endRole(PathEnd end) {
    return end == PathEnd::query ? Role::series3 : end == PathEnd::key ? Role::series1 : Role::series4;
}

QRectF CircuitScene::node(bool upper, int head, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    const auto count = static_cast<double>((upper ? second : first).size());
    const bool badges = std::max(first.size(), second.size()) <= headsWithBadges;
    const double left = room.left() + theme.px(circuitSide), wide = room.right() - theme.px(circuitEdge) - left;
    const double step = wide / std::max(count, 1.0);
    const double width = std::min<double>(theme.px(badges ? circuitNodeWidth : circuitNarrowNode), step - theme.px(6));
    const double height = theme.px(badges ? circuitNodeHeight : circuitLowNode);
    const double top = upper ? room.top() + theme.px(circuitEdge + circuitStub)
                             : room.bottom() - theme.px(circuitFoot + circuitEdge + circuitStub) - height;
    return {left + (head + 0.5) * step - width / 2, top, width, height};
}

QPainterPath CircuitScene::path(const Line& line, const QRectF& room) const {
    const QRectF from = node(false, line.first, room), to = node(true, line.second, room);
    const double port = to.width() * 0.18 * (line.end == PathEnd::query ? -1 : line.end == PathEnd::key ? 0 : 1);
    const QPointF a(from.center().x(), from.top()), b(to.center().x() + port, to.bottom());
    const double bend = (a.y() - b.y()) * 0.45;
    QPainterPath path(a);
    path.cubicTo(a - QPointF(0, bend), b + QPointF(0, bend), b);
    return path;
}

CircuitScene::Hit CircuitScene::at(const QPointF& point, const QRectF& room) const {
    for (int head = 0; head < static_cast<int>(second.size()); ++head)
        if (node(true, head, room).contains(point)) return {{}, head};
    for (int head = 0; head < static_cast<int>(first.size()); ++head)
        if (node(false, head, room).contains(point)) return {head, {}};
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        QPainterPathStroker stroker;
        stroker.setWidth(Theme::instance().px(widthOf(line->value) + clickReach));
        if (stroker.createStroke(path(*line, room)).contains(point)) return {line->first, line->second, line->end};
    }
    return {};
}

void CircuitScene::paint(QPainter& painter, const QRectF& room) const {
    painter.setRenderHint(QPainter::Antialiasing);
    paintLines(painter, room);
    for (int head = 0; head < static_cast<int>(first.size()); ++head) paintNode(painter, false, head, room);
    for (int head = 0; head < static_cast<int>(second.size()); ++head) paintNode(painter, true, head, room);
    paintValues(painter, room);
    paintFoot(painter, room);
}

void CircuitScene::paintLines(QPainter& painter, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    // The stream runs upwards at the left.
    painter.setPen(QPen(theme.color(Role::muted), theme.px(2)));
    const double x = room.left() + theme.px(20), top = room.top() + theme.px(circuitEdge), bottom = room.bottom() - theme.px(8);
    painter.drawLine(QPointF(x, bottom), QPointF(x, top));
    painter.drawPolyline(QPolygonF{{x - theme.px(5), top + theme.px(7)}, {x, top}, {x + theme.px(5), top + theme.px(7)}});
    painter.save();
    painter.translate(room.left() + theme.px(2), (top + bottom) / 2);
    painter.rotate(-90);
    painter.setFont(theme.font(TextSize::caption));
    painter.drawText(QRectF(-theme.px(80), 0, theme.px(160), theme.px(14)), Qt::AlignCenter, CircuitSceneWords::tr("residual stream"));
    painter.restore();
    painter.setBrush(Qt::NoBrush);
    for (const Line& line : lines) {
        painter.setPen(seriesPen(endRole(line.end), widthOf(line.value)));
        painter.drawPath(path(line, room));
    }
}

/// Each on its line, where no other value stands.
void CircuitScene::paintValues(QPainter& painter, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    std::vector<QRectF> taken;
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        painter.setFont(theme.font(TextSize::axis, isChosen(*line)));
        const QString text = QStringLiteral("%1 %2").arg(endLetter(line->end), cellNumber(line->value));
        const QSizeF size(textWidth(painter.font(), text) + theme.px(6), theme.px(16));
        const QPainterPath way = path(*line, room);
        for (const double t : {0.35, 0.5, 0.65, 0.25, 0.75}) {
            QRectF place(QPointF(), size);
            place.moveCenter(way.pointAtPercent(t));
            if (std::ranges::any_of(taken, [&](const QRectF& other) { return other.intersects(place); })) continue;
            taken.push_back(place);
            painter.fillRect(place, theme.color(Role::screen));
            painter.setPen(theme.color(Role::text));
            painter.drawText(place, Qt::AlignCenter, text);
            break;
        }
    }
}

void CircuitScene::paintNode(QPainter& painter, bool upper, int head, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    const Head& shown = (upper ? second : first)[static_cast<std::size_t>(head)];
    const QRectF box = node(upper, head, room);
    const bool chosen = head == (upper ? chosenSecond : chosenFirst);
    painter.setPen(QPen(theme.color(Role::controlBorder), theme.px(1)));
    painter.drawLine(QPointF(box.center().x(), box.top()), QPointF(box.center().x(), box.top() - theme.px(circuitStub)));
    painter.drawLine(QPointF(box.center().x(), box.bottom()), QPointF(box.center().x(), box.bottom() + theme.px(upper ? 0 : circuitStub)));
    const Role border = !chosen ? Role::controlBorder : upper ? Role::accent : Role::text;
    drawFrame(painter, box, theme.px(4), theme.color(border), theme.color(chosen && upper ? Role::selection : Role::screen),
              chosen ? theme.px(2) : 0);
    const bool badges = std::max(first.size(), second.size()) <= headsWithBadges;
    painter.setPen(theme.color(Role::text));
    painter.setFont(theme.font(badges ? TextSize::text : TextSize::caption, true));
    const QRectF inner = box.adjusted(theme.px(2), theme.px(4), -theme.px(2), -theme.px(4));
    if (!badges) return drawElided(painter, inner, Qt::AlignHCenter, shown.name);
    drawElided(painter, QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2), Qt::AlignHCenter, shown.name);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(shown.badge.kind == Badge::Kind::plain ? Role::muted : Role::text));
    drawElided(painter, QRectF(inner.left(), inner.center().y(), inner.width(), inner.height() / 2), Qt::AlignHCenter, shown.badge.text);
}

void CircuitScene::paintFoot(QPainter& painter, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    double right = room.right() - theme.px(8);
    const double middle = room.bottom() - theme.px(circuitFoot / 2.0);
    for (int i = 2; i >= 0; --i) {
        const PathEnd end = everyPathEnd[i];
        const double letter = theme.px(12);
        painter.setPen(theme.color(Role::text));
        painter.drawText(QRectF(right - letter, middle - theme.px(8), letter, theme.px(16)), Qt::AlignRight | Qt::AlignVCenter,
                         endLetter(end));
        right -= letter + theme.px(4);
        painter.setPen(seriesPen(endRole(end), 3));
        painter.drawLine(QPointF(right - theme.px(circuitSample), middle), QPointF(right, middle));
        right -= theme.px(circuitSample) + theme.px(10);
    }
    painter.setPen(theme.color(Role::muted));
    const double left = room.left() + theme.px(circuitSide - 8);
    drawElided(painter, QRectF(left, middle - theme.px(8), right - left, theme.px(16)), Qt::AlignLeft, foot);
}

CircuitScene circuitScene(const CircuitGraph& graph, std::vector<CircuitScene::Head> first, std::vector<CircuitScene::Head> second,
                          std::span<const PathEnd> ends, bool aboveRandom, double least) {
    CircuitScene scene;
    scene.first = std::move(first);
    scene.second = std::move(second);
    for (int later = 0; later < graph.secondHeads; ++later)
        for (int earlier = 0; earlier < graph.firstHeads; ++earlier)
            for (const PathEnd end : ends)
                if (const double value = graph.value(later, earlier, end, aboveRandom); value >= least)
                    scene.lines.push_back({earlier, later, end, value});
    std::ranges::stable_sort(scene.lines, {}, &CircuitScene::Line::value);
    scene.foot = scene.lines.empty()
                     ? CircuitSceneWords::tr("no line from %1 on: no head reads another more than that").arg(fixed(least, 2))
                     : CircuitSceneWords::tr("lines from %1 on").arg(fixed(least, 2));
    if (scene.lines.empty()) return scene;
    scene.chosenFirst = scene.lines.back().first;
    scene.chosenSecond = scene.lines.back().second;
    scene.chosenEnd = scene.lines.back().end;
    return scene;
}

}  // namespace lab
