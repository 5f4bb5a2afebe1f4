#include "ui/lessons/page_cover.h"

#include <QAccessibleWidget>
#include <QEvent>
#include <QPainter>

#include "ui/widgets/theme.h"

namespace lab {
namespace {

/// Of whoever is covered: while it is, a screen reader finds the cover alone, as the eye does.
class CoveredAccess : public QAccessibleWidget {
public:
    using QAccessibleWidget::QAccessibleWidget;

    int childCount() const override { return cover() ? 1 : QAccessibleWidget::childCount(); }
    QAccessibleInterface* child(int index) const override {
        PageCover* now = cover();
        if (!now) return QAccessibleWidget::child(index);
        return index == 0 ? QAccessible::queryAccessibleInterface(now) : nullptr;
    }
    int indexOfChild(const QAccessibleInterface* child) const override {
        PageCover* now = cover();
        return !now ? QAccessibleWidget::indexOfChild(child) : child && child->object() == now ? 0 : -1;
    }

private:
    PageCover* cover() const {
        auto* found = widget()->findChild<PageCover*>(QString(), Qt::FindDirectChildrenOnly);
        return found && !found->isHidden() ? found : nullptr;
    }
};

QAccessibleInterface* coveredAccess(const QString&, QObject* object) {
    auto* page = qobject_cast<QWidget*>(object);
    return page && page->findChild<PageCover*>(QString(), Qt::FindDirectChildrenOnly) ? new CoveredAccess(page) : nullptr;
}

}  // namespace

PageCover::PageCover(QWidget* page) : QWidget(page) {
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("The page is covered until you have predicted"));
    hide();
    page->installEventFilter(this);
    QAccessible::removeFactory(coveredAccess);  // one is enough for all windows
    QAccessible::installFactory(coveredAccess);
}

void PageCover::setCovering(bool covering) {
    setGeometry(parentWidget()->rect());
    setVisible(covering);
    if (covering) raise();
    QAccessibleEvent changed(parentWidget(), QAccessible::ObjectReorder);
    QAccessible::updateAccessibility(&changed);
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
                     tr("The page is shown when you have said what you expect."));
}

}  // namespace lab
