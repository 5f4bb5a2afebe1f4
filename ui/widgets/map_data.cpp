#include "ui/widgets/map_data.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr QRgb transparentPixel = 0;

/// Half-open range of cells that pixel `pixel` of `pixels` shows.
std::pair<int, int> cellsOf(int pixel, int pixels, int cells) {
    const auto at = [&](int p) { return static_cast<int>(static_cast<std::int64_t>(p) * cells / pixels); };
    return {at(pixel), std::max(at(pixel + 1), at(pixel) + 1)};
}

QRgb strongest(const MapData& data, const ColorScaling& scaling, std::pair<int, int> rows, std::pair<int, int> columns) {
    float best = 0.0F;
    bool any = false;
    for (int row = rows.first; row < rows.second; ++row)
        for (int column = columns.first; column < columns.second; ++column) {
            if (data.masked(row, column)) continue;
            const float value = data.value(row, column);
            if (!any || std::abs(value) > std::abs(best)) best = value;
            any = true;
        }
    return any ? scaling.color(best) | 0xFF000000U : transparentPixel;
}

bool hasMasked(const MapData& data) {
    for (int row = 0; row < data.rows; ++row)
        for (int column = 0; column < data.columns; ++column)
            if (data.masked(row, column)) return true;
    return false;
}

}  // namespace

QImage mapImage(const MapData& data, const ColorScaling& scaling, QSize atMost) {
    const int width = std::max(1, std::min(data.columns, atMost.width()));
    const int height = std::max(1, std::min(data.rows, atMost.height()));
    // A fully opaque picture draws fastest as RGB32.
    QImage image(width, height, hasMasked(data) ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const auto rows = cellsOf(y, height, data.rows);
        for (int x = 0; x < width; ++x) line[x] = strongest(data, scaling, rows, cellsOf(x, width, data.columns));
    }
    return image;
}

double snappedCell(double exact, double dots) {
    const double whole = std::floor(exact * dots) / dots;
    return whole >= 0.8 * exact ? whole : exact;
}

void MapPicture::set(const MapData& data, const ColorScaling& scaling) {
    if (data == m_data && scaling == m_scaling) return;
    m_data = data;
    m_scaling = scaling;
    m_image = {};
}

void MapPicture::paint(QPainter& painter, const QRectF& rect) const {
    if (m_data.empty()) return;
    const double dots = painter.device()->devicePixelRatioF();
    const QSize atMost = QSizeF(rect.width() * dots, rect.height() * dots).toSize();
    const bool dark = Theme::instance().dark();
    if (m_image.isNull() || m_imageFor != atMost || m_imageDark != dark) {
        m_image = mapImage(m_data, m_scaling, atMost);
        m_imageFor = atMost;
        m_imageDark = dark;
    }
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    if (m_image.hasAlphaChannel()) drawHatch(painter, rect);
    painter.drawImage(rect, m_image);
    painter.restore();
}

}  // namespace lab
