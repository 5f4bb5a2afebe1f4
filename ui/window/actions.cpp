#include "ui/window/actions.h"

#include <QWidget>
#include <algorithm>

#include "ui/window/action_table.h"

namespace lab {
namespace {

constexpr const char* groupProperty = "group";

}  // namespace

Actions::Actions(QWidget* window) : QObject(window), m_window(window) {}

QAction* Actions::add(const QString& name, const QString& text, const QList<QKeySequence>& shortcuts, const QString& group) {
    Q_ASSERT_X(!find(name), "Actions::add", "names are unique");
    auto* action = new QAction(text, this);
    action->setObjectName(name);
    action->setShortcuts(shortcuts);
    action->setShortcutContext(Qt::WindowShortcut);
    action->setProperty(groupProperty, group);
    m_window->addAction(action);
    m_actions.push_back(action);
    return action;
}

QAction* Actions::make(const char* id) {
    const ActionRow* row = findActionRow(QLatin1String(id));
    Q_ASSERT_X(row, "Actions::on", id);
    return add(QLatin1String(id), lab::textOf(*row), keysOf(*row), lab::groupOf(*row));
}

QAction* Actions::find(const QString& name) const {
    const auto found =
        std::find_if(m_actions.begin(), m_actions.end(), [&](const QAction* action) { return action->objectName() == name; });
    return found == m_actions.end() ? nullptr : *found;
}

QString Actions::groupOf(const QAction* action) {
    return action->property(groupProperty).toString();
}

}  // namespace lab
