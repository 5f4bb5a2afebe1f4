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

    /// `group` is the heading in the list of shortcuts.
    QAction* add(const QString& name, const QString& text, const QList<QKeySequence>& shortcuts, const QString& group);
    /// Null when there is none of this name.
    QAction* find(const QString& name) const;
    /// In the order of adding.
    const std::vector<QAction*>& all() const { return m_actions; }
    static QString groupOf(const QAction* action);

private:
    QWidget* m_window;
    std::vector<QAction*> m_actions;
};

}  // namespace lab
