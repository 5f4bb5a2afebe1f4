#include "ui/window/part_hiding.h"

#include <QMenu>
#include <algorithm>

#include "ui/widgets/taken.h"
#include "ui/window/main_window.h"
#include "ui/window/page_book.h"
#include "ui/window/part_table.h"
#include "ui/window/split_view.h"

namespace lab {
namespace {

bool isOf(const PartRow& row, const QString& control) {
    return std::ranges::any_of(row.controls, [&control](const QString& each) {
        return each == control || (each.startsWith(QLatin1Char('*')) && control.endsWith(each.mid(1)));
    });
}

/// Those of the table, in its order.
QStringList known(const QStringList& names) {
    QStringList found;
    for (const PartRow& row : partTable())
        if (names.contains(QLatin1String(row.name))) found << QLatin1String(row.name);
    return found;
}

/// The first page that is not hidden.
QString firstPage(const QStringList& hidden) {
    for (const PartRow& row : partTable())
        if (row.group == PartGroup::pages && !hidden.contains(QLatin1String(row.name))) return QLatin1String(row.name);
    return {};
}

/// A window without any page would have nothing to show: one that was shown before stays.
QStringList withAPage(QStringList hidden, const QStringList& before) {
    if (firstPage(hidden).isEmpty()) hidden.removeAll(firstPage(before));
    return hidden;
}

}  // namespace

PartHiding::PartHiding(MainWindow& window, QObject* parent) : QObject(parent), m_window(window) {
    const auto takeNew = [this] {
        if (!hidden().isEmpty()) apply();
    };
    connect(&window.pages(), &PageBook::made, this, takeNew);
    connect(&window.split(), &SplitView::pageMade, this, takeNew);
    connect(&window.split(), &SplitView::splitChanged, this, takeNew);
}

QStringList PartHiding::hidden() const {
    return withAPage(known(m_chosen + m_lessons), m_chosen);
}

void PartHiding::setChosen(const QStringList& hidden) {
    const QStringList wanted = withAPage(known(hidden), m_chosen);
    if (wanted == m_chosen) return;
    m_chosen = wanted;
    apply();
}

void PartHiding::setLessons(const QStringList& hidden) {
    const QStringList wanted = known(hidden);
    if (wanted == m_lessons) return;
    m_lessons = wanted;
    apply();
}

void PartHiding::apply() {
    const QStringList now = hidden();
    QStringList actions;
    std::vector<QWidget*> away, back;
    for (QWidget* widget : m_window.findChildren<QWidget*>()) {
        const auto row = std::ranges::find_if(partTable(), [&](const PartRow& each) { return isOf(each, widget->objectName()); });
        if (row == partTable().end()) continue;
        const bool hides = now.contains(QLatin1String(row->name));
        if (const auto* menu = qobject_cast<QMenu*>(widget)) {
            menu->menuAction()->setVisible(!hides);
            continue;
        }
        (hides ? away : back).push_back(widget);
        const QString action = widget->property(actionProperty).toString();
        if (hides && !action.isEmpty()) actions << action;
    }
    for (const PartRow& row : partTable())
        if (now.contains(QLatin1String(row.name))) actions << row.actions;
    m_window.actions().withhold(actions);
    if (QWidget* focus = m_window.focusWidget())
        for (const QWidget* each : away)
            if (each == focus || each->isAncestorOf(focus)) m_window.centralWidget()->setFocus();
    for (QWidget* each : away) setTaken(*each, true);
    for (QWidget* each : back) setTaken(*each, false);
    m_window.leaveHiddenPage();
    emit changed();
}

}  // namespace lab
