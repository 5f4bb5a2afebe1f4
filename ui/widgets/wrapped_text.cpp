#include "ui/widgets/wrapped_text.h"

namespace lab {

WrappedText::WrappedText(int lines, TextSize size, Role role, bool bold, QWidget* parent)
    : QWidget(parent), m_label(new ThemedLabel({}, size, role, bold, this)), m_lines(lines) {
    m_label->setWordWrap(true);
    m_label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    followTheme(this, &WrappedText::applyMeasures);
}

void WrappedText::applyMeasures() {
    setFixedHeight(m_lines * m_label->fontMetrics().lineSpacing() + Theme::instance().px(2));
}

void WrappedText::setText(const QString& text) {
    m_label->setText(text);
    if (m_help.isEmpty()) m_label->setToolTip(text);
}

void WrappedText::setHelp(const QString& help) {
    m_help = help;
    m_label->setToolTip(help.isEmpty() ? text() : help);
}

QSize WrappedText::sizeHint() const {
    return {Theme::instance().px(240), height()};
}
QSize WrappedText::minimumSizeHint() const {
    return {Theme::instance().px(120), height()};
}

void WrappedText::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_label->setGeometry(rect());
}

}  // namespace lab
