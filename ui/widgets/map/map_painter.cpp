#include "ui/widgets/map/map_painter.h"

#include <QPainter>
#include <map>
#include <optional>

#include "ui/text/language.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double unlitShare = 0.3;  ///< of its colour that a cell keeps which takes no part (LOOK.md 3)
constexpr int mapPainterHatchPeriod = 8, mapPainterHatchLine = 3;
constexpr int mostShapes = 64;  ///< cells a side that are drawn one by one
constexpr double seam = 0.25;   ///< where no gap parts them, cells reach below their neighbours, else viewers show seams
constexpr int belowFrom = 34, belowRoom = 14;
constexpr int markedHead = 5;  ///< between the names of columns and the cells

/// Every cell in sight but those that `skips`.
template <class Skips, class Visit>
void eachCell(const MapLayout& layout, const MapData& data, Skips skips, Visit visit) {
    for (int row = layout.firstRow(); row < layout.endRow(data); ++row)
        for (int column = layout.firstColumn(); column < layout.endColumn(data); ++column)
            if (!skips(row, column)) visit(MapCell{row, column});
}

QRectF filledRect(const MapLayout& layout, MapCell cell) {
    return layout.cellRect(cell).adjusted(0, 0, -layout.gap, -layout.gap);
}

void paintHatchOfRows(QPainter& painter, const MapLayout& layout, const MapData& data) {
    for (int row = 0; row < data.rows; ++row)
        for (int column = 0, end = 0; column < data.columns; column = end + 1) {
            for (end = column; end < data.columns && data.masked(row, end);) ++end;
            if (end == column) continue;
            const QRectF run = layout.cellRect({row, column}).united(layout.cellRect({row, end - 1}));
            paintHatchShapes(painter, run.adjusted(0, 0, -layout.gap, -layout.gap));
        }
}

/// Cells by colour: a vector file then says each colour once.
void paintShapes(QPainter& painter, const MapLayout& layout, const MapData& data, const ColorScaling& scaling) {
    paintHatchOfRows(painter, layout, data);
    const double under = layout.gap > 0 ? 0 : seam;
    std::map<QRgb, QList<QRectF>> cells;
    const auto blank = [&](int row, int column) { return data.masked(row, column) || std::isnan(data.value(row, column)); };
    eachCell(layout, data, blank, [&](MapCell cell) {
        QRectF rect = filledRect(layout, cell);
        if (cell.column + 1 < data.columns) rect.setRight(rect.right() + under);
        if (cell.row + 1 < data.rows) rect.setBottom(rect.bottom() + under);
        cells[cellColor(data, scaling, cell.row, cell.column)] += rect;
    });
    painter.setPen(Qt::NoPen);
    for (const auto& [color, rectangles] : cells) {
        painter.setBrush(QColor::fromRgb(color));
        painter.drawRects(rectangles);
    }
}

/// Large maps: enlarged without smoothing, since viewers smooth what they enlarge.
void paintLarge(QPainter& painter, const QRectF& rect, const MapData& data, const ColorScaling& scaling) {
    constexpr int enough = 2048;
    QImage image = mapImage(data, scaling, poolingFactor(static_cast<double>(enough) / std::max(data.rows, data.columns)));
    const int times = std::max(1, enough / std::max(image.width(), image.height()));
    image = image.scaled(image.size() * times, Qt::IgnoreAspectRatio, Qt::FastTransformation);
    if (image.hasAlphaChannel()) paintHatchShapes(painter, rect);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(rect, image);
}

void paintGaps(QPainter& painter, const MapLayout& layout, const MapData& data) {
    const QColor color = Theme::instance().color(Role::screen);
    const QRectF& map = layout.map;
    const double gap = layout.gap;
    for (int i = layout.firstRow() + 1; i <= layout.endRow(data); ++i)
        if (layout.y(i) <= map.bottom() + 1) painter.fillRect(QRectF(map.left(), layout.y(i) - gap, map.width(), gap), color);
    for (int j = layout.firstColumn() + 1; j <= layout.endColumn(data); ++j)
        if (layout.x(j) <= map.right() + 1) painter.fillRect(QRectF(layout.x(j) - gap, map.top(), gap, map.height()), color);
}

void paintCells(QPainter& painter, const MapContent& content, const MapLayout& layout) {
    const MapData& data = content.data();
    painter.save();
    if (!layout.shapes)
        content.picture.paintPart(painter, layout.map, layout.cells());
    else if (std::max(data.rows, data.columns) <= mostShapes || content.texts)
        paintShapes(painter, layout, data, content.picture.scaling());
    else
        paintLarge(painter, layout.map, data, content.picture.scaling());
    painter.restore();
    if (!layout.shapes && layout.gap > 0) paintGaps(painter, layout, data);
}

struct Number {
    QFont font;
    int decimals;
};

/// The largest of 12 and 11 px with two decimals, then one, that fits the longest value seen; nothing when none does.
std::optional<Number> numberFor(const MapData& data, const MapLayout& layout) {
    const Theme& theme = Theme::instance();
    const auto masked = [&](int row, int column) { return data.masked(row, column); };
    for (int decimals : {2, 1})
        for (TextSize size : {TextSize::axis, TextSize::caption}) {
            const QFont font = theme.font(size);
            int longest = 0;
            eachCell(layout, data, masked, [&](MapCell cell) {
                longest = std::max(longest, textWidth(font, cellNumber(data.value(cell.row, cell.column), decimals)));
            });
            if (longest + theme.px(4) <= layout.cell.width() - 1) return Number{font, decimals};
        }
    return std::nullopt;
}

void paintNumbers(QPainter& painter, const MapContent& content, const MapLayout& layout) {
    const MapData& data = content.data();
    const ColorScaling& scaling = content.picture.scaling();
    // Below a tenth two decimals say nothing.
    if (!layout.numbers || scaling.high < 0.1) return;
    const std::optional<Number> number = numberFor(data, layout);
    if (!number) return;
    painter.save();
    painter.setClipRect(layout.map, Qt::IntersectClip);
    painter.setFont(number->font);
    eachCell(
        layout, data, [&](int row, int column) { return data.masked(row, column); },
        [&](MapCell cell) {
            const float value = data.value(cell.row, cell.column);
            painter.setPen(ColorMap::ink(cellColor(data, scaling, cell.row, cell.column)));
            painter.drawText(layout.cellRect(cell).adjusted(0, 0, -1, -1), Qt::AlignCenter, cellNumber(value, number->decimals));
        });
    painter.restore();
}

void paintTexts(QPainter& painter, const MapContent& content, const MapLayout& layout) {
    const Theme& theme = Theme::instance();
    const MapData& data = content.data();
    const auto none = [](int, int) { return false; };
    eachCell(layout, data, none, [&](MapCell cell) {
        const MapCellText said = content.texts(cell);
        const QRectF inside = filledRect(layout, cell);
        const float value = data.value(cell.row, cell.column);
        const bool blank = std::isnan(value);
        painter.setPen(blank ? theme.color(said.role) : QColor(ColorMap::ink(content.picture.scaling().color(value))));
        painter.setFont(theme.font(blank ? TextSize::caption : TextSize::axis));
        const auto fits = [&](const QString& text) { return textWidth(painter.font(), text) + 4 <= inside.width(); };
        if (!blank && !fits(said.text)) return;
        const bool both = !said.below.isEmpty() && inside.height() >= theme.px(belowFrom);
        painter.drawText(both ? inside.adjusted(0, theme.px(2), 0, -theme.px(belowRoom)) : inside, Qt::AlignCenter, said.text);
        painter.setFont(theme.font(TextSize::caption));
        if (both && fits(said.below)) painter.drawText(inside.adjusted(0, theme.px(16), 0, -theme.px(1)), Qt::AlignCenter, said.below);
    });
}

/// At the right above, where nothing is.
void paintHiddenName(QPainter& painter, const MapContent& content, const MapLayout& layout) {
    if (content.hiddenName.isEmpty() || layout.shapes) return;
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    const double wide = textWidth(painter.font(), content.hiddenName) + theme.px(8), high = theme.px(18);
    const QRectF room(layout.map.right() - wide - theme.px(4), layout.map.top() + theme.px(4), wide, high);
    const MapCell below = layout.cellAt(room.bottomLeft(), content.data());
    if (!below.valid() || !content.data().masked(below.row, below.column)) return;  // too few cells are hidden
    painter.setPen(theme.color(Role::muted));
    painter.drawText(room, Qt::AlignCenter, content.hiddenName);
}

/// What is not lit steps back.
void paintLight(QPainter& painter, const MapLayout& layout, const MapLight& light) {
    if (light.axis == MapLight::Axis::none) return;
    QColor veil = Theme::instance().color(Role::screen);
    veil.setAlphaF(static_cast<float>(1.0 - unlitShare));
    const QRectF& map = layout.map;
    const bool row = light.axis == MapLight::Axis::row;
    const double from = row ? layout.y(light.index) : layout.x(light.index), to = from + (row ? layout.cell.height() : layout.cell.width());
    const QRectF before = row ? QRectF(map.topLeft(), QPointF(map.right(), from)) : QRectF(map.topLeft(), QPointF(from, map.bottom()));
    const QRectF behind = row ? QRectF(QPointF(map.left(), to), map.bottomRight()) : QRectF(QPointF(to, map.top()), map.bottomRight());
    for (const QRectF& part : {before, behind})
        if (part.isValid()) painter.fillRect(part.intersected(map), veil);
}

void paintBorders(QPainter& painter, const MapContent& content, const MapLayout& layout) {
    const QRectF& map = layout.map;
    const QColor color = Theme::instance().color(Role::controlBorder);
    for (const int at : content.borders) {
        const double x = layout.x(at) - layout.gap, y = layout.y(at) - layout.gap;
        if (at < content.data().columns && x > map.left() && x < map.right())
            drawHairline(painter, QPointF(x, map.top()), QPointF(x, map.bottom()), color);
        if (at < content.data().rows && y > map.top() && y < map.bottom())
            drawHairline(painter, QPointF(map.left(), y), QPointF(map.right(), y), color);
    }
}

/// A frame about the marked cells of a row that stand side by side, and a hatched band over their columns.
void paintMarkedRow(QPainter& painter, const MapContent& content, const MapLayout& layout, int row) {
    const Theme& theme = Theme::instance();
    const int columns = content.data().columns;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (int from = 0, to = 0; from < columns; from = to + 1) {
        for (to = from; to < columns && content.marked({row, to});) ++to;
        if (to == from) continue;
        const QRectF run = layout.cellRect({row, from}).united(layout.cellRect({row, to - 1})).intersected(layout.map);
        if (run.isEmpty()) continue;
        drawFrame(painter, run.adjusted(0, 0, -layout.gap, -layout.gap), 0, theme.color(Role::text));
        const QRectF head(run.left(), layout.map.top() - theme.px(markedHead), run.width() - layout.gap, theme.px(markedHead - 1));
        drawHatch(painter, head);
        drawFrame(painter, head, 0, theme.color(Role::muted));
    }
    painter.restore();
}

}  // namespace

MapCell MapLayout::cellAt(const QPointF& position, const MapData& data) const {
    if (empty() || !map.contains(position)) return {};
    const auto along = [](double offset, double side, int count) { return std::clamp(static_cast<int>(offset / side), 0, count - 1); };
    return {along(position.y() - y(0), cell.height(), data.rows), along(position.x() - x(0), cell.width(), data.columns)};
}

QString MapContent::written(MapCell cell) const {
    return data().masked(cell.row, cell.column) ? Map::tr("masked") : format(static_cast<double>(data().value(cell.row, cell.column)));
}

QString MapForm::reading(const MapContent& content, MapCell cell) const {
    return place(content, cell) + QStringLiteral(": ") + content.written(cell);
}

QString quotedName(const std::vector<QString>& names, int index) {
    const auto i = static_cast<std::size_t>(index);
    return i < names.size() ? QLatin1Char(' ') + quoted(names[i]) : QString();
}

int niceStep(double needed) {
    for (int scale = 1;; scale *= 10)
        for (int step : {1, 2, 4, 5, 8})
            if (step * scale >= needed) return step * scale;
}

/// Bands from bottom left to top right, cut off at the edges.
void paintHatchShapes(QPainter& painter, const QRectF& rect) {
    const Theme& theme = Theme::instance();
    const double period = theme.px(mapPainterHatchPeriod), half = theme.px(mapPainterHatchLine) * std::sqrt(0.5);
    painter.save();
    painter.setPen(Qt::NoPen);
    painter.fillRect(rect, theme.color(Role::screen));
    painter.setBrush(theme.color(Role::hairline));
    const double end = rect.right() + rect.bottom();
    for (double sum = std::floor((rect.left() + rect.top()) / period) * period; sum <= end + half; sum += period) {
        // Between x + y = sum - half and x + y = sum + half.
        const auto along = [&rect](double edge, bool low) {
            const double x = low ? std::max(rect.left(), edge - rect.bottom()) : std::min(rect.right(), edge - rect.top());
            return QPointF(x, edge - x);
        };
        const double from = std::max(sum - half, rect.left() + rect.top()), to = std::min(sum + half, end);
        if (from >= to) continue;
        QPolygonF band{along(from, true), along(from, false)};
        const auto within = [&](const QPointF& corner) { return corner.x() + corner.y() > from && corner.x() + corner.y() < to; };
        if (within(rect.topRight())) band << rect.topRight();
        band << along(to, false) << along(to, true);
        if (within(rect.bottomLeft())) band << rect.bottomLeft();
        painter.drawPolygon(band);
    }
    painter.restore();
}

void paintMapInside(QPainter& painter, const MapForm& form, const MapContent& content, const MapLayout& layout, const MapMarks& marks) {
    paintCells(painter, content, layout);
    if (content.texts)
        paintTexts(painter, content, layout);
    else
        paintNumbers(painter, content, layout);
    paintHiddenName(painter, content, layout);
    paintBorders(painter, content, layout);
    if (content.marked && marks.shown.valid()) paintMarkedRow(painter, content, layout, marks.shown.row);
    paintLight(painter, layout, marks.light);
    form.paintMarks(painter, content, layout, marks);
}

void paintMap(QPainter& painter, const MapForm& form, const MapContent& content, const MapLayout& layout, const MapMarks& marks) {
    if (content.data().empty() || layout.empty()) return;
    form.paintAround(painter, content, layout, marks);
    paintMapInside(painter, form, content, layout, marks);
}

}  // namespace lab
