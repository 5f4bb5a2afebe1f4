#pragma once

#include <QDialog>

namespace lab {

class Actions;

/// Every key the window listens to, made from its actions.
class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    ShortcutsDialog(const Actions& actions, QWidget* parent);
};

}  // namespace lab
