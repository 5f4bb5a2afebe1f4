#include "ui/window/alone.h"

#include <QAbstractScrollArea>
#include <QChildEvent>
#include <QFocusFrame>
#include <QStackedWidget>
#include <algorithm>

namespace lab {
namespace {

/// These show one child by themselves.
bool showsOne(const QWidget& above) {
    return qobject_cast<const QStackedWidget*>(&above) || qobject_cast<const QAbstractScrollArea*>(&above);
}

}  // namespace

Alone::Alone(QWidget& part, QWidget& within, const std::vector<QWidget*>& kept) : m_part(&part), m_kept(kept) {
    for (QWidget* inner = &part; inner != &within; inner = inner->parentWidget()) {
        QWidget* above = inner->parentWidget();
        if (!above) break;
        if (showsOne(*above)) continue;
        m_kept.push_back(inner);
        for (QWidget* each : above->findChildren<QWidget*>(Qt::FindDirectChildrenOnly)) putAway(each);
        above->installEventFilter(this);
    }
}

Alone::~Alone() {
    m_leaving = true;  // what is shown makes and shows more
    for (const Beside& each : m_beside)
        if (each.widget && each.wanted) each.widget->show();
}

void Alone::putAway(QWidget* beside) {
    const bool known = std::ranges::any_of(m_beside, [beside](const Beside& each) { return each.widget == beside; });
    if (known || std::ranges::find(m_kept, beside) != m_kept.end() || qobject_cast<QFocusFrame*>(beside)) return;
    if (beside->isWindow()) return;
    m_beside.push_back({beside, !beside->isHidden()});
    beside->installEventFilter(this);
    m_hiding = true;
    if (m_beside.back().wanted) beside->hide();
    m_hiding = false;
}

bool Alone::eventFilter(QObject* watched, QEvent* event) {
    if (m_leaving) return false;
    if (event->type() == QEvent::ChildAdded) {
        QObject* child = static_cast<QChildEvent*>(event)->child();
        if (child->isWidgetType() && watched != m_part) putAway(static_cast<QWidget*>(child));
    }
    const bool shows = event->type() == QEvent::ShowToParent;
    if (m_hiding || (!shows && event->type() != QEvent::HideToParent)) return false;
    const auto found = std::ranges::find_if(m_beside, [watched](const Beside& each) { return each.widget == watched; });
    if (found == m_beside.end() || found->widget->isWindow()) return false;
    found->wanted = shows;
    m_hiding = true;
    if (shows) found->widget->hide();
    m_hiding = false;
    return false;
}

}  // namespace lab
