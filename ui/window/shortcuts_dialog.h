#pragma once

#include <QDialog>
#include <vector>

#include "ui/window/key_groups.h"

namespace lab {

class Actions;

/// The keys of all actions that can be seen, by their groups, then those of parts and pages.
std::vector<KeyGroup> shortcutGroups(const Actions& actions);

/// Every key of the window (F1). Not modal: one may try them while it is open.
class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    explicit ShortcutsDialog(const Actions& actions, QWidget* parent = nullptr);
};

}  // namespace lab
