#include "ui/pages/memory/field_bars.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int barLine = 18, nameWidth = 76, valueWidth = 54, gap = 6, barHeight = 9;
constexpr int spokenParts = 8;

/// As many of the largest as stand in `lines`, what is left as one.
std::vector<FieldPart> shortened(std::vector<FieldPart> parts, std::size_t lines) {
    std::ranges::stable_sort(parts, std::greater{}, [](const FieldPart& part) { return std::abs(part.value); });
    if (parts.size() <= lines || lines == 0) return parts;
    FieldPart rest{FieldBars::tr("%1 others").arg(parts.size() - lines + 1)};
    for (std::size_t i = lines - 1; i < parts.size(); ++i) rest.value += parts[i].value;
    parts.resize(lines - 1);
    parts.push_back(std::move(rest));
    return parts;
}

void paintLine(QPainter& painter, const QRectF& room, const FieldPart& part, double most, bool bold) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::axis, bold));
    painter.setPen(theme.color(Role::text));
    drawElided(painter, QRectF(room.left(), room.top(), theme.px(nameWidth), room.height()), Qt::AlignLeft, part.name);
    painter.drawText(QRectF(room.right() - theme.px(valueWidth), room.top(), theme.px(valueWidth), room.height()),
                     Qt::AlignRight | Qt::AlignVCenter, signedFixed(part.value, 3));
    const double left = room.left() + theme.px(nameWidth + gap), right = room.right() - theme.px(valueWidth + gap);
    const double zero = (left + right) / 2, end = zero + (right - left) / 2 * (most > 0 ? part.value / most : 0);
    const double high = theme.px(barHeight);
    painter.fillRect(QRectF(std::min(zero, end), room.center().y() - high / 2, std::abs(end - zero), high),
                     theme.color(part.value < 0 ? Role::series2 : Role::series1));
    drawHairline(painter, {zero, room.top()}, {zero, room.bottom()}, theme.color(Role::controlBorder));
}

}  // namespace

FieldBars::FieldBars(QWidget* parent) : QWidget(parent) {
    describePicture(this, tr("Local field, pattern by pattern"));
}

void FieldBars::setParts(std::vector<FieldPart> parts, double sum) {
    m_parts = std::move(parts);
    m_sum = sum;
    QStringList words;
    for (const FieldPart& part : shortened(m_parts, spokenParts)) words << part.name + QLatin1Char(' ') + signedFixed(part.value, 3);
    if (!m_parts.empty()) words << tr("sum %1").arg(signedFixed(m_sum, 3));
    describePicture(this, tr("Local field, pattern by pattern"), words.join(QStringLiteral(", ")));
    update();
}

QSize FieldBars::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(nameWidth + valueWidth + 120), theme.px(barLine) * 7};
}

QSize FieldBars::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(nameWidth + valueWidth + 60), theme.px(barLine) * 4};
}

void FieldBars::paint(QPainter& painter, const QRectF& room, const std::vector<FieldPart>& parts, double sum) {
    const Theme& theme = Theme::instance();
    const double high = theme.px(barLine);
    const auto lines = static_cast<std::size_t>(std::max(2.0, std::floor(room.height() / high) - 1));
    const std::vector<FieldPart> seen = shortened(parts, lines);
    double most = std::abs(sum);
    for (const FieldPart& part : seen) most = std::max(most, std::abs(part.value));
    double top = room.top();
    for (const FieldPart& part : seen) {
        paintLine(painter, QRectF(room.left(), top, room.width(), high), part, most, false);
        top += high;
    }
    drawHairline(painter, {room.left(), top}, {room.right(), top}, theme.color(Role::controlBorder));
    paintLine(painter, QRectF(room.left(), top, room.width(), high), {tr("field h"), sum}, most, true);
}

void FieldBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (m_parts.empty()) return paintEmpty(painter, rect(), tr("Nothing is stored"), 4);
    paint(painter, rect(), m_parts, m_sum);
}

}  // namespace lab
