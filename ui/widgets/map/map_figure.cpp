#include "ui/widgets/map/map_figure.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/base/number_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map_painter.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double mapFigureGap = 20;
constexpr double panelTitleHeight = 22, mapFigureLabelHeight = 16;
constexpr double widestScale = 240, narrowestScale = 100, mapFigureScaleBar = 10, scaleGap = 12;
constexpr double maskedKeyRoom = 100, maskedKeyGap = 24;
constexpr int mapFigureScaleSteps = 64;
constexpr double smallestFigure = 360;
constexpr double oneMap = 544, oneOfSeveral = 224, mapFigureLargestCellSide = 34, mapFigureLeastMap = 80;
constexpr double leastCell = 0.5;
constexpr double pageHeight = 900, aroundPanel = 80;
constexpr double exact = 1000;  // device pixels a px: cells need not end on whole ones

QFont fontOf(TextSize size, bool bold = false) {
    return Theme::instance().font(size, bold);
}

MapContent contentOf(const MapPanel& panel, const ColorScaling& scaling) {
    MapContent content;
    content.picture.set(panel.data, panel.scaling.value_or(scaling));
    content.rowNames = {panel.rowLabels.begin(), panel.rowLabels.end()};
    content.columnNames = {panel.columnLabels.begin(), panel.columnLabels.end()};
    content.mutedRows = panel.mutedRows;
    content.mutedColumns = panel.mutedColumns;
    content.borders = panel.borders;
    content.rows = QObject::tr("query");
    content.columns = QObject::tr("key");
    return content;
}

QMarginsF marginsOf(const MapPanel& panel, double cell) {
    return tokenMargins(contentOf(panel, {}), cell);
}

bool hasMasked(const MapPanel& panel) {
    for (int row = 0; row < panel.data.rows; ++row)
        for (int column = 0; column < panel.data.columns; ++column)
            if (panel.data.masked(row, column)) return true;
    return false;
}

/// What the hatched cells are, beside the scale.
void paintMaskedKey(QPainter& painter, const QPointF& at) {
    const Theme& theme = Theme::instance();
    const QRectF cell(at.x(), at.y() + 4, mapFigureScaleBar, mapFigureScaleBar);
    paintHatchShapes(painter, cell);
    drawOutline(painter, cell, theme.color(Role::controlBorder));
    painter.setFont(fontOf(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(cell.right() + 6, cell.center().y() - mapFigureLabelHeight / 2, 120, mapFigureLabelHeight),
                     Qt::AlignLeft | Qt::AlignVCenter, QObject::tr("masked"));
}

}  // namespace

/// With what its own colours reach, where the figure's scale does not say it.
QString MapFigure::titleOf(const MapPanel& panel) const {
    if (!panel.scaling || !panel.ownQuantity.isEmpty() || panels.size() < 2) return panel.title;
    return QObject::tr("%1 (colours to %2)").arg(panel.title, significant(panel.scaling->high, 2));
}

MapFigure::Grid MapFigure::gridFor(double width) const {
    int cells = 1;
    double left = 0, words = 0;
    for (const MapPanel& panel : panels) {
        cells = std::max({cells, panel.data.rows, panel.data.columns});
        const QMarginsF margins = marginsOf(panel, mapFigureLargestCellSide);
        left = std::max(left, margins.left() + margins.right());
        words = std::max(words, margins.left() + textWidth(fontOf(TextSize::axis, true), titleOf(panel)) + 2.0);
    }
    Grid grid;
    const int inRow = grid.across = std::min(columns, static_cast<int>(panels.size()));
    grid.cell = std::clamp((panels.size() == 1 ? oneMap : oneOfSeveral) / cells, 1.0, mapFigureLargestCellSide);
    if (width > 0) {
        const auto cellAt = [&](int across) {
            return std::min(mapFigureLargestCellSide, ((width + mapFigureGap) / across - mapFigureGap - left) / cells);
        };
        const auto heightAt = [&](int across) {
            const int rows = (static_cast<int>(panels.size()) + columns - 1) / columns;
            return rows * ((inRow + across - 1) / across) * (cellAt(across) * cells + aroundPanel);
        };
        const auto fits = [&](int across, double least) {
            return cellAt(across) >= least && (least < smallestLabelPixels ||
                                               (words <= (width + mapFigureGap) / across - mapFigureGap && heightAt(across) <= pageHeight));
        };
        // So many side by side as let every token stand, on one page; else as many as can be seen.
        for (const double least : {double(smallestLabelPixels), std::min(mapFigureLeastMap / cells, smallestLabelPixels - 1.0)}) {
            grid.across = inRow;
            while (grid.across > 1 && !fits(grid.across, least)) --grid.across;
            if (fits(grid.across, least)) break;
        }
        grid.linesOfRow = (inRow + grid.across - 1) / grid.across;
        grid.across = (inRow + grid.linesOfRow - 1) / grid.linesOfRow;
        grid.cell = std::max(cellAt(grid.across), leastCell);
    }
    for (const MapPanel& panel : panels) grid.step = grid.step.expandedTo(panelSize(panel, grid.cell));
    grid.step += QSizeF(mapFigureGap, mapFigureGap);
    return grid;
}

QSizeF MapFigure::panelSize(const MapPanel& panel, double cell) const {
    const QMarginsF margins = marginsOf(panel, cell);
    const double words = textWidth(fontOf(TextSize::axis, true), titleOf(panel)) + 2.0;
    return {margins.left() + std::max(panel.data.columns * cell + margins.right(), words),
            panelTitleHeight + margins.top() + panel.data.rows * cell + margins.bottom()};
}

double MapFigure::scaleRoom() const {
    const auto second = std::count_if(panels.begin(), panels.end(), [](const MapPanel& panel) { return !panel.ownQuantity.isEmpty(); });
    return figureScaleHeight * static_cast<double>(1 + second);
}

double MapFigure::footersRoom() const {
    double room = 0;
    for (const MapFooter& footer : footers) room += footer.height();
    return room;
}

bool MapFigure::anyMasked() const {
    return std::any_of(panels.begin(), panels.end(), hasMasked);
}

QSizeF MapFigure::bodySize(double width) const {
    const Grid grid = gridFor(width);
    const int rows = (static_cast<int>(panels.size()) + columns - 1) / columns;
    const double height = rows * grid.linesOfRow * grid.step.height() + scaleRoom() + footersRoom(),
                 across = grid.across * grid.step.width() - mapFigureGap;
    if (width > 0) return {std::max(width, across), height};
    const double scale = (panels.empty() ? 0 : marginsOf(panels.front(), grid.cell).left()) + widestScale + scaleGap +
                         textWidth(fontOf(TextSize::caption), measured()) + 2 + (anyMasked() ? maskedKeyRoom : 0);
    return {std::max({smallestFigure, across, scale, textWidth(fontOf(TextSize::token, true), title) + 2.0}), height};
}

bool MapFigure::hasOwnReaches() const {
    const auto own = [](const MapPanel& panel) { return panel.scaling && panel.ownQuantity.isEmpty(); };
    return panels.size() > 1 && std::any_of(panels.begin(), panels.end(), own);
}

/// By the scale.
QString MapFigure::measured() const {
    return hasOwnReaches() ? QObject::tr("%1, as a share of each map's own reach").arg(quantity) : quantity;
}

void MapFigure::paintPanel(QPainter& painter, const MapPanel& panel, double cell) const {
    const MapContent content = contentOf(panel, scaling);
    const QMarginsF margins = tokenMargins(content, cell);
    painter.setFont(fontOf(TextSize::axis, true));
    painter.setPen(Theme::instance().color(Role::text));
    painter.drawText(QRectF(margins.left(), 0, panelSize(panel, cell).width() - margins.left() + mapFigureGap, panelTitleHeight),
                     Qt::AlignLeft | Qt::AlignVCenter, titleOf(panel));
    painter.translate(0, panelTitleHeight);
    const QSizeF cells(panel.data.columns * cell, panel.data.rows * cell);
    const MapForm& form = MapForm::tokens();
    const MapLayout layout = form.layout(
        content,
        {QSizeF(margins.left() + cells.width() + margins.right(), margins.top() + cells.height() + margins.bottom()), exact, {}, true});
    paintMap(painter, form, content, layout);
    drawOutline(painter, layout.map.adjusted(-1, -1, 1 - layout.gap, 1 - layout.gap), Theme::instance().color(Role::controlBorder));
}

void MapFigure::paintFooters(QPainter& painter, const QSizeF& whole) const {
    double top = whole.height() - footersRoom();
    for (const MapFooter& footer : footers) {
        painter.save();
        footer.paint(painter, {0, top, whole.width(), footer.height()});
        painter.restore();
        top += footer.height();
    }
}

void MapFigure::paintBody(QPainter& painter, double width) const {
    const Grid grid = gridFor(width);
    for (std::size_t i = 0; i < panels.size(); ++i) {
        const int row = static_cast<int>(i) / columns, within = static_cast<int>(i) % columns;
        const int line = row * grid.linesOfRow + within / grid.across;
        painter.save();
        painter.translate(within % grid.across * grid.step.width(), line * grid.step.height());
        paintPanel(painter, panels[i], grid.cell);
        painter.restore();
    }
    const QSizeF whole = bodySize(width);
    paintFooters(painter, whole);
    const QPointF scale(panels.empty() ? 0 : marginsOf(panels.front(), grid.cell).left(), whole.height() - footersRoom() - scaleRoom());
    const double room = whole.width() - scale.x() - (anyMasked() ? maskedKeyRoom : 0);
    const ColorScaling bar = hasOwnReaches() ? ColorScaling{scaling.kind, scaling.low < 0.0 ? -1.0 : 0.0, 1.0}
                             : panels.size() == 1 && panels.front().scaling ? *panels.front().scaling
                                                                            : scaling;
    const double right = paintFigureScale(painter, scale, bar, measured(), room);
    double below = figureScaleHeight;
    for (const MapPanel& panel : panels) {
        if (panel.ownQuantity.isEmpty() || !panel.scaling) continue;
        paintFigureScale(painter, scale + QPointF(0, below), *panel.scaling, panel.ownQuantity, room);
        below += figureScaleHeight;
    }
    if (anyMasked()) paintMaskedKey(painter, {right + maskedKeyGap, scale.y()});
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

void paintColumnLabels(QPainter& painter, const QRectF& room, const QStringList& labels, int columns) {
    const double width = room.width() / columns;
    const QFont whole = painter.font();
    QFont font = whole;
    const auto fit = [&] {
        return std::all_of(labels.begin(), labels.end(), [&](const QString& label) { return textAdvance(font, label) <= width - 1; });
    };
    while (font.pixelSize() > smallestLabelPixels && !fit()) font.setPixelSize(font.pixelSize() - 1);
    painter.setFont(font);
    double free = room.left() - 200;
    for (int column = 0; column < labels.size(); ++column) {
        const double needed = textAdvance(font, labels[column]);
        const double centre = room.left() + (column + 0.5) * width;
        if (centre - needed / 2 < free) continue;
        free = centre + needed / 2 + 1;
        painter.drawText(QRectF(centre - 100, room.top(), 200, room.height()), Qt::AlignHCenter | Qt::AlignTop, labels[column]);
    }
    painter.setFont(whole);
}

double paintFigureScale(QPainter& painter, const QPointF& at, const ColorScaling& scaling, const QString& quantity, double room) {
    const Theme& theme = Theme::instance();
    painter.setFont(fontOf(TextSize::caption));
    const double words = textAdvance(painter.font(), quantity);
    const double wide = std::clamp(room - scaleGap - words, narrowestScale, widestScale);
    const QRectF bar(at.x(), at.y() + 4, wide, mapFigureScaleBar);
    const double width = wide / mapFigureScaleSteps;
    painter.save();
    painter.setPen(Qt::NoPen);
    for (int i = 0; i < mapFigureScaleSteps; ++i) {
        const double value = scaling.low + (scaling.high - scaling.low) * (i + 0.5) / mapFigureScaleSteps;
        painter.setBrush(QColor::fromRgb(scaling.color(value)));
        painter.drawRect(QRectF(bar.left() + i * width, bar.top(), width + (i + 1 < mapFigureScaleSteps ? 0.25 : 0), mapFigureScaleBar));
    }
    painter.restore();
    drawOutline(painter, bar, theme.color(Role::controlBorder));
    painter.setPen(theme.color(Role::muted));
    const double widest = std::max(textAdvance(painter.font(), scaleText(scaling.low, scaling)),
                                   textAdvance(painter.font(), scaleText((scaling.low + 3 * scaling.high) / 4, scaling)));
    for (int quarter = 0; quarter <= 4; quarter += widest + 4 > wide / 4 ? 4 : 1) {
        const double share = quarter / 4.0;
        const QString text = scaleText(scaling.low + share * (scaling.high - scaling.low), scaling);
        const double centre = std::max(bar.left() + share * wide, textAdvance(painter.font(), text) / 2);
        painter.drawText(QRectF(centre - 40, bar.bottom() + 2, 80, mapFigureLabelHeight), Qt::AlignCenter, text);
    }
    const double left = bar.right() + scaleGap, right = std::min(left + words, std::max(at.x() + room, left + narrowestScale));
    painter.drawText(QRectF(left, bar.center().y() - mapFigureLabelHeight, right - left + 2, 2 * mapFigureLabelHeight),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap, quantity);
    return right;
}

QString mapCaption(const MapSubject& subject, const QString& head, const QString& what, const QString& reading) {
    QString subjectName = (what.isEmpty() ? QObject::tr("Attention weights of '%1'") : what).arg(subject.run);
    if (subject.step >= 0) subjectName = QObject::tr("%1 after step %2").arg(subjectName, grouped(subject.step));
    if (!head.isEmpty()) subjectName += QStringLiteral(", ") + head.left(1).toLower() + head.mid(1);
    return sentences(
        {what.isEmpty()
             ? QObject::tr(
                   "%1: each row is a query, its weights add up to 1, to less where a sink takes a share, or to 0 where it may see no key.")
                   .arg(subjectName)
             : QObject::tr("%1: each row is a query. %2.").arg(subjectName, reading),
         QObject::tr("Input: %1.").arg(subject.input),
         subject.targetInput.isEmpty() ? QString() : QObject::tr("Target input: %1.").arg(subject.targetInput)});
}

}  // namespace lab
