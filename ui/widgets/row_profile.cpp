#include "ui/widgets/row_profile.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int topRoom = 14;  // a number above a full bar
constexpr int barRoom = 50;
constexpr int captionHeight = 18;
/// Bars below this weight carry no number.
constexpr float numberedFrom = 0.06F;

}  // namespace

RowProfile::RowProfile(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
    describePicture(this, tr("row profile"));
}

void RowProfile::setRow(const std::vector<float>& values, int highlighted, const QString& caption, double sum) {
    m_values = values;
    m_highlighted = highlighted;
    m_caption = caption;
    m_sum = sum;
    describePicture(this, caption, tr("sum %1").arg(fixed(sum, 3)));
    update();
}

void RowProfile::clear() {
    m_values.clear();
    m_caption.clear();
    describePicture(this, tr("row profile"));
    update();
}

void RowProfile::setColumns(double left, double columnWidth) {
    m_left = left;
    m_columnWidth = columnWidth;
    update();
}

QSize RowProfile::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(240), theme.px(topRoom + barRoom + captionHeight)};
}

QSize RowProfile::minimumSizeHint() const {
    return {Theme::instance().px(120), sizeHint().height()};
}

double RowProfile::barTop(double value) const {
    const Theme& theme = Theme::instance();
    return theme.px(topRoom) + theme.px(barRoom) * (1.0 - std::clamp(value, 0.0, 1.0));
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
    const double right = m_left + m_columnWidth * static_cast<double>(m_values.size());
    const QRectF line(m_left, barTop(0.0) + theme.px(2), right - m_left, theme.px(captionHeight) - theme.px(2));
    painter.setFont(theme.font(TextSize::caption));
    const QString sum = QStringLiteral("\u03A3 = ") + fixed(m_sum, 3);
    painter.setPen(theme.color(Role::text));
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, sum);
    const double room = line.width() - textWidth(painter.font(), sum) - theme.px(8);
    painter.setPen(theme.color(Role::muted));
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft,
                     QFontMetrics(painter.font()).elidedText(m_caption, Qt::ElideRight, static_cast<int>(room)));
}

void RowProfile::paintAxis(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const double right = m_left + m_columnWidth * static_cast<double>(m_values.size());
    drawHairline(painter, QPointF(m_left, barTop(1.0)), QPointF(right, barTop(1.0)), theme.color(Role::grid));
    drawHairline(painter, QPointF(m_left, barTop(0.0)), QPointF(right, barTop(0.0)), theme.color(Role::controlBorder));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const double room = m_left - theme.px(8);
    for (int value : {0, 1})
        painter.drawText(QRectF(0, barTop(value) - theme.px(8), room, theme.px(16)), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(value));
}

void RowProfile::paintBars(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const double gap = m_columnWidth >= 12.0 ? std::round(m_columnWidth * 0.14) : m_columnWidth >= 4.0 ? 1.0 : 0.0;
    for (std::size_t j = 0; j < m_values.size(); ++j) {
        const bool inHand = static_cast<int>(j) == m_highlighted;
        const double left = m_left + m_columnWidth * static_cast<double>(j) + gap;
        const double top = std::min(barTop(m_values[j]), barTop(0.0) - 1.0);
        const QRectF bar(left, top, std::max(m_columnWidth - 2 * gap, devicePixel(painter)), barTop(0.0) - top);
        painter.fillRect(bar, theme.color(inHand ? Role::fill : Role::series1));
        if (inHand && bar.width() > 3) drawFrame(painter, bar, 0, theme.color(Role::fillBorder));
    }
}

void RowProfile::paintNumbers(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::text));
    const double width = textWidth(painter.font(), QStringLiteral("0.00"));
    std::vector<std::size_t> order(m_values.size());
    for (std::size_t j = 0; j < order.size(); ++j) order[j] = j;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return m_values[a] > m_values[b]; });
    if (m_highlighted >= 0)
        std::stable_partition(order.begin(), order.end(), [&](std::size_t j) { return static_cast<int>(j) == m_highlighted; });
    // The key in hand first, then the largest; a number that would touch another is left out.
    std::vector<QRectF> taken;
    for (std::size_t j : order) {
        if (m_values[j] < numberedFrom) continue;
        const double centre = m_left + m_columnWidth * (static_cast<double>(j) + 0.5);
        const QRectF place(centre - width / 2, barTop(m_values[j]) - theme.px(15), width, theme.px(14));
        const QRectF apart = place.adjusted(-theme.px(3), 0, theme.px(3), 0);
        if (std::any_of(taken.begin(), taken.end(), [&](const QRectF& other) { return other.intersects(apart); })) continue;
        taken.push_back(place);
        painter.drawText(place.adjusted(-theme.px(8), 0, theme.px(8), 0), Qt::AlignCenter, fixed(m_values[j], 2));
    }
}

}  // namespace lab
