#include "ui/widgets/map_figure.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/number_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double gap = 20;
constexpr double panelTitleHeight = 22;
constexpr double axisNameHeight = 18, labelHeight = 16, labelGap = 4;
constexpr double scaleWidth = 240, scaleBar = 10, scaleGap = 12;
constexpr double maskedKeyRoom = 100;
constexpr int scaleSteps = 64;
constexpr double smallestFigure = 360;
constexpr int mostRectangles = 64;  // cells a side that are drawn one by one
constexpr double gapFrom = 8;       // cells this wide stand apart by 1 px
constexpr double numberSide = 30;   // cells at least this wide carry their numbers

QFont fontOf(TextSize size, bool bold = false) {
    return Theme::instance().font(size, bold);
}

double widest(const QStringList& labels) {
    int width = 0;
    for (const QString& label : labels) width = std::max(width, textWidth(fontOf(TextSize::caption), label));
    return width;
}

/// Every how many-th label there is room for.
int labelStride(double cell, double needed) {
    return std::max(1, static_cast<int>(std::ceil(needed / cell)));
}

double leftOf(const MapPanel& panel) {
    return axisNameHeight + 2 * labelGap + widest(panel.rowLabels);
}

void paintNumbers(QPainter& painter, const QRectF& map, const MapData& data, const ColorScaling& scaling) {
    const double width = map.width() / data.columns, height = map.height() / data.rows;
    painter.setFont(fontOf(TextSize::caption));
    for (int row = 0; row < data.rows; ++row)
        for (int column = 0; column < data.columns; ++column) {
            if (data.masked(row, column)) continue;
            const double value = data.value(row, column);
            painter.setPen(ColorMap::ink(scaling.color(value)));
            painter.drawText(QRectF(map.left() + column * width, map.top() + row * height, width - 1, height - 1), Qt::AlignCenter,
                             cellNumber(value));
        }
}

/// Cells by colour: a vector file then says each colour once. Masked ones get the grid's colour and a stroke.
void paintRectangles(QPainter& painter, const QRectF& rect, const MapData& data, const ColorScaling& scaling) {
    const double width = rect.width() / data.columns, height = rect.height() / data.rows;
    const double apart = std::min(width, height) >= gapFrom ? 1 : 0;
    // Where no gap parts them, cells reach a little below their neighbours, else viewers show seams.
    const double under = apart > 0 ? 0 : 0.25;
    std::map<QRgb, QList<QRectF>> cells;
    QList<QLineF> strokes;
    for (int row = 0; row < data.rows; ++row)
        for (int column = 0; column < data.columns; ++column) {
            QRectF cell(rect.left() + column * width, rect.top() + row * height, width - apart, height - apart);
            const bool masked = data.masked(row, column);
            if (masked && apart > 0) strokes += QLineF(cell.bottomLeft(), cell.topRight());
            if (column + 1 < data.columns) cell.setRight(cell.right() + under);
            if (row + 1 < data.rows) cell.setBottom(cell.bottom() + under);
            cells[masked ? Theme::instance().color(Role::grid).rgb() : scaling.color(data.value(row, column))] += cell;
        }
    painter.save();
    painter.setPen(Qt::NoPen);
    for (const auto& [color, rectangles] : cells) {
        painter.setBrush(QColor::fromRgb(color));
        painter.drawRects(rectangles);
    }
    painter.setPen(QPen(Theme::instance().color(Role::hairline), 1));
    painter.drawLines(strokes);
    painter.restore();
}

/// Large maps: enlarged without smoothing, since viewers smooth what they enlarge.
void paintImage(QPainter& painter, const QRectF& rect, const MapData& data, const ColorScaling& scaling) {
    constexpr int enough = 2048;
    QImage image = mapImage(data, scaling, poolingFactor(static_cast<double>(enough) / std::max(data.rows, data.columns)));
    const int times = std::max(1, enough / std::max(image.width(), image.height()));
    image = image.scaled(image.size() * times, Qt::IgnoreAspectRatio, Qt::FastTransformation);
    painter.save();
    painter.fillRect(rect, Theme::instance().color(Role::grid));
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(rect, image);
    painter.restore();
}

bool hasMasked(const MapPanel& panel) {
    for (int row = 0; row < panel.data.rows; ++row)
        for (int column = 0; column < panel.data.columns; ++column)
            if (panel.data.masked(row, column)) return true;
    return false;
}

/// What the grey cells are, beside the scale.
void paintMaskedKey(QPainter& painter, const QPointF& at) {
    const Theme& theme = Theme::instance();
    const QRectF cell(at.x(), at.y() + 4, scaleBar, scaleBar);
    painter.fillRect(cell, theme.color(Role::grid));
    drawOutline(painter, cell, theme.color(Role::controlBorder));
    painter.setFont(fontOf(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(cell.right() + 6, cell.center().y() - labelHeight / 2, 120, labelHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     QObject::tr("masked"));
}

void paintLabels(QPainter& painter, const QRectF& map, const MapPanel& panel) {
    const double height = map.height() / panel.data.rows;
    painter.setFont(fontOf(TextSize::caption));
    painter.setPen(Theme::instance().color(Role::text));
    for (int row = 0; row < panel.rowLabels.size(); row += labelStride(height, labelHeight - 4)) {
        const QRectF place(map.left() - labelGap - 200, map.top() + (row + 0.5) * height - labelHeight / 2, 200, labelHeight);
        painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter, panel.rowLabels[row]);
    }
    paintColumnLabels(painter, QRectF(map.left(), map.bottom() + labelGap, map.width(), labelHeight), panel.columnLabels,
                      panel.data.columns);
}

void paintAxisNames(QPainter& painter, const QRectF& map, double left) {
    painter.setFont(fontOf(TextSize::caption));
    painter.setPen(Theme::instance().color(Role::muted));
    painter.drawText(QRectF(map.left(), map.bottom() + labelGap + labelHeight, map.width(), axisNameHeight), Qt::AlignCenter,
                     QObject::tr("key"));
    painter.save();
    painter.translate(left, map.center().y());
    painter.rotate(-90);
    painter.drawText(QRectF(-map.height() / 2, 0, map.height(), axisNameHeight), Qt::AlignCenter, QObject::tr("query"));
    painter.restore();
}

}  // namespace

double MapFigure::cellSide() const {
    int cells = 1;
    for (const MapPanel& panel : panels) cells = std::max({cells, panel.data.rows, panel.data.columns});
    const double side = panels.size() == 1 ? 544 : 224;
    return std::clamp(side / cells, 1.0, 34.0);
}

/// With what its own colours reach, where the figure's scale does not say it.
QString MapFigure::titleOf(const MapPanel& panel) const {
    if (!panel.scaling || !panel.ownQuantity.isEmpty() || panels.size() < 2) return panel.title;
    return QObject::tr("%1 (colours to %2)").arg(panel.title, significant(panel.scaling->high, 2));
}

QSizeF MapFigure::panelSize(const MapPanel& panel) const {
    const double cell = cellSide();
    const double words = textWidth(fontOf(TextSize::axis, true), titleOf(panel)) + 2.0;
    return {leftOf(panel) + std::max(panel.data.columns * cell, words),
            panelTitleHeight + panel.data.rows * cell + labelGap + labelHeight + axisNameHeight};
}

QSizeF MapFigure::gridStep() const {
    QSizeF largest;
    for (const MapPanel& panel : panels) largest = largest.expandedTo(panelSize(panel));
    return largest + QSizeF(gap, gap);
}

double MapFigure::scaleRoom() const {
    const auto second = std::count_if(panels.begin(), panels.end(), [](const MapPanel& panel) { return !panel.ownQuantity.isEmpty(); });
    return figureScaleHeight * static_cast<double>(1 + second);
}

QSizeF MapFigure::bodySize(double) const {
    const QSizeF step = gridStep();
    const int across = std::min(columns, static_cast<int>(panels.size()));
    const int rows = (static_cast<int>(panels.size()) + columns - 1) / columns;
    const double masked = std::any_of(panels.begin(), panels.end(), hasMasked) ? maskedKeyRoom : 0;
    const double scale = (panels.empty() ? 0 : leftOf(panels.front())) + scaleWidth + scaleGap +
                         textWidth(fontOf(TextSize::caption), measured()) + 2 + masked;
    const double name = textWidth(fontOf(TextSize::token, true), title) + 2.0;
    return {std::max({smallestFigure, across * step.width() - gap, scale, name}), rows * step.height() + scaleRoom()};
}

bool MapFigure::hasOwnReaches() const {
    const auto own = [](const MapPanel& panel) { return panel.scaling && panel.ownQuantity.isEmpty(); };
    return panels.size() > 1 && std::any_of(panels.begin(), panels.end(), own);
}

/// By the scale.
QString MapFigure::measured() const {
    return hasOwnReaches() ? QObject::tr("%1, as a share of each map's own reach").arg(quantity) : quantity;
}

void MapFigure::paintPanel(QPainter& painter, const MapPanel& panel, const QPointF& at) const {
    const double cell = cellSide();
    const QRectF map(at.x() + leftOf(panel), at.y() + panelTitleHeight, panel.data.columns * cell, panel.data.rows * cell);
    painter.setFont(fontOf(TextSize::axis, true));
    painter.setPen(Theme::instance().color(Role::text));
    const ColorScaling& own = panel.scaling ? *panel.scaling : scaling;
    painter.drawText(QRectF(map.left(), at.y(), panelSize(panel).width() - leftOf(panel) + gap, panelTitleHeight),
                     Qt::AlignLeft | Qt::AlignVCenter, titleOf(panel));
    paintCells(painter, map, panel.data, own);
    drawOutline(painter, map.adjusted(-1, -1, cell >= gapFrom ? 0 : 1, cell >= gapFrom ? 0 : 1),
                Theme::instance().color(Role::controlBorder));
    if (cell >= numberSide) paintNumbers(painter, map, panel.data, own);
    paintLabels(painter, map, panel);
    paintAxisNames(painter, map, at.x());
}

void MapFigure::paintBody(QPainter& painter, double width) const {
    const QSizeF step = gridStep();
    for (std::size_t i = 0; i < panels.size(); ++i) {
        const int row = static_cast<int>(i) / columns, column = static_cast<int>(i) % columns;
        paintPanel(painter, panels[i], {column * step.width(), row * step.height()});
    }
    const QPointF scale(panels.empty() ? 0 : leftOf(panels.front()), bodySize(width).height() - scaleRoom());
    const ColorScaling bar = hasOwnReaches() ? ColorScaling{scaling.kind, scaling.low < 0.0 ? -1.0 : 0.0, 1.0}
                             : panels.size() == 1 && panels.front().scaling ? *panels.front().scaling
                                                                            : scaling;
    paintFigureScale(painter, scale, bar, measured());
    double below = figureScaleHeight;
    for (const MapPanel& panel : panels) {
        if (panel.ownQuantity.isEmpty() || !panel.scaling) continue;
        paintFigureScale(painter, scale + QPointF(0, below), *panel.scaling, panel.ownQuantity);
        below += figureScaleHeight;
    }
    if (std::any_of(panels.begin(), panels.end(), hasMasked))
        paintMaskedKey(painter, scale + QPointF(scaleWidth + scaleGap + textWidth(fontOf(TextSize::caption), measured()) + 24, 0));
}

FigureTable MapFigure::table() const {
    FigureTable table;
    table.header = {"block",     "layer",       "head",
                    "query",     "query_token", "key",
                    "key_token", "allowed",     valueName.empty() ? quantity.toStdString() : valueName};
    const auto label = [](const QStringList& labels, int i) { return i < labels.size() ? labels[i].toStdString() : std::string(); };
    const bool several = std::any_of(panels.begin(), panels.end(), [](const MapPanel& panel) { return !panel.input.empty(); });
    if (several) table.header.insert(table.header.begin(), "input");
    for (const MapPanel& panel : panels)
        for (int row = 0; row < panel.data.rows; ++row)
            for (int column = 0; column < panel.data.columns; ++column) {
                table.rows.push_back({panel.block, std::to_string(panel.layer), std::to_string(panel.head), std::to_string(row),
                                      label(panel.rowLabels, row), std::to_string(column), label(panel.columnLabels, column),
                                      panel.data.masked(row, column) ? "0" : "1", numberText(panel.data.value(row, column))});
                if (several) table.rows.back().insert(table.rows.back().begin(), panel.input);
            }
    return table;
}

void paintCells(QPainter& painter, const QRectF& rect, const MapData& data, const ColorScaling& scaling) {
    if (data.empty()) return;
    if (std::max(data.rows, data.columns) <= mostRectangles)
        paintRectangles(painter, rect, data, scaling);
    else
        paintImage(painter, rect, data, scaling);
}

void paintColumnLabels(QPainter& painter, const QRectF& room, const QStringList& labels, int columns) {
    const double width = room.width() / columns;
    double free = room.left() - 200;
    for (int column = 0; column < labels.size(); ++column) {
        const double needed = QFontMetricsF(painter.font()).horizontalAdvance(labels[column]);
        const double centre = room.left() + (column + 0.5) * width;
        if (centre - needed / 2 < free) continue;
        free = centre + needed / 2 + 4;
        painter.drawText(QRectF(centre - 100, room.top(), 200, room.height()), Qt::AlignHCenter | Qt::AlignTop, labels[column]);
    }
}

void paintFigureScale(QPainter& painter, const QPointF& at, const ColorScaling& scaling, const QString& quantity) {
    const Theme& theme = Theme::instance();
    const QRectF bar(at.x(), at.y() + 4, scaleWidth, scaleBar);
    const double width = scaleWidth / scaleSteps;
    painter.save();
    painter.setPen(Qt::NoPen);
    for (int i = 0; i < scaleSteps; ++i) {
        const double value = scaling.low + (scaling.high - scaling.low) * (i + 0.5) / scaleSteps;
        painter.setBrush(QColor::fromRgb(scaling.color(value)));
        painter.drawRect(QRectF(bar.left() + i * width, bar.top(), width + (i + 1 < scaleSteps ? 0.25 : 0), scaleBar));
    }
    painter.restore();
    drawOutline(painter, bar, theme.color(Role::controlBorder));
    painter.setFont(fontOf(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    for (int quarter = 0; quarter <= 4; ++quarter) {
        const double share = quarter / 4.0;
        const QRectF place(bar.left() + share * scaleWidth - 40, bar.bottom() + 2, 80, labelHeight);
        painter.drawText(place, Qt::AlignCenter, scaleText(scaling.low + share * (scaling.high - scaling.low), scaling));
    }
    painter.drawText(QRectF(bar.right() + scaleGap, bar.center().y() - labelHeight / 2, 320, labelHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     quantity);
}

QString mapCaption(const MapSubject& subject, const QString& head, const QString& what, const QString& reading) {
    QString subjectName = (what.isEmpty() ? QObject::tr("Attention weights of '%1'") : what).arg(subject.run);
    if (subject.step >= 0) subjectName = QObject::tr("%1 after step %2").arg(subjectName, grouped(subject.step));
    if (!head.isEmpty()) subjectName += QStringLiteral(", ") + head.left(1).toLower() + head.mid(1);
    return sentences({what.isEmpty() ? QObject::tr("%1: each row is a query, its weights add up to 1.").arg(subjectName)
                                     : QObject::tr("%1: each row is a query. %2.").arg(subjectName, reading),
                      QObject::tr("Input: %1.").arg(subject.input),
                      subject.targetInput.isEmpty() ? QString() : QObject::tr("Target input: %1.").arg(subject.targetInput)});
}

}  // namespace lab
