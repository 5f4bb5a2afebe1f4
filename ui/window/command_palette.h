#pragma once

#include <QDialog>
#include <vector>

class QAction;
class QLineEdit;
class QListWidget;

namespace lab {

class Actions;

/// Every action by its name: typed words narrow the list, Enter does the chosen one. Closes when it has, and with Escape.
class CommandPalette : public QDialog {
    Q_OBJECT

public:
    CommandPalette(const Actions& actions, QWidget* parent);

    QLineEdit& field() const { return *m_field; }
    QListWidget& list() const { return *m_list; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill(const QString& words);
    void doChosen();

    std::vector<QAction*> m_actions;
    QLineEdit* m_field;
    QListWidget* m_list;
};

}  // namespace lab
