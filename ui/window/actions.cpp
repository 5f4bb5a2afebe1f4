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
    showOrHide(*action);
    return action;
}

QAction* Actions::make(const char* id) {
    const ActionRow* row = findActionRow(QLatin1String(id));
    Q_ASSERT_X(row, "Actions::on", id);
    return add(QLatin1String(id), lab::textOf(*row), keysOf(*row), lab::groupOf(*row));
}

const OwnAction* Actions::lentAs(const QString& name) const {
    const auto found = std::ranges::find(m_lent, name, &OwnAction::id);
    return found == m_lent.end() ? nullptr : &*found;
}

bool Actions::actsElsewhere(const QAction& action) const {
    const OwnAction* lent = lentAs(action.objectName());
    if (!lent) return false;
    const auto act = lent->act;  // it may lend anew
    act();
    return true;
}

void Actions::applyTo(QAction& action) const {
    const QString name = action.objectName();
    const auto text = m_texts.find(name);
    const auto allowed = m_allowed.find(name);
    const OwnAction* lent = lentAs(name);
    const bool rests = !lent && std::ranges::any_of(m_resting, [&](const QString& each) { return name.startsWith(each); });
    if (lent)
        action.setText(lent->text);
    else if (text != m_texts.end())
        action.setText(text->second);
    action.setEnabled(lent ? lent->enabled : !rests && (allowed == m_allowed.end() || allowed->second));
    showOrHide(action);
}

/// One that is not seen is off, whatever its owner says meanwhile.
void Actions::showOrHide(QAction& action) const {
    action.setVisible(lentAs(action.objectName()) || !isWithheld(action.objectName()));
}

void Actions::withhold(const QStringList& names) {
    m_withheld = names;
    for (QAction* action : m_actions) showOrHide(*action);
}

bool Actions::isWithheld(const QString& name) const {
    return std::ranges::any_of(
        m_withheld, [&name](const QString& each) { return each == name || (each.endsWith(QLatin1Char('.')) && name.startsWith(each)); });
}

void Actions::allow(const QString& name, bool allowed) {
    m_allowed[name] = allowed;
    if (QAction* action = find(name)) applyTo(*action);
}

void Actions::lend(const std::vector<OwnAction>& lent, const QStringList& resting) {
    std::vector<QAction*> touched;
    for (QAction* action : m_actions) {
        const QString name = action->objectName();
        const auto rests = [&name](const QStringList& prefixes) {
            return std::ranges::any_of(prefixes, [&](const QString& each) { return name.startsWith(each); });
        };
        const bool lends = std::ranges::find(lent, name, &OwnAction::id) != lent.end();
        if (lends && !m_texts.contains(name)) m_texts[name] = action->text();
        if (lends || lentAs(name) || rests(resting) || rests(m_resting)) touched.push_back(action);
    }
    m_lent = lent;
    m_resting = resting;
    for (QAction* action : touched) applyTo(*action);
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
