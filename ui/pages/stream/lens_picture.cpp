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
constexpr double leastCellWidth = 46, mostCellWidth = 110, leastCellHeight = 20, mostCellHeight = 36, twoLines = 32, bar = 3;
constexpr int mostLayersInWords = 12;  ///< cells of deeper models are low, their numbers alone stand in them

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
    if (isLow(scene)) {
        painter.setFont(theme.font(TextSize::caption));
        drawElided(painter, inner, Qt::AlignHCenter, number.isEmpty() ? scene.text(row, column) : number);
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

void paintHead(QPainter& painter, const LensScene& scene, const LensLayout& layout, MapCell chosen) {
    const Theme& theme = Theme::instance();
    const double right = layout.left - theme.px(labelGap);
    const auto caption = [&](const QRectF& room, const QString& text) {
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        drawElided(painter, room, Qt::AlignRight, text);
    };
    caption(QRectF(0, 0, right, theme.px(indexHeight)), LensPictureText::tr("position"));
    caption(QRectF(0, theme.px(indexHeight), right, layout.top - theme.px(indexHeight)), LensPictureText::tr("token"));
    painter.save();
    painter.setClipRect(QRectF(layout.left, 0, layout.room.width(), layout.top));
    for (int column = 0; column < scene.columns(); ++column) {
        const QRectF cell = layout.cellRect(scene, {0, column});
        if (cell.right() < layout.left || cell.left() > layout.left + layout.room.width()) continue;
        const bool inHand = column == chosen.column;
        painter.setFont(theme.font(TextSize::caption, inHand));
        painter.setPen(theme.color(inHand ? Role::accent : Role::muted));
        drawElided(painter, QRectF(cell.left(), 0, cell.width(), theme.px(indexHeight)), Qt::AlignHCenter, QString::number(column));
        painter.setFont(theme.font(TextSize::token, inHand));
        painter.setPen(theme.color(inHand ? Role::accent : Role::text));
        drawElided(painter, QRectF(cell.left(), theme.px(indexHeight), cell.width() - 2, layout.top - theme.px(indexHeight)),
                   Qt::AlignHCenter, bareToken(scene.tokens.value(column)));
    }
    painter.restore();
}

void paintRowNames(QPainter& painter, const LensScene& scene, const LensLayout& layout, MapCell chosen) {
    const Theme& theme = Theme::instance();
    painter.save();
    painter.setClipRect(QRectF(0, layout.top, layout.left, layout.room.height()));
    for (int row = 0; row < scene.rowCount(); ++row) {
        const QRectF cell = layout.cellRect(scene, {row, 0});
        const bool strong = row == chosen.row || row + 1 == scene.rowCount();
        painter.setFont(theme.font(TextSize::axis, strong));
        painter.setPen(theme.color(row == chosen.row ? Role::accent : strong ? Role::text : Role::muted));
        drawElided(painter, QRectF(0, cell.top(), layout.left - theme.px(labelGap), cell.height() - 1), Qt::AlignRight,
                   scene.rowNames.value(row));
    }
    painter.restore();
}

void paintHand(QPainter& painter, const LensScene& scene, const LensLayout& layout, MapCell chosen, MapCell hovered) {
    const Theme& theme = Theme::instance();
    painter.setBrush(Qt::NoBrush);
    if (scene.contains(chosen.row, chosen.column)) {
        const QRectF cell = layout.cellRect(scene, chosen).adjusted(0, 0, -1, -1);
        const QSizeF whole = layout.whole(scene);
        const double x = layout.left - layout.offset.x(), y = layout.top - layout.offset.y();
        painter.setPen(QPen(theme.color(Role::text), 1, Qt::DashLine));
        painter.drawRect(QRectF(cell.left() - 0.5, y - 0.5, cell.width() + 0.5, whole.height()));
        painter.drawRect(QRectF(x - 0.5, cell.top() - 0.5, whole.width(), cell.height() + 0.5));
        drawFrame(painter, cell.adjusted(-1, -1, 1, 1), 0, theme.color(Role::fill), Qt::transparent, theme.px(3));
        drawFrame(painter, cell.adjusted(2, 2, -2, -2), 0, theme.color(Role::onFill));
    }
    if (!scene.contains(hovered.row, hovered.column) || hovered == chosen) return;
    painter.setPen(QPen(theme.color(Role::text), theme.px(2)));
    painter.drawRect(layout.cellRect(scene, hovered).adjusted(1, 1, -2, -2));
}

}  // namespace

QRectF LensLayout::cellRect(const LensScene& scene, MapCell at) const {
    const double gap = at.row + 1 == scene.rowCount() ? lastGap : 0;
    return {left + at.column * cell.width() - offset.x(), top + at.row * cell.height() + gap - offset.y(), cell.width(), cell.height()};
}

QSizeF LensLayout::whole(const LensScene& scene) const {
    return {cell.width() * scene.columns(), cell.height() * scene.rowCount() + lastGap};
}

MapCell LensLayout::cellAt(const LensScene& scene, const QPointF& position) const {
    if (cell.isEmpty() || !QRectF(QPointF(left, top), room).contains(position)) return {};
    const QPointF inside = position - QPointF(left, top) + offset;
    const double last = cell.height() * (scene.rowCount() - 1);
    const int row = inside.y() >= last ? scene.rowCount() - 1 : static_cast<int>(inside.y() / cell.height());
    const MapCell found{row, static_cast<int>(inside.x() / cell.width())};
    return scene.contains(found.row, found.column) ? found : MapCell();
}

LensLayout layoutOf(const LensScene& scene, const QSizeF& room) {
    const Theme& theme = Theme::instance();
    LensLayout layout;
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
    const QSizeF whole = layout.whole(scene);
    layout.room = {std::min(whole.width(), std::max(room.width() - layout.left, 0.0)),
                   std::min(whole.height(), std::max(room.height() - layout.top, 0.0))};
    return layout;
}

void paintLens(QPainter& painter, const LensScene& scene, const LensLayout& layout, MapCell chosen, MapCell hovered) {
    if (scene.empty()) return;
    paintHead(painter, scene, layout, chosen);
    paintRowNames(painter, scene, layout, chosen);
    const QRectF room(QPointF(layout.left, layout.top), layout.room);
    painter.save();
    painter.setClipRect(room.adjusted(-1, -1, 1, 1));
    for (int row = 0; row < scene.rowCount(); ++row)
        for (int column = 0; column < scene.columns(); ++column) {
            const QRectF cell = layout.cellRect(scene, {row, column});
            if (cell.intersects(room)) paintCell(painter, scene, cell, row, column);
        }
    if (scene.rowCount() > 1) {
        const QRectF last = layout.cellRect(scene, {scene.rowCount() - 1, 0});
        const double y = last.top() - layout.lastGap / 2 - 0.5;
        drawHairline(painter, {layout.left, y}, {layout.left + layout.room.width(), y}, Theme::instance().color(Role::text));
    }
    paintHand(painter, scene, layout, chosen, hovered);
    painter.restore();
}

QSizeF LensFigure::bodySize(double width) const {
    const LensLayout layout = layoutOf(scene, {width > 0 ? width : 900.0, 0});
    const QSizeF cells(layout.cell.width(), isLow(scene) ? leastCellHeight : mostCellHeight);
    return {layout.left + cells.width() * scene.columns() + 4,
            layout.top + cells.height() * scene.rowCount() + layout.lastGap + figureScaleHeight + 30};
}

void LensFigure::paintBody(QPainter& painter, double width) const {
    const QSizeF size = bodySize(width);
    const double scaleTop = size.height() - figureScaleHeight - 18;
    const LensLayout layout = layoutOf(scene, {size.width(), scaleTop - 8});
    paintLens(painter, scene, layout, {}, {});
    paintFigureScale(painter, {layout.left, scaleTop}, scene.scaling(), scene.quantity(), std::min(300.0, size.width() - layout.left));
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(layout.left, size.height() - 18, size.width(), 18), Qt::AlignLeft | Qt::AlignVCenter,
                     LensPictureText::tr("Line at a cell's foot: already the final answer. %1").arg(check));
}

}  // namespace lab
