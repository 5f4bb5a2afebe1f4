#include "ui/widgets/meter.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int meterHeight = 40;
constexpr int meterPadding = 9;
constexpr int meterLabelLine = 14;
constexpr int valueLine = 22;
constexpr int progressLine = 3;
constexpr int unitGap = 4;

}  // namespace

Meter::Meter(const QString& label, QWidget* parent) : QWidget(parent), m_label(label) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(label);
}

void Meter::setLabel(const QString& label) {
    if (m_label == label) return;
    m_label = label;
    setAccessibleName(label);
    updateGeometry();
    update();
}

void Meter::setWidest(const QString& value, const QString& unit) {
    if (m_widest == value && m_widestUnit == unit) return;
    m_widest = value;
    m_widestUnit = unit;
    updateGeometry();
}

void Meter::setValue(const QString& value, const QString& unit) {
    if (m_value == value && m_unit == unit) return;
    m_value = value;
    m_unit = unit;
    setAccessibleDescription(unit.isEmpty() ? value : value + QLatin1Char(' ') + unit);
    update();
}

void Meter::setProgress(std::optional<double> progress) {
    if (m_progress == progress) return;
    m_progress = progress;
    update();
}

void Meter::setHeld(bool held) {
    if (m_held == held) return;
    m_held = held;
    update();
}

int Meter::widthOf(const QString& value, const QString& unit) const {
    const Theme& theme = Theme::instance();
    const int unitWidth = unit.isEmpty() ? 0 : theme.px(unitGap) + textWidth(theme.font(TextSize::axis), unit);
    return textWidth(theme.font(TextSize::meter, true), value) + unitWidth;
}

QSize Meter::sizeHint() const {
    const Theme& theme = Theme::instance();
    const int width = std::max(widthOf(m_widest, m_widestUnit), textWidth(theme.font(TextSize::caption), m_label));
    return {width + 2 * theme.px(meterPadding), theme.px(meterHeight)};
}

void Meter::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    drawHairline(painter, {0, 0}, {0, static_cast<double>(height())}, theme.color(Role::hairline));

    const int left = theme.px(meterPadding);
    const int room = width() - left;
    const int top = (theme.px(meterHeight) - theme.px(meterLabelLine) - theme.px(valueLine)) / 2;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRect(left, top, room, theme.px(meterLabelLine)), Qt::AlignLeft | Qt::AlignVCenter, m_label);

    const QRect line(left, top + theme.px(meterLabelLine), room, theme.px(valueLine));
    const QFont valueFont = theme.font(TextSize::meter, true);
    painter.setFont(valueFont);
    painter.setPen(theme.color(m_held ? Role::accent : Role::text));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, m_value);
    if (!m_unit.isEmpty()) {
        const int baseline = line.top() + (line.height() + QFontMetrics(valueFont).ascent() - QFontMetrics(valueFont).descent()) / 2;
        painter.setFont(theme.font(TextSize::axis));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QPointF(left + textWidth(valueFont, m_value) + theme.px(unitGap), baseline), m_unit);
    }
    if (!m_progress) return;
    const QRectF track(left, height() - theme.px(progressLine), width() - 2 * left, theme.px(progressLine));
    painter.fillRect(track, theme.color(Role::hairline));
    const double share = std::clamp(*m_progress, 0.0, 1.0);
    painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * share, track.height())), theme.color(Role::muted));
}

}  // namespace lab
