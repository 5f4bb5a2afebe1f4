#include "ui/lessons/page_cover.h"

#include <QEvent>
#include <QPainter>

#include "ui/widgets/theme.h"

namespace lab {

PageCover::PageCover(QWidget* page) : QWidget(page) {
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("The page is covered until you have predicted"));
    hide();
    page->installEventFilter(this);
}

void PageCover::setCovering(bool covering) {
    setGeometry(parentWidget()->rect());
    setVisible(covering);
    if (covering) raise();
}

bool PageCover::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize) setGeometry(parentWidget()->rect());
    if (event->type() == QEvent::ChildAdded && isVisible()) raise();
    return QWidget::eventFilter(watched, event);
}

void PageCover::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::window));
    const QRect middle = rect().adjusted(theme.px(40), 0, -theme.px(40), 0);
    painter.setPen(theme.color(Role::text));
    painter.setFont(theme.font(TextSize::token, true));
    painter.drawText(middle.adjusted(0, 0, 0, -theme.px(12)), Qt::AlignCenter, tr("Predict first"));
    painter.setPen(theme.color(Role::muted));
    painter.setFont(theme.font(TextSize::text));
    painter.drawText(middle.adjusted(0, theme.px(36), 0, 0), Qt::AlignCenter | Qt::TextWordWrap,
                     tr("The answer stands on this page. It is shown when you have said what you expect."));
}

}  // namespace lab
