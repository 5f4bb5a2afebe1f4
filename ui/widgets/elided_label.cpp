#include "ui/widgets/elided_label.h"

#include "ui/widgets/paint.h"

namespace lab {

QSize ElidedLabel::minimumSizeHint() const {
    return {0, ThemedLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setFont(font());
    painter.setPen(palette().color(foregroundRole()));
    drawElided(painter, contentsRect(), alignment() & Qt::AlignHorizontal_Mask, text());
}

void ElidedLabel::resizeEvent(QResizeEvent* event) {
    ThemedLabel::resizeEvent(event);
    setToolTip(textWidth(font(), text()) > contentsRect().width() ? text() : QString());
}

}  // namespace lab
