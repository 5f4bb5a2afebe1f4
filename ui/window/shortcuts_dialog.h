#pragma once

#include <QDialog>
#include <QString>
#include <utility>
#include <vector>

namespace lab {

class Actions;

/// One heading of the list of shortcuts.
struct ShortcutGroup {
    QString title;
    std::vector<std::pair<QString, QString>> entries;  ///< keys, what they do
};

/// The keys of all actions by their groups, in the order of adding, then those that widgets know by themselves.
std::vector<ShortcutGroup> shortcutGroups(const Actions& actions);

/// Every key of the window (F1). Not modal: one may try them while it is open.
class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    explicit ShortcutsDialog(const Actions& actions, QWidget* parent = nullptr);
};

}  // namespace lab
