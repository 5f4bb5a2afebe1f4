#include "ui/widgets/map_figure.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/color_scale.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double margin = 16, gap = 20;
constexpr double titleHeight = 28, panelTitleHeight = 22;
constexpr double axisNameHeight = 18, labelHeight = 16, labelGap = 4;
constexpr double scaleWidth = 240, scaleHeight = 34;
constexpr double smallestFigure = 360;
constexpr double numberSide = 30;  // cells at least this wide carry their numbers

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
    return axisNameHeight + widest(panel.rowLabels) + labelGap;
}

void paintNumbers(QPainter& painter, const QRectF& map, const MapData& data, const ColorScaling& scaling) {
    const double width = map.width() / data.columns, height = map.height() / data.rows;
    painter.setFont(fontOf(TextSize::caption));
    for (int row = 0; row < data.rows; ++row)
        for (int column = 0; column < data.columns; ++column) {
            if (data.masked(row, column)) continue;
            const double value = data.value(row, column);
            painter.setPen(ColorMap::ink(scaling.color(value)));
            painter.drawText(QRectF(map.left() + column * width, map.top() + row * height, width, height), Qt::AlignCenter,
                             cellNumber(value));
        }
}

void paintLabels(QPainter& painter, const QRectF& map, const MapPanel& panel) {
    const double width = map.width() / panel.data.columns, height = map.height() / panel.data.rows;
    painter.setFont(fontOf(TextSize::caption));
    painter.setPen(Theme::instance().color(Role::text));
    for (int row = 0; row < panel.rowLabels.size(); row += labelStride(height, labelHeight)) {
        const QRectF place(map.left() - labelGap - 200, map.top() + (row + 0.5) * height - labelHeight / 2, 200, labelHeight);
        painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter, panel.rowLabels[row]);
    }
    for (int column = 0; column < panel.columnLabels.size(); column += labelStride(width, widest(panel.columnLabels) + 2)) {
        const QRectF place(map.left() + (column + 0.5) * width - 100, map.bottom() + labelGap, 200, labelHeight);
        painter.drawText(place, Qt::AlignHCenter | Qt::AlignTop, panel.columnLabels[column]);
    }
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

QSizeF MapFigure::panelSize(const MapPanel& panel) const {
    const double cell = cellSide();
    return {leftOf(panel) + panel.data.columns * cell, panelTitleHeight + panel.data.rows * cell + labelGap + labelHeight + axisNameHeight};
}

QSizeF MapFigure::gridStep() const {
    QSizeF largest;
    for (const MapPanel& panel : panels) largest = largest.expandedTo(panelSize(panel));
    return largest + QSizeF(gap, gap);
}

double MapFigure::captionHeight(double width) const {
    const QFontMetricsF metrics(fontOf(TextSize::caption));
    return metrics.boundingRect(QRectF(0, 0, width, 10000), Qt::TextWordWrap, caption).height();
}

QSizeF MapFigure::size() const {
    const QSizeF step = gridStep();
    const int across = std::min(columns, static_cast<int>(panels.size()));
    const int rows = (static_cast<int>(panels.size()) + columns - 1) / columns;
    const double width = std::max(smallestFigure, across * step.width() - gap);
    return {2 * margin + width, 2 * margin + titleHeight + rows * step.height() + scaleHeight + captionHeight(width)};
}

void MapFigure::paintPanel(QPainter& painter, const MapPanel& panel, const QPointF& at) const {
    const double cell = cellSide();
    const QRectF map(at.x() + leftOf(panel), at.y() + panelTitleHeight, panel.data.columns * cell, panel.data.rows * cell);
    painter.setFont(fontOf(TextSize::axis, true));
    painter.setPen(Theme::instance().color(Role::text));
    painter.drawText(QRectF(map.left(), at.y(), map.width() + gap, panelTitleHeight), Qt::AlignLeft | Qt::AlignVCenter, panel.title);
    MapPicture picture;
    picture.set(panel.data, scaling);
    picture.paint(painter, map);
    drawFrame(painter, map, 0, Theme::instance().color(Role::hairline));
    if (cell >= numberSide) paintNumbers(painter, map, panel.data, scaling);
    paintLabels(painter, map, panel);
    paintAxisNames(painter, map, at.x());
}

void MapFigure::paintScale(QPainter& painter, const QPointF& at) const {
    ColorScaleBar bar;
    bar.setScaling(scaling);
    bar.setQuantity(quantity);
    bar.resize(static_cast<int>(scaleWidth), static_cast<int>(scaleHeight));
    painter.save();
    painter.translate(at);
    bar.render(&painter, QPoint(), QRegion(), QWidget::DrawChildren);
    painter.restore();
}

void MapFigure::paint(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QSizeF whole = size(), step = gridStep();
    painter.fillRect(QRectF(QPointF(), whole), theme.color(Role::screen));
    painter.setFont(fontOf(TextSize::token, true));
    painter.setPen(theme.color(Role::text));
    painter.drawText(QRectF(margin, margin, whole.width() - 2 * margin, titleHeight), Qt::AlignLeft | Qt::AlignTop, title);
    for (std::size_t i = 0; i < panels.size(); ++i) {
        const int row = static_cast<int>(i) / columns, column = static_cast<int>(i) % columns;
        paintPanel(painter, panels[i], {margin + column * step.width(), margin + titleHeight + row * step.height()});
    }
    const double width = whole.width() - 2 * margin, textHeight = captionHeight(width);
    paintScale(painter, {margin, whole.height() - margin - textHeight - scaleHeight});
    painter.setFont(fontOf(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(margin, whole.height() - margin - textHeight, width, textHeight), Qt::TextWordWrap, caption);
}

QImage MapFigure::image(double dots) const {
    const QSizeF logical = size();
    QImage image((logical * dots).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(dots);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    paint(painter);
    return image;
}

}  // namespace lab
