#include "ui/widgets/fitted_text.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/theme.h"

namespace lab {

void FittedText::setText(const QString& text) {
    setAccessibleName(text);
    update();
}

void FittedText::fit(int width) {
    const QFontMetrics metrics(Theme::instance().font(TextSize::text));
    setFixedHeight(std::max(metrics.boundingRect(QRect(0, 0, width, 1000), Qt::TextWordWrap, text()).height(), 1));
}

void FittedText::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setFont(Theme::instance().font(TextSize::text));
    painter.setPen(Theme::instance().color(Role::text));
    painter.drawText(rect(), Qt::TextWordWrap, text());
}

}  // namespace lab
