#include "ui/widgets/map/map_data.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr QRgb transparentPixel = 0;
constexpr std::size_t mostLevels = 8;
constexpr int mapDataHatchPeriod = 8, mapDataHatchLine = 3;  // logical px at 100 %

constexpr double faintShare = 0.45;  ///< of its colour that a faint cell keeps (LOOK2.md 2)

QRgb faintOn(QRgb ground, QRgb color) {
    const auto mix = [](int from, int to) { return static_cast<int>(std::lround(from + faintShare * (to - from))); };
    return qRgb(mix(qRed(ground), qRed(color)), mix(qGreen(ground), qGreen(color)), mix(qBlue(ground), qBlue(color)));
}

/// Lets the dots of faint cells, of which each stands for factor x factor, step back.
void paintFaint(QImage& image, const MapFaint& faint, int factor) {
    const QRgb ground = Theme::instance().color(Role::screen).rgb();
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < image.width(); ++x)
            if (line[x] != transparentPixel && faint.at(y * factor, x * factor)) line[x] = faintOn(ground, line[x]);
    }
}

/// One period of the hatch of LOOK.md 4: to be laid side by side, much faster than its lines over a large map.
QPixmap hatchTile(double dots) {
    const Theme& theme = Theme::instance();
    const int side = std::max(4, static_cast<int>(std::lround(theme.px(mapDataHatchPeriod) * dots)));
    QPixmap tile(side, side);
    tile.fill(theme.color(Role::screen));
    QPainter painter(&tile);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(theme.color(Role::hairline), theme.px(mapDataHatchLine) * dots));
    for (int x = -side; x <= side; x += side) painter.drawLine(QPointF(x - side, 2 * side), QPointF(x + 2 * side, -side));
    tile.setDevicePixelRatio(dots);
    return tile;
}

}  // namespace

QRgb cellColor(const MapData& data, const ColorScaling& scaling, int row, int column) {
    const QRgb color = scaling.color(data.value(row, column));
    return data.faint && data.faint->at(row, column) ? faintOn(Theme::instance().color(Role::screen).rgb(), color) : color;
}

QImage mapImage(const MapData& data, const ColorScaling& scaling, int factor, Pooling pooling) {
    if (data.empty()) return {};
    const PooledMap cells = pooled(data.values.get(), data.allowedScores.get(), data.rows, data.columns, factor, pooling);
    const bool holes = std::any_of(cells.values.begin(), cells.values.end(), [](float value) { return std::isinf(value); });
    // A fully opaque picture draws fastest as RGB32.
    QImage image(cells.columns, cells.rows, holes ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32);
    const ColorMap& colors = ColorMap::themed(scaling.kind);
    const float* value = cells.values.data();
    for (int y = 0; y < cells.rows; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < cells.columns; ++x, ++value)
            line[x] = std::isinf(*value) ? transparentPixel : colors.color(scaling.position(*value)) | 0xFF000000U;
    }
    if (data.faint) paintFaint(image, *data.faint, factor);
    return image;
}

int poolingFactor(double dots) {
    constexpr double almost = 1e-6;
    return dots > 0.0 ? std::max(1, static_cast<int>(std::ceil(1.0 / dots - almost))) : 1;
}

double snappedCell(double exact, double dots) {
    const double whole = std::floor(exact * dots) / dots;
    return whole >= 0.8 * exact ? whole : exact;
}

void MapPicture::set(const MapData& data, const ColorScaling& scaling) {
    if (data == m_data && scaling == m_scaling) return;
    m_data = data;
    m_scaling = scaling;
    m_levels.clear();
}

void MapPicture::setPooling(Pooling pooling) {
    if (pooling == m_pooling) return;
    m_pooling = pooling;
    m_levels.clear();
}

const QImage& MapPicture::level(int factor) const {
    const bool dark = Theme::instance().dark();
    if (m_dark != dark || m_levels.size() > mostLevels) m_levels.clear();
    if (m_dark != dark) m_hatch = {};
    m_dark = dark;
    auto found = m_levels.find(factor);
    if (found == m_levels.end()) found = m_levels.emplace(factor, mapImage(m_data, m_scaling, factor, m_pooling)).first;
    return found->second;
}

void MapPicture::paint(QPainter& painter, const QRectF& rect) const {
    paintPart(painter, rect, QRectF(0, 0, m_data.columns, m_data.rows));
}

void MapPicture::paintPart(QPainter& painter, const QRectF& rect, const QRectF& cells) const {
    if (m_data.empty() || cells.isEmpty()) return;
    const double width = rect.width() / cells.width(), height = rect.height() / cells.height();
    const int factor = poolingFactor(std::min(width, height) * painter.device()->devicePixelRatioF());
    const QImage& image = level(factor);
    // Whole dots of the picture: the clip cuts off what reaches beyond the part.
    const int left = static_cast<int>(std::floor(cells.left() / factor)), top = static_cast<int>(std::floor(cells.top() / factor));
    const int right = std::min(image.width(), static_cast<int>(std::ceil(cells.right() / factor)));
    const int bottom = std::min(image.height(), static_cast<int>(std::ceil(cells.bottom() / factor)));
    const QRectF source(left, top, right - left, bottom - top);
    const QRectF target(rect.left() + (left * factor - cells.left()) * width, rect.top() + (top * factor - cells.top()) * height,
                        source.width() * factor * width, source.height() * factor * height);
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    if (image.hasAlphaChannel() && m_hatched) {
        const double dots = painter.device()->devicePixelRatioF();
        const double scale = Theme::instance().scale();
        if (m_hatch.isNull() || m_hatchScale != scale * dots) m_hatch = hatchTile(dots);
        m_hatchScale = scale * dots;
        painter.drawTiledPixmap(rect, m_hatch);
    }
    painter.drawImage(target, image, source);
    painter.restore();
}

}  // namespace lab
