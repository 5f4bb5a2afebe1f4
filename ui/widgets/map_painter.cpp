#include "ui/widgets/map_painter.h"

#include <QPainter>
#include <QSet>
#include <algorithm>
#include <cmath>
#include <optional>

#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 % (LOOK.md 4 and maps.html).
constexpr int captionRoom = 15;
constexpr int indexRoom = 14;
constexpr int tokenRoom = 19;
constexpr int longestToken = 96;
constexpr int rightRoom = 12;
constexpr int bottomRoom = 6;
constexpr int largestCellSide = 56;
constexpr double unlitShare = 0.3;  ///< of its colour that a cell keeps which takes no part (LOOK.md 3)
constexpr int gapFrom = 8;
constexpr int numbersFrom = 30;

/// The first of 1, 2, 4, 5, 8, 10, 16, 20, ... that is not below `needed`.
int niceStep(double needed) {
    for (int scale = 1;; scale *= 10)
        for (int step : {1, 2, 4, 5, 8})
            if (step * scale >= needed) return step * scale;
}

QFont tokenFont(double cell, bool bold) {
    const Theme& theme = Theme::instance();
    return theme.font(cell >= theme.px(20) ? TextSize::token : cell >= theme.px(14) ? TextSize::text : TextSize::caption, bold);
}

int widest(const QFont& font, const std::vector<QString>& texts) {
    // A long sequence has few different tokens.
    const QSet<QString> different(texts.begin(), texts.end());
    int result = 0;
    for (const QString& text : different) result = std::max(result, textWidth(font, text));
    return result;
}

/// The room right of and below the labels shared out among the cells.
double cellFor(double width, double height, const MapData& data, double dots) {
    return snappedCell(std::max(std::min({width / data.columns, height / data.rows, largestCell()}), 0.0), dots);
}

QString elided(const QFont& font, const QString& text) {
    return QFontMetrics(font).elidedText(text, Qt::ElideRight, Theme::instance().px(longestToken));
}

}  // namespace

double largestCell() {
    return Theme::instance().px(largestCellSide);
}

namespace {

/// Lets the cells grow to the size asked for and fills `room` with the part asked for, to whole dots.
void lookCloser(MapLayout& layout, const MapData& data, const QRectF& room, double dots, const MapView& view) {
    const double left = layout.map.left();
    layout.cell = std::min(view.cell, largestCell());
    layout.map = QRectF(std::floor(room.left()), room.top(), std::min(std::floor(room.width()), layout.cell * data.columns),
                        std::min(std::floor(room.height()), layout.cell * data.rows));
    layout.map.translate(std::floor((room.width() - layout.map.width()) / 2), 0);
    const auto inside = [&](double origin, double shown, int count) {
        const double dot = layout.cell * dots;
        return std::clamp(std::round(origin * dot) / dot, 0.0, std::max(count - shown / layout.cell, 0.0));
    };
    layout.origin = {inside(view.origin.x(), layout.map.width(), data.columns), inside(view.origin.y(), layout.map.height(), data.rows)};
    const double shift = layout.map.left() - left;
    for (double* edge : {&layout.left, &layout.indexRight, &layout.tokenRight}) *edge += shift;
}

}  // namespace

MapLayout layoutMap(const MapData& data, const MapLabels& labels, QSize room, double dots, const MapView& view) {
    MapLayout layout;
    if (data.empty()) return layout;
    const Theme& theme = Theme::instance();
    const QFont bold = theme.font(TextSize::token, true);
    const int rowToken = std::min(widest(bold, labels.rowTokens), theme.px(longestToken));
    const int columnToken = std::min(widest(bold, labels.columnTokens), theme.px(longestToken));
    const int indexWidth = textWidth(theme.font(TextSize::caption), QString::number(data.rows - 1));
    const int captionLeft = labels.rowCaption.isEmpty() ? 0 : theme.px(captionRoom);
    const int captionTop = labels.columnCaption.isEmpty() ? 0 : theme.px(captionRoom);

    layout.indexRight = captionLeft + theme.px(4) + indexWidth;
    layout.tokenRight = layout.indexRight + (rowToken > 0 ? theme.px(8) + rowToken : 0);
    const double left = layout.tokenRight + theme.px(9);
    const double width = room.width() - left - theme.px(rightRoom);
    const auto topFor = [&](bool upright) {
        const int token = columnToken == 0 ? 0 : upright ? theme.px(tokenRoom) : columnToken + theme.px(4);
        return captionTop + theme.px(indexRoom) + token + theme.px(5);
    };
    layout.uprightColumns = true;
    double top = topFor(true);
    double cell = cellFor(width, room.height() - top - theme.px(bottomRoom), data, dots);
    // Tokens of one or two signs are thinned out when cells are small; words are turned.
    const bool words = columnToken > theme.px(48);
    if (words && columnToken > cell - 2) {
        layout.uprightColumns = false;
        top = topFor(false);
        cell = cellFor(width, room.height() - top - theme.px(bottomRoom), data, dots);
    }
    layout.cell = cell;
    const double free = std::max(0.0, width - cell * data.columns);
    const double shift = std::floor(free / 2);
    layout.left = shift;
    layout.indexRight += shift;
    layout.tokenRight += shift;
    layout.map = QRectF(left + shift, top, cell * data.columns, cell * data.rows);
    layout.wholeCell = cell;
    if (!view.whole() && view.cell > cell)
        lookCloser(layout, data, QRectF(left, top, width, room.height() - top - theme.px(bottomRoom)), dots, view);
    layout.indexBottom = captionTop + theme.px(indexRoom);
    layout.tokenBottom = top - theme.px(5);
    if (layout.cell > 0) {
        const int columnText = std::max(textWidth(theme.font(TextSize::caption), QString::number(data.columns - 1)),
                                        layout.uprightColumns ? columnToken : theme.px(12));
        layout.rowStep = niceStep(theme.px(13) / layout.cell);
        layout.columnStep = niceStep((columnText + theme.px(3)) / layout.cell);
    }
    return layout;
}

namespace {

class LabelPainter {
public:
    LabelPainter(QPainter& painter, const MapLayout& layout, const MapLabels& labels)
        : m_painter(painter), m_layout(layout), m_labels(labels) {}

    void row(int i, bool shown) {
        const Theme& theme = Theme::instance();
        const double height = std::max<double>(m_layout.cell, theme.px(16));
        const double top = m_layout.y(i + 0.5) - height / 2;
        const QRectF index(0, top, m_layout.indexRight, height);
        put(index, Qt::AlignRight | Qt::AlignVCenter, QString::number(i), theme.font(TextSize::caption),
            shown ? Role::accent : Role::muted);
        if (i >= static_cast<int>(m_labels.rowTokens.size())) return;
        const QRectF token(0, top, m_layout.tokenRight, height);
        const QFont font = tokenFont(m_layout.cell, shown);
        put(token, Qt::AlignRight | Qt::AlignVCenter, elided(font, m_labels.rowTokens[static_cast<std::size_t>(i)]), font,
            shown ? Role::accent : Role::text);
    }

    void column(int j, bool shown) {
        const Theme& theme = Theme::instance();
        const double centre = m_layout.x(j + 0.5);
        const double half = theme.px(longestToken);
        const QRectF index(centre - half, m_layout.indexBottom - theme.px(indexRoom), 2 * half, theme.px(indexRoom));
        put(index, Qt::AlignCenter, QString::number(j), theme.font(TextSize::caption), shown ? Role::accent : Role::muted);
        if (j >= static_cast<int>(m_labels.columnTokens.size())) return;
        const QFont font = tokenFont(m_layout.cell, shown);
        const QString text = elided(font, m_labels.columnTokens[static_cast<std::size_t>(j)]);
        const Role role = shown ? Role::accent : Role::text;
        if (m_layout.uprightColumns) {
            put(QRectF(centre - half, m_layout.indexBottom, 2 * half, m_layout.tokenBottom - m_layout.indexBottom), Qt::AlignCenter, text,
                font, role);
            return;
        }
        m_painter.save();
        m_painter.translate(centre, m_layout.tokenBottom);
        m_painter.rotate(-90);
        put(QRectF(0, -theme.px(10), m_layout.tokenBottom - m_layout.indexBottom, theme.px(20)), Qt::AlignLeft | Qt::AlignVCenter, text,
            font, role);
        m_painter.restore();
    }

    void captions() {
        const Theme& theme = Theme::instance();
        const QRectF& map = m_layout.map;
        const QFont font = theme.font(TextSize::caption);
        put(QRectF(map.center().x() - theme.px(150), 0, theme.px(300), theme.px(captionRoom)), Qt::AlignCenter, m_labels.columnCaption,
            font, Role::muted);
        m_painter.save();
        m_painter.translate(m_layout.left + theme.px(captionRoom) / 2.0, map.center().y());
        m_painter.rotate(-90);
        put(QRectF(-theme.px(150), -theme.px(8), theme.px(300), theme.px(16)), Qt::AlignCenter, m_labels.rowCaption, font, Role::muted);
        m_painter.restore();
    }

private:
    void put(const QRectF& rect, int flags, const QString& text, const QFont& font, Role role) {
        m_painter.setFont(font);
        m_painter.setPen(Theme::instance().color(role));
        m_painter.drawText(rect, flags, text);
    }

    QPainter& m_painter;
    const MapLayout& m_layout;
    const MapLabels& m_labels;
};

}  // namespace

namespace {

struct Number {
    QFont font;
    int decimals;
};

/// The largest of 12 and 11 px with two decimals, then one, that fits the longest value seen; nothing when none does.
std::optional<Number> numberFor(const MapData& data, const MapLayout& layout, double cell) {
    const Theme& theme = Theme::instance();
    for (int decimals : {2, 1})
        for (TextSize size : {TextSize::axis, TextSize::caption}) {
            const QFont font = theme.font(size);
            int longest = 0;
            for (int row = layout.firstRow(); row < layout.endRow(data); ++row)
                for (int column = layout.firstColumn(); column < layout.endColumn(data); ++column)
                    if (!data.masked(row, column))
                        longest = std::max(longest, textWidth(font, cellNumber(data.value(row, column), decimals)));
            if (longest + theme.px(4) <= cell) return Number{font, decimals};
        }
    return std::nullopt;
}

}  // namespace

void paintMapLabels(QPainter& painter, const MapLayout& layout, const MapData& data, const MapLabels& labels, MapCell shown) {
    LabelPainter label(painter, layout, labels);
    label.captions();
    // Beside the shown label its thinned-out neighbours give way; so do labels of cells that are seen less than half.
    const auto painted = [](int i, int step, int cell) { return i % step == 0 && (cell < 0 || i == cell || std::abs(i - cell) >= step); };
    const auto seen = [](double at, double from, double to) { return at >= from && at <= to; };
    const QRectF& map = layout.map;
    for (int i = layout.firstRow(); i < layout.endRow(data); ++i)
        if ((i == shown.row || painted(i, layout.rowStep, shown.row)) && seen(layout.y(i + 0.5), map.top(), map.bottom()))
            label.row(i, i == shown.row);
    for (int j = layout.firstColumn(); j < layout.endColumn(data); ++j)
        if ((j == shown.column || painted(j, layout.columnStep, shown.column)) && seen(layout.x(j + 0.5), map.left(), map.right()))
            label.column(j, j == shown.column);
}

void paintMapGaps(QPainter& painter, const MapLayout& layout, const MapData& data) {
    const Theme& theme = Theme::instance();
    if (layout.cell < theme.px(gapFrom)) return;
    const QColor color = theme.color(Role::screen);
    const QRectF& map = layout.map;
    for (int i = layout.firstRow() + 1; i <= layout.endRow(data); ++i)
        if (layout.y(i) <= map.bottom() + 1) painter.fillRect(QRectF(map.left(), layout.y(i) - 1, map.width(), 1), color);
    for (int j = layout.firstColumn() + 1; j <= layout.endColumn(data); ++j)
        if (layout.x(j) <= map.right() + 1) painter.fillRect(QRectF(layout.x(j) - 1, map.top(), 1, map.height()), color);
}

void paintMapNumbers(QPainter& painter, const MapLayout& layout, const MapData& data, const ColorScaling& scaling) {
    // Below a tenth two decimals say nothing.
    if (layout.cell < Theme::instance().px(numbersFrom) || scaling.high < 0.1) return;
    const std::optional<Number> number = numberFor(data, layout, layout.cell - 1);
    if (!number) return;
    painter.save();
    painter.setClipRect(layout.map, Qt::IntersectClip);
    painter.setFont(number->font);
    for (int row = layout.firstRow(); row < layout.endRow(data); ++row)
        for (int column = layout.firstColumn(); column < layout.endColumn(data); ++column) {
            const float value = data.value(row, column);
            if (data.masked(row, column)) continue;
            painter.setPen(ColorMap::ink(scaling.color(value)));
            painter.drawText(QRectF(layout.x(column), layout.y(row), layout.cell - 1, layout.cell - 1), Qt::AlignCenter,
                             cellNumber(value, number->decimals));
        }
    painter.restore();
}

void paintMapLight(QPainter& painter, const MapLayout& layout, const MapLight& light) {
    if (light.axis == MapLight::Axis::none) return;
    QColor veil = Theme::instance().color(Role::screen);
    veil.setAlphaF(static_cast<float>(1.0 - unlitShare));
    const QRectF& map = layout.map;
    const bool row = light.axis == MapLight::Axis::row;
    const double from = row ? layout.y(light.index) : layout.x(light.index), to = from + layout.cell;
    const QRectF before = row ? QRectF(map.topLeft(), QPointF(map.right(), from)) : QRectF(map.topLeft(), QPointF(from, map.bottom()));
    const QRectF behind = row ? QRectF(QPointF(map.left(), to), map.bottomRight()) : QRectF(QPointF(to, map.top()), map.bottomRight());
    for (const QRectF& part : {before, behind})
        if (part.isValid()) painter.fillRect(part.intersected(map), veil);
}

void paintMapFrames(QPainter& painter, const MapLayout& layout, MapCell cell) {
    const QRectF& map = layout.map;
    painter.save();
    painter.setClipRect(map.adjusted(-2, -2, 2, 2), Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing, false);
    QPen pen(Theme::instance().color(Role::text), 0);
    pen.setDashPattern({3, 2});
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(map.left() - 1, layout.y(cell.row) - 1, map.width(), layout.cell));
    painter.drawRect(QRectF(layout.x(cell.column) - 1, map.top() - 1, layout.cell, map.height()));
    painter.restore();
}

void paintMapSelection(QPainter& painter, const QRectF& cell, bool focused) {
    const Theme& theme = Theme::instance();
    const double unit = theme.scale();
    const QRectF filled = cell.adjusted(0, 0, -1, -1);  // without the gap
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);
    const auto outline = [&](double outside, double width, const QColor& color) {
        painter.setPen(QPen(color, width * unit, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        const double d = outside * unit;
        painter.drawRect(filled.adjusted(-d, -d, d, d));
    };
    if (focused) outline(6.0, 2.0, theme.color(Role::accent));
    outline(3.5, 1.5, theme.color(Role::screen));
    outline(1.5, 2.5, theme.color(Role::fill));
    outline(-0.5, 1.0, Qt::black);
    painter.restore();
}

}  // namespace lab
