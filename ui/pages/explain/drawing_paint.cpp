#include "ui/pages/explain/drawing_paint.h"

#include <algorithm>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/plot/plot_picture.h"

namespace lab {
namespace {

using explain::Tone;

Role roleOf(Tone tone) {
    return tone == Tone::right ? Role::series1 : tone == Tone::claimed ? Role::series2 : Role::series3;
}

double pxOfDrawing(double at100) {
    return Theme::instance().px(at100);
}

void write(QPainter& painter, const QRectF& place, Qt::Alignment align, const QString& text, TextSize size = TextSize::caption,
           Role role = Role::muted) {
    painter.setFont(Theme::instance().font(size));
    painter.setPen(Theme::instance().color(role));
    drawElidedFormula(painter, place, align, text);
}

/// A sample of what is drawn so, and its name; returns where the next may begin.
double paintKey(QPainter& painter, const QPointF& at, double right, Tone tone, const QString& name) {
    const double side = pxOfDrawing(10);
    const QRectF sample(at.x(), at.y() + pxOfDrawing(3), side, side);
    painter.setPen(QPen(Theme::instance().color(roleOf(tone)), pxOfDrawing(1.5)));
    painter.setBrush(tone == Tone::claimed ? Qt::NoBrush : QBrush(Theme::instance().color(roleOf(tone))));
    painter.drawRect(sample);
    const QRectF words(sample.right() + pxOfDrawing(4), at.y(), std::max(0.0, right - sample.right() - pxOfDrawing(4)), pxOfDrawing(16));
    write(painter, words, Qt::AlignLeft, name);
    return words.left() + formulaWidth(Theme::instance().font(TextSize::caption), name) + pxOfDrawing(12);
}

/// From the lowest to the highest of them and 0.
std::pair<double, double> rangeOf(const explain::BarsDrawing& bars) {
    double low = 0.0, high = 0.0;
    for (const auto& series : bars.series)
        for (const double value : series.values) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    return {low, high > low ? high : low + 1.0};
}

void paintBar(QPainter& painter, const QRectF& bar, Tone tone) {
    painter.setPen(QPen(Theme::instance().color(roleOf(tone)), pxOfDrawing(1.5)));
    painter.setBrush(tone == Tone::claimed ? Qt::NoBrush : QBrush(Theme::instance().color(roleOf(tone))));
    painter.drawRect(bar.normalized());
}

void paint(QPainter& painter, const QRectF& place, const explain::BarsDrawing& bars) {
    const auto [low, high] = rangeOf(bars);
    const double labels = pxOfDrawing(16), numbers = pxOfDrawing(15);
    double keys = 0;
    if (bars.series.size() > 1) {
        keys = pxOfDrawing(18);
        QPointF at = place.topLeft();
        for (const auto& series : bars.series) at.setX(paintKey(painter, at, place.right(), series.tone, shown(series.name)));
    }
    const QRectF field = place.adjusted(0, keys + numbers, 0, -labels - (low < 0 ? numbers : 0));
    const auto yOf = [&, l = low, h = high](double value) { return field.bottom() - field.height() * (value - l) / (h - l); };
    const double group = field.width() / static_cast<double>(std::max<std::size_t>(bars.labels.size(), 1));
    const double wide = std::min(pxOfDrawing(46), group * 0.86 / static_cast<double>(std::max<std::size_t>(bars.series.size(), 1)));
    for (std::size_t g = 0; g < bars.labels.size(); ++g) {
        const double middle = field.left() + group * (static_cast<double>(g) + 0.5);
        for (std::size_t s = 0; s < bars.series.size(); ++s) {
            const double value = bars.series[s].values[g];
            const double left = middle + wide * (static_cast<double>(s) - static_cast<double>(bars.series.size()) / 2);
            const QRectF bar(QPointF(left + pxOfDrawing(1), yOf(0)), QPointF(left + wide - pxOfDrawing(1), yOf(value)));
            paintBar(painter, bar, bars.series[s].tone);
            const QString text = fixed(value, bars.digits);
            if (textAdvance(Theme::instance().font(TextSize::caption), text) > wide + pxOfDrawing(6) && bars.series.size() > 1) continue;
            const double top = value < 0 ? yOf(value) + pxOfDrawing(1) : yOf(value) - numbers;
            write(painter,
                  QRectF(middle - group / 2, top, group, numbers)
                      .intersected(QRectF(left - pxOfDrawing(4), top, wide + pxOfDrawing(8), numbers)),
                  Qt::AlignHCenter, text, TextSize::caption, Role::text);
        }
        write(painter, QRectF(middle - group / 2, place.bottom() - labels, group - pxOfDrawing(2), labels), Qt::AlignHCenter,
              shown(bars.labels[g]));
    }
    drawHairline(painter, QPointF(field.left(), yOf(0)), QPointF(field.right(), yOf(0)), Theme::instance().color(Role::hairline));
}

QString nameOfPlace(const std::vector<std::string>& names, int i) {
    return names.empty() ? QString::number(i) : QString::fromStdString(names[static_cast<std::size_t>(i)]);
}

ColorScaling scalingOf(const explain::CellsDrawing& cells) {
    if (cells.shares) return {ColorMap::Kind::trace, 0.0, 1.0};
    double largest = 0.0;
    for (const double value : cells.values)
        if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    if (largest == 0.0) largest = 1.0;
    return {ColorMap::Kind::balance, -largest, largest};
}

/// What the colours mean, right of cells that are too small for their numbers.
void paintScale(QPainter& painter, const QRectF& beside, const ColorScaling& scaling, int digits) {
    const QRectF bar(beside.right() + pxOfDrawing(12), beside.top() + pxOfDrawing(8), pxOfDrawing(9),
                     std::min(pxOfDrawing(90), beside.height() - pxOfDrawing(16)));
    constexpr int steps = 32;
    for (int i = 0; i < steps; ++i)
        painter.fillRect(QRectF(bar.left(), bar.bottom() - bar.height() * (i + 1) / steps, bar.width(), bar.height() / steps + 0.5),
                         QColor::fromRgb(scaling.color(scaling.low + (scaling.high - scaling.low) * (i + 0.5) / steps)));
    drawFrame(painter, bar, 0, Theme::instance().color(Role::hairline));
    write(painter, QRectF(bar.right() + pxOfDrawing(4), bar.top() - pxOfDrawing(8), pxOfDrawing(60), pxOfDrawing(16)), Qt::AlignLeft,
          fixed(scaling.high, digits));
    write(painter, QRectF(bar.right() + pxOfDrawing(4), bar.bottom() - pxOfDrawing(8), pxOfDrawing(60), pxOfDrawing(16)), Qt::AlignLeft,
          fixed(scaling.low, digits));
}

void paint(QPainter& painter, const QRectF& place, const explain::CellsDrawing& cells) {
    const bool named = !cells.rowNames.empty();
    const double left = pxOfDrawing(named ? 34 : 18), top = pxOfDrawing(16);
    const double side =
        std::min({pxOfDrawing(40), (place.width() - left - pxOfDrawing(66)) / cells.columns, (place.height() - top) / cells.rows});
    const ColorScaling scaling = scalingOf(cells);
    const QFont font = Theme::instance().font(TextSize::caption);
    bool written = true;
    const auto every = [side](double room) { return static_cast<int>(std::ceil(pxOfDrawing(room) / std::max(side, 0.5))); };
    const int rowStep = every(14), columnStep = every(cells.columnNames.empty() ? 19 : 14);
    for (int i = 0; i < cells.rows; ++i)
        for (int j = 0; j < cells.columns; ++j) {
            const double value = cells.values[static_cast<std::size_t>(i * cells.columns + j)];
            const QRectF cell(place.left() + left + j * side, place.top() + top + i * side, side, side);
            const QRgb color = scaling.color(value);
            painter.fillRect(cell, QColor::fromRgb(color));
            const QString text = cells.digits == 0 ? fixed(value, 0)
                                 : cells.shares    ? cellNumber(value, cells.digits)
                                                   : fixed(value, cells.digits);
            if (textAdvance(font, text) > side - pxOfDrawing(2)) {
                written = false;
                continue;
            }
            painter.setFont(font);
            painter.setPen(ColorMap::ink(color));
            painter.drawText(cell, Qt::AlignCenter, text);
        }
    const QRectF all(place.left() + left, place.top() + top, side * cells.columns, side * cells.rows);
    drawFrame(painter, all, 0, Theme::instance().color(cells.tone == Tone::plain ? Role::hairline : roleOf(cells.tone)), Qt::transparent,
              cells.tone == Tone::plain ? 0.0 : pxOfDrawing(2));
    if (!written) paintScale(painter, all, scaling, cells.digits);
    for (int i = 0; i < cells.rows; i += rowStep)
        write(painter, QRectF(place.left(), all.top() + i * side, left - pxOfDrawing(3), side), Qt::AlignRight,
              nameOfPlace(cells.rowNames, i));
    const double wide = side * columnStep + pxOfDrawing(4);
    for (int j = 0; j < cells.columns; j += columnStep)
        write(painter, QRectF(all.left() + (j + 0.5) * side - wide / 2, place.top(), wide, top), Qt::AlignHCenter,
              nameOfPlace(cells.columnNames, j));
}

/// The curves' names, as many in a row as there is room for; returns where the plot may begin.
double paintKeys(QPainter& painter, const QRectF& place, const std::vector<PlotSeries>& all) {
    const QFont font = Theme::instance().font(TextSize::axis);
    QPointF at = place.topLeft();
    for (const PlotSeries& series : all) {
        const double wide = textAdvance(font, series.name) + 50;
        if (at.x() > place.left() && at.x() + wide > place.right()) at = QPointF(place.left(), at.y() + pxOfDrawing(16));
        paintPlotLegend(painter, QRectF(at, QSizeF(wide, pxOfDrawing(16))), {series});
        at.rx() += wide;
    }
    return at.y() + pxOfDrawing(18);
}

void paint(QPainter& painter, const QRectF& place, const explain::CurvesDrawing& curves) {
    static constexpr Role plain[] = {Role::series3, Role::series4, Role::series5};
    PlotScene scene;
    scene.kind = PlotScene::Kind::function;
    scene.yScale = curves.logarithmic ? AxisScale::logarithmic : AxisScale::linear;
    scene.xRange = {curves.x.front(), curves.x.back()};
    scene.xTitle = plainFormula(shown(curves.across));
    std::size_t next = 0;
    bool claimed = false;
    for (const auto& series : curves.series) {
        PlotSeries line;
        line.name = plainFormula(shown(series.name));
        const bool own = series.tone == Tone::right || (series.tone == Tone::claimed && !std::exchange(claimed, true));
        line.role = own ? roleOf(series.tone) : plain[next++ % 3];
        line.x = curves.x;
        line.y = series.y;
        scene.series.push_back(std::move(line));
    }
    for (const auto& level : curves.levels) scene.levels.push_back({level.y, plainFormula(shown(level.name))});
    const double top = scene.series.size() > 1 ? paintKeys(painter, place, scene.series) : place.top();
    paintPlot(painter, QRectF(place.left(), top, place.width(), place.bottom() - top), scene);
}

void paintArrow(QPainter& painter, const QPointF& from, const QPointF& to, Tone tone) {
    QPen pen(Theme::instance().color(roleOf(tone)), pxOfDrawing(2.2));
    if (tone == Tone::claimed) pen.setDashPattern({3, 1.5});
    painter.setPen(pen);
    painter.drawLine(from, to);
    const double length = std::hypot(to.x() - from.x(), to.y() - from.y());
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::instance().color(roleOf(tone)));
    if (length < pxOfDrawing(3)) return painter.drawEllipse(to, pxOfDrawing(4), pxOfDrawing(4));
    const QPointF along = (to - from) / length, across(-along.y(), along.x());
    painter.drawPolygon(
        QPolygonF({to, to - along * pxOfDrawing(9) + across * pxOfDrawing(4), to - along * pxOfDrawing(9) - across * pxOfDrawing(4)}));
}

void paint(QPainter& painter, const QRectF& place, const explain::ArrowsDrawing& drawing) {
    const double circle = drawing.circle;
    double left = std::min(0.0, -circle), right = std::max(0.0, circle), low = left, high = right;
    for (const auto& arrow : drawing.arrows) {
        left = std::min({left, arrow.x, arrow.fromX});
        right = std::max({right, arrow.x, arrow.fromX});
        low = std::min({low, arrow.y, arrow.fromY});
        high = std::max({high, arrow.y, arrow.fromY});
    }
    const QRectF field = place.adjusted(pxOfDrawing(46), pxOfDrawing(16), -pxOfDrawing(46), -pxOfDrawing(16));
    const double scale = std::min(field.width() / std::max(right - left, 1e-9), field.height() / std::max(high - low, 1e-9));
    const auto at = [&](double x, double y) {
        return field.center() + QPointF((x - (left + right) / 2) * scale, -(y - (low + high) / 2) * scale);
    };
    const QColor hairline = Theme::instance().color(Role::hairline);
    drawHairline(painter, QPointF(place.left(), at(0, 0).y()), QPointF(place.right(), at(0, 0).y()), hairline);
    drawHairline(painter, QPointF(at(0, 0).x(), place.top()), QPointF(at(0, 0).x(), place.bottom()), hairline);
    if (circle > 0.0) {
        painter.setPen(QPen(hairline, pxOfDrawing(1)));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(at(0, 0), circle * scale, circle * scale);
    }
    const QFont font = Theme::instance().font(TextSize::caption);
    std::vector<QRectF> taken;
    for (const auto& arrow : drawing.arrows) {
        const QPointF tip = at(arrow.x, arrow.y);
        paintArrow(painter, at(arrow.fromX, arrow.fromY), tip, arrow.tone);
        const QString name = shown(arrow.name);
        const double wide = formulaWidth(font, name) + pxOfDrawing(2), high16 = pxOfDrawing(16);
        double x = arrow.x > (left + right) / 2 + 1e-12 || arrow.x >= 0 ? tip.x() + pxOfDrawing(5) : tip.x() - wide - pxOfDrawing(5);
        x = std::clamp(x, place.left(), std::max(place.left(), place.right() - wide));
        QRectF box(x, tip.y() - (arrow.y < 0 ? 0 : high16), wide, high16);
        const auto hits = [&](const QRectF& other) { return other.intersects(box); };
        while (std::ranges::any_of(taken, hits) && box.bottom() < place.bottom()) box.translate(0, pxOfDrawing(15));
        taken.push_back(box);
        write(painter, box, Qt::AlignLeft, name, TextSize::caption, Role::text);
    }
}

void paintLine(QPainter& painter, const QRectF& row, double lead, const explain::BoxesDrawing::Line& line) {
    write(painter, QRectF(row.left(), row.top(), lead - pxOfDrawing(6), row.height()), Qt::AlignLeft, shown(line.name));
    const double gap = pxOfDrawing(20), count = static_cast<double>(line.boxes.size());
    const double wide = std::min(pxOfDrawing(150), (row.width() - lead - gap * (count - 1)) / count);
    double x = row.left() + lead;
    for (std::size_t i = 0; i < line.boxes.size(); ++i, x += wide + gap) {
        const auto& box = line.boxes[i];
        const QRectF frame(x, row.top(), wide, row.height());
        if (i > 0)
            paintArrow(painter, QPointF(x - gap + pxOfDrawing(2), frame.center().y()), QPointF(x - pxOfDrawing(2), frame.center().y()),
                       Tone::plain);
        const bool plain = box.tone == Tone::plain;
        QPen pen(Theme::instance().color(plain ? Role::controlBorder : roleOf(box.tone)), pxOfDrawing(plain ? 1 : 2));
        if (box.tone == Tone::claimed) pen.setDashPattern({3, 2});
        painter.setPen(pen);
        painter.setBrush(Theme::instance().color(Role::panel));
        painter.drawRoundedRect(frame, pxOfDrawing(3), pxOfDrawing(3));
        const QRectF inner = frame.adjusted(pxOfDrawing(3), pxOfDrawing(2), -pxOfDrawing(3), -pxOfDrawing(2));
        const bool two = !box.below.empty() && !shown(box.below).isEmpty();
        write(painter, two ? QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2) : inner, Qt::AlignHCenter,
              shown(box.name), TextSize::axis, Role::text);
        if (two)
            write(painter, QRectF(inner.left(), inner.center().y(), inner.width(), inner.height() / 2), Qt::AlignHCenter, shown(box.below));
    }
}

void paint(QPainter& painter, const QRectF& place, const explain::BoxesDrawing& boxes) {
    const QFont font = Theme::instance().font(TextSize::caption);
    double lead = 0;
    for (const auto& line : boxes.lines) lead = std::max(lead, formulaWidth(font, shown(line.name)) + pxOfDrawing(10));
    lead = boxes.lines.size() == 1 && shown(boxes.lines[0].name).isEmpty() ? 0 : std::min(lead, place.width() * 0.3);
    const double high = place.height() / static_cast<double>(std::max<std::size_t>(boxes.lines.size(), 1));
    for (std::size_t i = 0; i < boxes.lines.size(); ++i)
        paintLine(painter,
                  QRectF(place.left(), place.top() + static_cast<double>(i) * high + pxOfDrawing(4), place.width(), high - pxOfDrawing(14)),
                  lead, boxes.lines[i]);
}

}  // namespace

void paintDrawing(QPainter& painter, const QRectF& place, const explain::Drawing& drawing) {
    std::visit([&](const auto& each) { paint(painter, place, each); }, drawing);
}

}  // namespace lab
