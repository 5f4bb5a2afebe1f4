#include "ui/scenes/line_picture.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/format.h"
#include "ui/widgets/map/map_figure.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int headRoom = 32;  // "query", "key"
constexpr int indexGap = 6, lineGap = 6, longestToken = 72, leastToken = 14, labelPitch = 14;
constexpr double thinnest = 0.75, thickest = 5.0, reach = 5.0;
constexpr std::size_t mostLines = 600;
constexpr float leastWeight = 0.01F;  ///< thinner ones could not be seen
constexpr double unlitShare = 0.18;
constexpr double figureWidth = 480;

struct LinePictureWords {
    Q_DECLARE_TR_FUNCTIONS(LinePicture)
};

QRectF linesRoom(const QRectF& room, double left, double right) {
    return {QPointF(room.left() + left, room.top() + Theme::instance().px(headRoom)), QPointF(room.right() - right, room.bottom())};
}

double pitch(const QRectF& room, int count) {
    return (room.height() - Theme::instance().px(headRoom)) / std::max(count, 1);
}

double widthOf(float weight) {
    return Theme::instance().scale() * (thinnest + (thickest - thinnest) * std::clamp(std::abs(static_cast<double>(weight)), 0.0, 1.0));
}

bool lit(const MapLight& light, int row, int column) {
    if (light.axis == MapLight::Axis::none) return true;
    return light.axis == MapLight::Axis::row ? row == light.index : column == light.index;
}

}  // namespace

void LinePicture::set(const MapData& weights, const std::vector<QString>& queries, const std::vector<QString>& keys) {
    m_queries = queries;
    m_keys = keys;
    if (weights == m_weights) return;
    m_weights = weights;
    m_strongest.clear();
    m_omits = false;
    if (weights.empty()) return;
    m_strongest = strongestCells(weights.values.get(), weights.rows, weights.columns, mostLines + 1, leastWeight);
    m_omits = m_strongest.size() > mostLines;
    if (m_omits) m_strongest.erase(m_strongest.begin());
}

QString LinePicture::omission() const {
    if (!m_omits) return {};
    const auto all = static_cast<std::int64_t>(m_weights.rows) * m_weights.columns;
    return LinePictureWords::tr("the %1 strongest of %2 weights").arg(mostLines).arg(grouped(all));
}

/// Index and token.
double LinePicture::tokenColumn(const std::vector<QString>& tokens, int count) const {
    const Theme& theme = Theme::instance();
    int widest = theme.px(leastToken);
    for (const QString& token : tokens) widest = std::max(widest, textWidth(theme.font(TextSize::text, true), token));
    const int index = textWidth(theme.font(TextSize::caption), QString::number(std::max(count - 1, 0)));
    return index + theme.px(indexGap) + std::min(widest, theme.px(longestToken)) + theme.px(lineGap);
}

double LinePicture::queryY(const QRectF& room, double query) const {
    return room.top() + Theme::instance().px(headRoom) + (query + 0.5) * pitch(room, m_weights.rows);
}

double LinePicture::keyY(const QRectF& room, double key) const {
    return room.top() + Theme::instance().px(headRoom) + (key + 0.5) * pitch(room, m_weights.columns);
}

QPointF LinePicture::lineStart(const QRectF& room, int query) const {
    return {room.left() + tokenColumn(m_queries, m_weights.rows), queryY(room, query)};
}

QPointF LinePicture::lineEnd(const QRectF& room, int key) const {
    return {room.right() - tokenColumn(m_keys, m_weights.columns), keyY(room, key)};
}

/// All lines of what is lit; else the strongest of all.
std::vector<StrongCell> LinePicture::linesFor(const MapLight& light) const {
    if (!m_omits || light.axis == MapLight::Axis::none) return m_strongest;
    std::vector<StrongCell> lines;
    const bool row = light.axis == MapLight::Axis::row;
    for (int i = 0; i < (row ? m_weights.columns : m_weights.rows); ++i) {
        const StrongCell cell{row ? light.index : i, row ? i : light.index,
                              row ? m_weights.value(light.index, i) : m_weights.value(i, light.index)};
        if (cell.value >= leastWeight) lines.push_back(cell);
    }
    return lines;
}

MapCell LinePicture::cellAt(const QRectF& room, const QPointF& position, const MapLight& light) const {
    const QRectF between = linesRoom(room, tokenColumn(m_queries, m_weights.rows), tokenColumn(m_keys, m_weights.columns));
    if (m_weights.empty() || !between.contains(position)) return {};
    MapCell found;
    for (const StrongCell& line : linesFor(light)) {  // the strongest comes last
        if (!lit(light, line.row, line.column)) continue;
        const QPointF from = lineStart(room, line.row), to = lineEnd(room, line.column);
        const double share = (position.x() - from.x()) / std::max(to.x() - from.x(), 1.0);
        const double slant = std::hypot(1.0, (to.y() - from.y()) / std::max(to.x() - from.x(), 1.0));
        if (std::abs(position.y() - (from.y() + share * (to.y() - from.y()))) / slant <= reach * Theme::instance().scale())
            found = {line.row, line.column};
    }
    return found;
}

MapLight LinePicture::tokenAt(const QRectF& room, const QPointF& position) const {
    if (m_weights.empty() || position.y() < room.top() + Theme::instance().px(headRoom) || position.y() >= room.bottom()) return {};
    const double down = position.y() - room.top() - Theme::instance().px(headRoom);
    if (position.x() < room.left() + tokenColumn(m_queries, m_weights.rows))
        return {MapLight::Axis::row, std::clamp(static_cast<int>(down / pitch(room, m_weights.rows)), 0, m_weights.rows - 1)};
    if (position.x() > room.right() - tokenColumn(m_keys, m_weights.columns))
        return {MapLight::Axis::column, std::clamp(static_cast<int>(down / pitch(room, m_weights.columns)), 0, m_weights.columns - 1)};
    return {};
}

void LinePicture::paintTokens(QPainter& painter, const QRectF& room, MapCell shown, const MapLight& light) const {
    const Theme& theme = Theme::instance();
    const auto side = [&](const std::vector<QString>& tokens, int count, bool left, int inHand, MapLight::Axis axis) {
        const double column = tokenColumn(tokens, count) - theme.px(lineGap), height = pitch(room, count);
        const double indexWidth = textWidth(theme.font(TextSize::caption), QString::number(std::max(count - 1, 0)));
        const int step = std::max(1, static_cast<int>(std::ceil(theme.px(labelPitch) / height)));
        for (int i = 0; i < count; ++i) {
            const bool chosen = i == inHand || (light.axis == axis && light.index == i);
            if (!chosen && (i % step != 0 || (inHand >= 0 && std::abs(i - inHand) < step))) continue;
            const double y = left ? queryY(room, i) : keyY(room, i), x = left ? room.left() : room.right() - column;
            const QRectF index(left ? x : x + column - indexWidth, y - theme.px(9), indexWidth, theme.px(18));
            const double token = column - indexWidth - theme.px(indexGap);
            const QRectF word(left ? x + indexWidth + theme.px(indexGap) : x, y - theme.px(9), token, theme.px(18));
            painter.setPen(theme.color(chosen ? Role::accent : Role::muted));
            painter.setFont(theme.font(TextSize::caption));
            painter.drawText(index, Qt::AlignVCenter | (left ? Qt::AlignRight : Qt::AlignLeft), QString::number(i));
            if (static_cast<std::size_t>(i) >= tokens.size()) continue;
            painter.setPen(theme.color(chosen ? Role::accent : Role::text));
            const QFont font = theme.font(height >= theme.px(18) ? TextSize::text : TextSize::caption, chosen);
            painter.setFont(font);
            drawElided(painter, word, left ? Qt::AlignRight : Qt::AlignLeft, tokens[static_cast<std::size_t>(i)]);
        }
    };
    side(m_queries, m_weights.rows, true, shown.row, MapLight::Axis::row);
    side(m_keys, m_weights.columns, false, shown.column, MapLight::Axis::column);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const QRectF head(room.left(), room.top(), room.width(), theme.px(headRoom) - theme.px(8));
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, LinePictureWords::tr("query i"));
    painter.drawText(head, Qt::AlignRight | Qt::AlignVCenter, LinePictureWords::tr("key j"));
}

void LinePicture::paint(QPainter& painter, const QRectF& room, MapCell shown, const MapLight& light) const {
    if (m_weights.empty()) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    const ColorMap& colors = ColorMap::themed(ColorMap::Kind::trace);
    const auto draw = [&](int row, int column, const QColor& color, double width) {
        painter.setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(lineStart(room, row), lineEnd(room, column));
    };
    const auto color = [&](float weight, bool full) {
        QColor result = QColor::fromRgb(colors.color(weight));
        if (!full) result.setAlphaF(static_cast<float>(unlitShare));
        return result;
    };
    const std::vector<StrongCell> lines = linesFor(light);
    for (const bool full : {false, true})
        for (const StrongCell& line : lines)
            if (lit(light, line.row, line.column) == full) draw(line.row, line.column, color(line.value, full), widthOf(line.value));
    if (m_weights.contains(shown.row, shown.column) && !m_weights.masked(shown.row, shown.column)) {
        const float weight = m_weights.value(shown.row, shown.column);
        draw(shown.row, shown.column, Theme::instance().color(Role::fill), widthOf(weight) + 2 * Theme::instance().scale());
        draw(shown.row, shown.column, color(weight, true), widthOf(weight));
    }
    painter.restore();
    paintTokens(painter, room, shown, light);
}

double LineFigure::height() const {
    return headRoom + std::clamp(std::max(picture.weights().rows, picture.weights().columns) * 22.0, 160.0, 900.0);
}

QSizeF LineFigure::bodySize(double width) const {
    return {width > 0 ? std::min(width, figureWidth) : figureWidth, 24 + height() + 20 + figureScaleHeight};
}

void LineFigure::paintBody(QPainter& painter, double width) const {
    const double wide = bodySize(width).width();
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::axis, true));
    painter.setPen(theme.color(Role::text));
    painter.drawText(QRectF(0, 0, wide, 22), Qt::AlignLeft | Qt::AlignVCenter, head);
    picture.paint(painter, QRectF(0, 24, wide, height()), {}, {});
    const QString omission = picture.omission();
    const QPointF at(0, 24 + height() + 20);
    ColorScaling scaling;
    paintFigureScale(painter, at, scaling,
                     omission.isEmpty() ? LinePictureWords::tr("weight") : LinePictureWords::tr("weight: %1").arg(omission), wide);
}

}  // namespace lab
