#include "ui/pages/stream/lens_picture.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "ui/widgets/map/map_figure.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

struct LensPictureText {
    Q_DECLARE_TR_FUNCTIONS(lab::LensPictureText)
};

// Logical px at 100 %.
constexpr double headHeight = 42, indexHeight = 18, labelGap = 10, leastLabel = 66, cellPad = 5;
constexpr double leastCellWidth = 46, mostCellWidth = 110, leastCellHeight = 20, mostCellHeight = 36, twoLines = 32, bothWidth = 70,
                 bar = 3;
constexpr int mostLayersInWords = 12;  ///< cells of deeper models are low, and where they are narrow no number stands beside the token

bool isLow(const LensScene& scene) {
    return !scene.empty() && scene.lens->states.places.back().layer >= mostLayersInWords;
}

void paintCell(QPainter& painter, const LensScene& scene, const QRectF& cell, int row, int column) {
    const Theme& theme = Theme::instance();
    const QRgb ground = scene.scaling().color(scene.value(row, column));
    const QRectF box = cell.adjusted(0, 0, -1, -1);
    painter.fillRect(box, QColor(ground));
    painter.setPen(ColorMap::ink(ground));
    const QRectF inner = box.adjusted(theme.px(cellPad), 0, -theme.px(cellPad), 0);
    const QString number = scene.number(row, column);
    if (isLow(scene) && cell.width() < theme.px(bothWidth)) {
        painter.setFont(theme.font(TextSize::caption));
        drawElided(painter, box.adjusted(1, 0, -1, 0), Qt::AlignHCenter, scene.text(row, column));
    } else if (cell.height() >= theme.px(twoLines)) {
        painter.setFont(theme.font(TextSize::text, true));
        drawElided(painter, QRectF(inner.topLeft(), QSizeF(inner.width(), inner.height() / 2 + theme.px(1))), Qt::AlignLeft,
                   scene.text(row, column));
        painter.setFont(theme.font(TextSize::axis));
        drawElided(painter, inner.adjusted(0, inner.height() / 2 - theme.px(2), 0, -theme.px(1)), Qt::AlignRight, number);
    } else {
        const QFont small = theme.font(TextSize::caption);
        const double taken = number.isEmpty() ? 0 : textAdvance(small, number) + theme.px(3);
        painter.setFont(theme.font(TextSize::axis, true));
        drawElided(painter, inner.adjusted(0, 0, -taken, 0), Qt::AlignLeft, scene.text(row, column));
        painter.setFont(small);
        drawElided(painter, inner.adjusted(inner.width() - taken, 0, 0, 0), Qt::AlignRight, number);
    }
    if (row + 1 < scene.rowCount() && scene.at(row, column).final)
        painter.fillRect(QRectF(box.left(), box.bottom() - theme.px(bar), box.width(), theme.px(bar)), theme.color(Role::text));
}

void paintHead(QPainter& painter, const LensScene& scene, const CellLayout& layout, MapCell chosen) {
    const Theme& theme = Theme::instance();
    const double right = layout.left - theme.px(labelGap), index = theme.px(indexHeight);
    const auto caption = [&](const QRectF& room, const QString& text) {
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        drawElided(painter, room, Qt::AlignRight, text);
    };
    caption(QRectF(0, 0, right, index), LensPictureText::tr("position"));
    caption(QRectF(0, index, right, layout.top - index), LensPictureText::tr("token"));
    layout.eachColumn(painter, layout.top, [&](const QRectF& cell, int column) {
        const bool inHand = column == chosen.column;
        painter.setFont(theme.font(TextSize::caption, inHand));
        painter.setPen(theme.color(inHand ? Role::accent : Role::muted));
        drawElided(painter, QRectF(cell.left(), 0, cell.width(), index), Qt::AlignHCenter, QString::number(column));
        painter.setFont(theme.font(TextSize::token, inHand));
        painter.setPen(theme.color(inHand ? Role::accent : Role::text));
        drawElided(painter, QRectF(cell.left(), index, cell.width() - 2, layout.top - index), Qt::AlignHCenter,
                   bareToken(scene.tokens.value(column)));
    });
}

void paintRowNames(QPainter& painter, const LensScene& scene, const CellLayout& layout, MapCell chosen) {
    const Theme& theme = Theme::instance();
    layout.eachRow(painter, [&](const QRectF& cell, int row) {
        const bool strong = row == chosen.row || row + 1 == scene.rowCount();
        painter.setFont(theme.font(TextSize::axis, strong));
        painter.setPen(theme.color(row == chosen.row ? Role::accent : strong ? Role::text : Role::muted));
        drawElided(painter, QRectF(0, cell.top(), layout.left - theme.px(labelGap), cell.height() - 1), Qt::AlignRight,
                   scene.rowNames.value(row));
    });
}

}  // namespace

CellLayout lensLayout(const LensScene& scene, const QSizeF& room) {
    const Theme& theme = Theme::instance();
    CellLayout layout;
    layout.rows = scene.rowCount();
    layout.columns = scene.columns();
    double label = theme.px(leastLabel);
    for (const QString& name : scene.rowNames) label = std::max(label, textAdvance(theme.font(TextSize::axis, true), name));
    layout.left = std::ceil(label) + theme.px(labelGap + 4);
    layout.top = theme.px(headHeight);
    layout.lastGap = theme.px(4);
    const double across = (room.width() - layout.left - 2) / std::max(scene.columns(), 1);
    const double down = (room.height() - layout.top - layout.lastGap - 2) / std::max(scene.rowCount(), 1);
    layout.cell = {
        std::floor(std::clamp<double>(across, theme.px(leastCellWidth), theme.px(mostCellWidth))),
        std::floor(std::clamp<double>(down, theme.px(leastCellHeight), theme.px(isLow(scene) ? leastCellHeight : mostCellHeight)))};
    const QSizeF whole = layout.whole();
    layout.room = {std::min(whole.width(), std::max(room.width() - layout.left, 0.0)),
                   std::min(whole.height(), std::max(room.height() - layout.top, 0.0))};
    return layout;
}

void paintLens(QPainter& painter, const LensScene& scene, const CellLayout& layout, MapCell chosen, MapCell hovered) {
    if (scene.empty()) return;
    paintHead(painter, scene, layout, chosen);
    paintRowNames(painter, scene, layout, chosen);
    layout.eachCell(painter, [&](const QRectF& cell, MapCell at) { paintCell(painter, scene, cell, at.row, at.column); });
    layout.paintPins(painter);
    layout.paintHand(painter, chosen, hovered);
}

QSizeF LensFigure::bodySize(double width) const {
    const CellLayout layout = lensLayout(scene, {width > 0 ? width : 900.0, 0});
    const QSizeF cells(layout.cell.width(), isLow(scene) ? leastCellHeight : mostCellHeight);
    return {layout.left + cells.width() * scene.columns() + 4,
            layout.top + cells.height() * scene.rowCount() + layout.lastGap + figureScaleHeight + 30};
}

void LensFigure::paintBody(QPainter& painter, double width) const {
    const QSizeF size = bodySize(width);
    const double scaleTop = size.height() - figureScaleHeight - 18;
    const CellLayout layout = lensLayout(scene, {size.width(), scaleTop - 8});
    paintLens(painter, scene, layout, {}, {});
    paintFigureScale(painter, {layout.left, scaleTop}, scene.scaling(), scene.quantity(), std::min(300.0, size.width() - layout.left));
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(layout.left, size.height() - 18, size.width(), 18), Qt::AlignLeft | Qt::AlignVCenter,
                     LensPictureText::tr("Line at a cell's foot: already the final answer. %1").arg(check));
}

}  // namespace lab
