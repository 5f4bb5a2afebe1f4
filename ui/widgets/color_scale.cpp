#include "ui/widgets/color_scale.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %: room for the needle, the bar, the ticks.
constexpr int needleHeight = 7;
constexpr int colorScaleBarHeight = 10;
constexpr int tickHeight = 16;
constexpr int sideRoom = 14;

/// All ticks with the same decimals: as few as say the distance between them exactly, else two of its digits.
QString scaleTickText(double value, double distance) {
    constexpr int mostDecimals = 6;
    if (!(distance > 1e-5 && distance < 1e5)) return significant(value, 2);
    for (int decimals = 0; decimals <= 2; ++decimals) {
        const double scaled = distance * std::pow(10.0, decimals);
        if (std::abs(scaled - std::round(scaled)) < 1e-6) return fixed(value, decimals);
    }
    return fixed(value, std::clamp(1 - static_cast<int>(std::floor(std::log10(distance))), 0, mostDecimals));
}

}  // namespace

QString scaleText(double value, const ColorScaling& scaling) {
    const bool unit = scaling.low == 0.0 && scaling.high == 1.0;
    if (unit) return value == 0.0 ? QStringLiteral("0") : value == 1.0 ? QStringLiteral("1") : cellNumber(value, value == 0.5 ? 1 : 2);
    return scaleTickText(value, (scaling.high - scaling.low) / 4);
}

ColorScaleBar::ColorScaleBar(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describe();
}

void ColorScaleBar::setScaling(const ColorScaling& scaling) {
    if (scaling == m_scaling) return;
    m_scaling = scaling;
    describe();
}

void ColorScaleBar::setQuantity(const QString& quantity) {
    m_quantity = quantity;
    describe();
}

void ColorScaleBar::setNeedle(std::optional<double> value) {
    if (value == m_needle) return;
    m_needle = value;
    describe();
}

void ColorScaleBar::setSpan(int left, int width) {
    if (left == m_left && width == m_width) return;
    m_left = left;
    m_width = width;
    update();
}

void ColorScaleBar::describe() {
    describePicture(this,
                    tr("Colour scale of %1 from %2 to %3").arg(m_quantity, significant(m_scaling.low, 3), significant(m_scaling.high, 3)),
                    m_needle ? significant(*m_needle, 3) : QString());
    update();
}

QRect ColorScaleBar::barRect() const {
    const Theme& theme = Theme::instance();
    const int side = theme.px(sideRoom);
    const int left = m_width > 0 ? m_left : side;
    const int width = m_width > 0 ? m_width : QWidget::width() - 2 * side;
    return {left, theme.px(needleHeight), std::max(width, 1), theme.px(colorScaleBarHeight)};
}

QSize ColorScaleBar::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(240), theme.px(needleHeight + colorScaleBarHeight + tickHeight)};
}

QSize ColorScaleBar::minimumSizeHint() const {
    return {Theme::instance().px(120), sizeHint().height()};
}

void ColorScaleBar::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const QRect bar = barRect();
    QImage ramp(256, 1, QImage::Format_RGB32);
    const ColorMap& map = ColorMap::themed(m_scaling.kind);
    for (int i = 0; i < 256; ++i) ramp.setPixel(i, 0, map.color(i / 255.0));
    painter.drawImage(bar, ramp);
    drawFrame(painter, bar, 0, theme.color(Role::controlBorder));

    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    std::vector<QRectF> taken;
    for (int quarter : {2, 0, 4, 1, 3}) {  // what would touch a more telling one is left out
        const double share = quarter / 4.0;
        QString text = scaleText(m_scaling.low + share * (m_scaling.high - m_scaling.low), m_scaling);
        if (quarter == 2 && !m_quantity.isEmpty()) text.prepend(m_quantity + QLatin1Char(' '));
        const int half = textWidth(painter.font(), text) / 2 + 1;
        const double x = std::clamp(bar.left() + share * bar.width(), static_cast<double>(half), static_cast<double>(width() - half));
        const QRectF place(x - half, bar.bottom() + 1, 2 * half, theme.px(tickHeight) - 2);
        const QRectF apart = place.adjusted(-theme.px(3), 0, theme.px(3), 0);
        if (std::any_of(taken.begin(), taken.end(), [&](const QRectF& other) { return other.intersects(apart); })) continue;
        taken.push_back(place);
        painter.drawText(place, Qt::AlignCenter, text);
    }
    if (!m_needle) return;
    const double x = bar.left() + std::clamp(m_scaling.position(*m_needle), 0.0, 1.0) * bar.width();
    const double tip = bar.top() + theme.px(1);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(theme.color(Role::fillBorder), devicePixel(painter)));
    painter.setBrush(theme.color(Role::fill));
    painter.drawPolygon(
        QPolygonF{QPointF(x, tip), QPointF(x - theme.px(5), tip - theme.px(7)), QPointF(x + theme.px(5), tip - theme.px(7))});
}

}  // namespace lab
