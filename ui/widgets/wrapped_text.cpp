#include "ui/widgets/wrapped_text.h"

#include <QTextLayout>
#include <algorithm>

namespace lab {
namespace {

/// The text, or as much of it as so many lines hold.
QString withinLines(const QString& text, const QFont& font, double width, int lines) {
    QTextLayout layout(QString(text).replace(QLatin1Char('\n'), QChar(QChar::LineSeparator)), font);
    layout.beginLayout();
    int begun = 0;
    for (int line = 0; line < lines; ++line) {
        QTextLine next = layout.createLine();
        if (!next.isValid()) return text;
        next.setLineWidth(width);
        begun = next.textStart();
        if (next.textStart() + next.textLength() >= text.size()) return text;
    }
    return text.left(begun) + QFontMetrics(font).elidedText(text.mid(begun), Qt::ElideRight, static_cast<int>(width));
}

}  // namespace

WrappedText::WrappedText(int lines, TextSize size, Role role, bool bold, QWidget* parent)
    : QWidget(parent), m_label(new ThemedLabel({}, size, role, bold, this)), m_lines(lines) {
    m_label->setWordWrap(true);
    m_label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    followTheme(this, &WrappedText::applyMeasures);
}

int WrappedText::heightOf(int lines) const {
    return lines * m_label->fontMetrics().lineSpacing() + Theme::instance().px(2);
}

void WrappedText::applyMeasures() {
    if (m_growing)
        setMinimumHeight(heightOf(m_lines));
    else
        setFixedHeight(heightOf(m_lines));
    fit();
}

void WrappedText::setGrowing() {
    m_growing = true;
    setMaximumHeight(QWIDGETSIZE_MAX);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    applyMeasures();
}

void WrappedText::fit() {
    const int lines = std::max(m_lines, (height() - Theme::instance().px(2)) / std::max(1, m_label->fontMetrics().lineSpacing()));
    m_label->setText(withinLines(m_text, m_label->font(), width(), lines));
}

void WrappedText::setText(const QString& text) {
    m_text = text;
    fit();
    m_label->setAccessibleName(text);
    if (m_help.isEmpty()) m_label->setToolTip(text);
}

void WrappedText::setHelp(const QString& help) {
    m_help = help;
    m_label->setToolTip(help.isEmpty() ? text() : help);
}

QSize WrappedText::sizeHint() const {
    return {Theme::instance().px(240), heightOf(m_lines)};
}
QSize WrappedText::minimumSizeHint() const {
    return {Theme::instance().px(120), heightOf(m_lines)};
}

void WrappedText::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_label->setGeometry(rect());
    fit();
}

}  // namespace lab
