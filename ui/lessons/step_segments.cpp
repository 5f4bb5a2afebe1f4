#include "ui/lessons/step_segments.h"

#include <QPainter>

#include "ui/widgets/theme.h"

namespace lab {

StepSegments::StepSegments(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void StepSegments::setStep(int index, int count) {
    m_index = index;
    m_count = count;
    update();
}

QSize StepSegments::sizeHint() const {
    return {Theme::instance().px(100), Theme::instance().px(8)};
}

void StepSegments::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double gap = theme.px(3), width = (this->width() - gap * (m_count - 1)) / m_count;
    for (int i = 0; i < m_count; ++i) {
        painter.setPen(QPen(theme.color(i == m_index ? Role::fillBorder : Role::controlBorder), 1));
        painter.setBrush(theme.color(i < m_index ? Role::muted : i == m_index ? Role::fill : Role::control));
        painter.drawRoundedRect(QRectF(i * (width + gap) + 0.5, 0.5, width - 1, height() - 1), 2, 2);
    }
}

}  // namespace lab
