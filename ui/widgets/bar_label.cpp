#include "ui/widgets/bar_label.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int columnWidth = 72;
constexpr int indent = 12;
constexpr int barLabelLineHeight = 22;

}  // namespace

BarLabel::BarLabel(const QStringList& lines, QWidget* parent) : QWidget(parent), m_lines(lines) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    followTheme(this, &BarLabel::applyMeasures);
}

void BarLabel::applyMeasures() {
    const Theme& theme = Theme::instance();
    setFixedWidth(theme.px(columnWidth));
    const auto cut = [&](const QString& text) {
        return textWidth(theme.font(TextSize::caption), text) > theme.px(columnWidth) - theme.px(4);
    };
    setToolTip(std::ranges::any_of(m_lines, cut) ? m_lines.join(QLatin1Char('\n')) : QString());
    update();
}

void BarLabel::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    drawHairline(painter, QPointF(width() - 1, 0), QPointF(width() - 1, height()), theme.color(Role::hairline));
    painter.setPen(theme.color(Role::muted));
    const int line = theme.px(barLabelLineHeight);
    int top = (height() - line * static_cast<int>(m_lines.size())) / 2;
    for (const QString& text : m_lines) {
        QFont font = theme.font(TextSize::axis);
        const int room = width() - theme.px(indent) - theme.px(4);
        if (textWidth(font, text) > room) font = theme.font(TextSize::caption);
        const int left = textWidth(font, text) > room ? theme.px(4) : theme.px(indent);
        painter.setFont(font);
        drawElided(painter, QRect(left, top, width() - left, line), Qt::AlignLeft, text);
        top += line;
    }
}

}  // namespace lab
