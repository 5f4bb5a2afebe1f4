#pragma once

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>
#include <vector>

namespace lab {

/// Everything the window can be told to do, by name ("train.toggle"): menus, buttons, shortcuts and the list of shortcuts come from here.
class Actions : public QObject {
    Q_OBJECT

public:
    /// Shortcuts act wherever the keyboard's focus is inside `window`, except in text being typed.
    explicit Actions(QWidget* window);

    /// Makes the action of the row `id` of the table, and says what it does.
    template <class Receiver, class Slot>
    QAction* on(const char* id, Receiver* receiver, Slot slot) {
        QAction* action = make(id);
        connect(action, &QAction::triggered, receiver, slot);
        return action;
    }
    /// One that comes from another list: of pages, comparisons, sweeps. `group` is the heading in the list of shortcuts.
    QAction* add(const QString& name, const QString& text, const QList<QKeySequence>& shortcuts, const QString& group);
    /// Null when there is none of this name.
    QAction* find(const QString& name) const;
    /// In the order of adding.
    const std::vector<QAction*>& all() const { return m_actions; }
    static QString groupOf(const QAction* action);

private:
    QAction* make(const char* id);

    QWidget* m_window;
    std::vector<QAction*> m_actions;
};

}  // namespace lab
