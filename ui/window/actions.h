#pragma once

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>
#include <map>
#include <vector>

#include "ui/pages/own_bars.h"

namespace lab {

/// Of a button: the name of the action that it triggers, by which a lesson finds it.
constexpr const char* actionProperty = "action";

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
        connect(action, &QAction::triggered, receiver, [this, action, receiver, slot] {
            if (actsElsewhere(*action)) return;
            if constexpr (std::is_member_function_pointer_v<Slot>)
                (receiver->*slot)();
            else
                slot();
        });
        return action;
    }
    /// One that comes from another list: of pages, comparisons, sweeps. `group` is the heading in the list of shortcuts.
    QAction* add(const QString& name, const QString& text, const QList<QKeySequence>& shortcuts, const QString& group);
    /// Whether there is anything for the action to do, as far as its owner knows.
    void allow(const QString& name, bool allowed);
    /// Lends actions to a page: those named act there under another name, others whose names begin with one of `resting` ("train.") rest.
    /// Replaces what was lent before.
    void lend(const std::vector<OwnAction>& lent, const QStringList& resting);
    /// Takes actions away, with their keys and out of menus, by their names or what these begin with ("train."); replaces what was taken
    /// before. What a page was lent stays.
    void withhold(const QStringList& names);
    bool isWithheld(const QString& name) const;
    /// Null when there is none of this name.
    QAction* find(const QString& name) const;
    /// In the order of adding.
    const std::vector<QAction*>& all() const { return m_actions; }
    static QString groupOf(const QAction* action);

private:
    QAction* make(const char* id);
    bool actsElsewhere(const QAction& action) const;
    const OwnAction* lentAs(const QString& name) const;
    void applyTo(QAction& action) const;
    void showOrHide(QAction& action) const;

    QWidget* m_window;
    std::vector<QAction*> m_actions;
    std::vector<OwnAction> m_lent;
    QStringList m_resting, m_withheld;
    std::map<QString, QString> m_texts;  ///< by name, of those that were lent: what they are called in the window
    std::map<QString, bool> m_allowed;   ///< by name, as allow() said
};

}  // namespace lab
