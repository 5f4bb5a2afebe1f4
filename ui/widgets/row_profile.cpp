#include "ui/widgets/row_profile.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int rowProfileTopRoom = 14;  // a number above a full bar
constexpr int rowProfileBarRoom = 50;
constexpr int rowProfileCaptionHeight = 18;
/// Bars below this share of the scale carry no number.
constexpr double numberedFrom = 0.06;
constexpr std::size_t mostNumbers = 64;

}  // namespace

RowProfile::RowProfile(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describePicture(this, tr("row profile"));
}

void RowProfile::setRow(const std::vector<float>& values, int highlighted, const QString& caption, std::optional<double> sum) {
    m_values = values;
    m_highlighted = highlighted;
    m_caption = caption;
    m_sum = sum;
    describePicture(this, caption, sum ? tr("sum %1").arg(fixed(*sum, 3)) : QString());
    update();
}

void RowProfile::clear() {
    m_values.clear();
    m_caption.clear();
    describePicture(this, tr("row profile"));
    update();
}

void RowProfile::setColumns(double left, double columnWidth, double shownLeft, double shownWidth) {
    m_left = left;
    m_columnWidth = columnWidth;
    m_shownLeft = shownLeft;
    m_shownWidth = shownWidth;
    update();
}

void RowProfile::setScale(double low, double high) {
    m_low = low;
    m_high = high;
    update();
}

std::pair<double, double> RowProfile::span() const {
    if (m_shownWidth > 0.0) return {m_shownLeft, m_shownLeft + m_shownWidth};
    return {m_left, m_left + m_columnWidth * static_cast<double>(m_values.size())};
}

std::pair<std::size_t, std::size_t> RowProfile::shownColumns() const {
    const auto [left, right] = span();
    const double first = std::floor((left - m_left) / m_columnWidth + 1e-6), end = std::ceil((right - m_left) / m_columnWidth - 1e-6);
    const auto inside = [&](double column) { return static_cast<std::size_t>(std::clamp(column, 0.0, double(m_values.size()))); };
    return {inside(first), inside(end)};
}

QSize RowProfile::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(240), theme.px(rowProfileTopRoom + rowProfileBarRoom + rowProfileCaptionHeight)};
}

QSize RowProfile::minimumSizeHint() const {
    return {Theme::instance().px(120), sizeHint().height()};
}

double RowProfile::barTop(double value) const {
    const Theme& theme = Theme::instance();
    const double share = m_high > m_low ? (value - m_low) / (m_high - m_low) : 0.0;
    return theme.px(rowProfileTopRoom) + theme.px(rowProfileBarRoom) * (1.0 - std::clamp(share, 0.0, 1.0));
}

void RowProfile::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paint(painter);
}

void RowProfile::paint(QPainter& painter) const {
    if (m_values.empty() || m_columnWidth <= 0.0) return;
    paintAxis(painter);
    paintBars(painter);
    paintNumbers(painter);
    const Theme& theme = Theme::instance();
    const auto [left, right] = span();
    const QRectF line(left, barTop(m_low) + theme.px(2), right - left, theme.px(rowProfileCaptionHeight) - theme.px(2));
    painter.setFont(theme.font(TextSize::caption));
    const QString sum = m_sum ? QStringLiteral("\u03A3 = ") + fixed(*m_sum, 3) : QString();
    painter.setPen(theme.color(Role::text));
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, sum);
    const double room = line.width() - textWidth(painter.font(), sum) - theme.px(8);
    painter.setPen(theme.color(Role::muted));
    drawElided(painter, {line.topLeft(), QSizeF(room, line.height())}, Qt::AlignLeft, m_caption);
}

void RowProfile::paintAxis(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const auto [left, right] = span();
    for (double value : {m_low, m_high})
        drawHairline(painter, QPointF(left, barTop(value)), QPointF(right, barTop(value)), theme.color(Role::grid));
    drawHairline(painter, QPointF(left, barTop(0.0)), QPointF(right, barTop(0.0)), theme.color(Role::controlBorder));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const double room = left - theme.px(8);
    for (double value : {m_low, m_high})
        painter.drawText(QRectF(0, barTop(value) - theme.px(8), room, theme.px(16)), Qt::AlignRight | Qt::AlignVCenter,
                         value == std::round(value) && std::abs(value) < 1000.0 ? fixed(value, 0) : significant(value, 2));
}

void RowProfile::paintBars(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const double gap = m_columnWidth >= 12.0 ? std::round(m_columnWidth * 0.14) : m_columnWidth >= 4.0 ? 1.0 : 0.0;
    const auto [first, end] = shownColumns();
    const auto [left, right] = span();
    for (std::size_t j = first; j < end; ++j) {
        if (!std::isfinite(m_values[j])) continue;
        const bool inHand = static_cast<int>(j) == m_highlighted;
        const bool positive = m_values[j] >= 0.0F;
        const double x = std::max(m_left + m_columnWidth * static_cast<double>(j) + gap, left);
        const double tip = positive ? std::min(barTop(m_values[j]), barTop(0.0) - 1.0) : std::max(barTop(m_values[j]), barTop(0.0) + 1.0);
        const double width = std::max(std::min(m_columnWidth - 2 * gap, right - x), devicePixel(painter));
        const QRectF bar = QRectF(QPointF(x, barTop(0.0)), QPointF(x + width, tip)).normalized();
        const QColor color = positive ? theme.color(Role::series1) : QColor::fromRgb(ColorMap::themed(ColorMap::Kind::balance).color(0.19));
        painter.fillRect(bar, inHand ? theme.color(Role::fill) : color);
        if (inHand && bar.width() > 3) drawFrame(painter, bar, 0, theme.color(Role::fillBorder));
    }
}

/// Whether a bar reaches into it.
bool RowProfile::onBar(const QRectF& place) const {
    const auto column = [&](double x) {
        return static_cast<std::size_t>(std::clamp(std::floor((x - m_left) / m_columnWidth), 0.0, double(m_values.size() - 1)));
    };
    for (std::size_t j = column(place.left()); j <= column(place.right()); ++j)
        if (std::isfinite(m_values[j]) && std::min(barTop(m_values[j]), barTop(0.0)) < place.bottom() - 1.0) return true;
    return false;
}

void RowProfile::paintNumbers(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::text));
    const bool weights = m_low == 0.0 && m_high == 1.0;
    const auto [first, end] = shownColumns();
    std::vector<std::size_t> order;
    for (std::size_t j = first; j < end; ++j)
        if (std::isfinite(m_values[j]) && std::abs(m_values[j]) >= numberedFrom * m_high) order.push_back(j);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::abs(m_values[a]) > std::abs(m_values[b]); });
    if (m_highlighted >= 0)
        std::stable_partition(order.begin(), order.end(), [&](std::size_t j) { return static_cast<int>(j) == m_highlighted; });
    // The key in hand first, then the largest; a number that would touch another or a bar is left out.
    std::vector<QRectF> taken;
    for (std::size_t j : order) {
        const QString text = weights ? fixed(m_values[j], 2) : significant(m_values[j], 2);
        const double width = textWidth(painter.font(), text);
        const double centre = m_left + m_columnWidth * (static_cast<double>(j) + 0.5);
        // Above the bar, and above the zero line too: below it stands the caption.
        const QRectF place(centre - width / 2, std::min(barTop(m_values[j]), barTop(0.0)) - theme.px(15), width, theme.px(14));
        const QRectF apart = place.adjusted(-theme.px(3), 0, theme.px(3), 0);
        if (std::any_of(taken.begin(), taken.end(), [&](const QRectF& other) { return other.intersects(apart); })) continue;
        if (onBar(place)) continue;
        taken.push_back(place);
        painter.drawText(place.adjusted(-theme.px(8), 0, theme.px(8), 0), Qt::AlignCenter, text);
        if (taken.size() > mostNumbers) break;
    }
}

}  // namespace lab
