#include "ui/pages/memory/vector_paint.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/paint.h"

namespace lab {

VectorForm formOf(int dimension) {
    VectorForm form;
    form.columns = std::max(1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(dimension)) - 1e-9)));
    form.rows = std::max(1, (dimension + form.columns - 1) / form.columns);
    return form;
}

QRectF paintVector(QPainter& painter, const QRectF& room, const std::vector<double>& values, const VectorForm& form) {
    const double dot = devicePixel(painter);
    const double wished = std::min(room.width() / form.columns, room.height() / form.rows);
    const double cell = wished >= dot ? std::floor(wished / dot + 1e-6) * dot : wished;
    const auto snapped = [dot](double at) { return std::floor(at / dot + 1e-6) * dot; };
    const QSizeF size(cell * form.columns, cell * form.rows);
    const QRectF place(QPointF(snapped(room.center().x() - size.width() / 2), snapped(room.center().y() - size.height() / 2)), size);
    const Theme& theme = Theme::instance();
    painter.fillRect(place, theme.color(Role::screen));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto row = static_cast<double>(i / static_cast<std::size_t>(form.columns));
        const auto column = static_cast<double>(i % static_cast<std::size_t>(form.columns));
        const QRectF pixel(place.left() + column * cell, place.top() + row * cell, cell, cell);
        if (form.picture && values[i] <= 0) continue;
        painter.fillRect(pixel, form.picture ? theme.color(Role::series1) : QColor::fromRgb(form.scaling.color(values[i])));
    }
    drawFrame(painter, place.adjusted(-dot, -dot, dot, dot), 0, theme.color(Role::controlBorder));
    return place;
}

}  // namespace lab
