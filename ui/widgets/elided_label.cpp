#include "ui/widgets/elided_label.h"

#include <QEvent>

#include "ui/widgets/paint.h"

namespace lab {

int longestWord() {
    return Theme::instance().px(96);
}

QString elidedWord(const QFont& font, const QString& word) {
    return QFontMetrics(font).elidedText(word, Qt::ElideRight, longestWord());
}

QSize ElidedLabel::minimumSizeHint() const {
    return {0, ThemedLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setFont(font());
    painter.setPen(palette().color(foregroundRole()));
    drawElided(painter, contentsRect(), alignment() & Qt::AlignHorizontal_Mask, text());
}

bool ElidedLabel::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) setToolTip(textWidth(font(), text()) > contentsRect().width() ? text() : QString());
    return ThemedLabel::event(event);
}

}  // namespace lab
