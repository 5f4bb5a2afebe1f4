#include "ui/lessons/target_frame.h"

#include <QCoreApplication>
#include <QEvent>
#include <QPainter>

#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr double outside = 5, penWidth = 2.5;  // logical px at 100 %

}  // namespace

TargetFrame::TargetFrame(QWidget* window) : QWidget(window) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
    window->installEventFilter(this);
}

void TargetFrame::setTarget(QWidget* target) {
    for (QWidget* each = m_target; each && each != parentWidget(); each = each->parentWidget()) each->removeEventFilter(this);
    m_target = target;
    for (QWidget* each = target; each && each != parentWidget(); each = each->parentWidget()) each->installEventFilter(this);
    follow();
}

void TargetFrame::follow() {
    const bool seen = m_target && m_target->isVisible();
    setVisible(seen);
    if (!seen) return;
    const int by = Theme::instance().px(outside + penWidth);
    const QRect around(m_target->mapTo(parentWidget(), QPoint()), m_target->size());
    setGeometry(around.adjusted(-by, -by, by, by).intersected(parentWidget()->rect()));
    raise();
}

bool TargetFrame::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::Move:
        case QEvent::Resize:
        case QEvent::Show:
        case QEvent::Hide:
        case QEvent::LayoutRequest:
            QMetaObject::invokeMethod(this, &TargetFrame::follow, Qt::QueuedConnection);
            break;
        default:
            break;
    }
    return QWidget::eventFilter(watched, event);
}

void TargetFrame::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    const double pen = penWidth * theme.scale();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen dashed(theme.color(Role::accent), pen);
    dashed.setDashPattern({8 / penWidth, 5 / penWidth});
    painter.setPen(dashed);
    painter.drawRoundedRect(QRectF(rect()).adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2), 4, 4);
}

}  // namespace lab
