#include "ui/pages/memory/paragraph.h"

#include <QHelpEvent>
#include <QToolTip>

namespace lab {
namespace {

constexpr int leastParagraph = 60;  // logical px at 100 %

}  // namespace

Paragraph::Paragraph(int lines, TextSize size, Role role, QWidget* parent) : ThemedLabel({}, size, role, false, parent), m_lines(lines) {
    setWordWrap(true);
    setAlignment(Qt::AlignLeft | Qt::AlignTop);
}

QSize Paragraph::sizeHint() const {
    return {Theme::instance().px(leastParagraph), m_lines * fontMetrics().lineSpacing() + 1};
}

bool Paragraph::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && heightForWidth(width()) > height()) {
        auto* help = static_cast<QHelpEvent*>(event);
        const QString whole = toolTip().isEmpty() ? text() : text() + QLatin1Char('\n') + toolTip();
        QToolTip::showText(help->globalPos(), whole, this);
        return true;
    }
    return ThemedLabel::event(event);
}

}  // namespace lab
