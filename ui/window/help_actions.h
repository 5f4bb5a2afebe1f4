#pragma once

#include <QObject>
#include <QPointer>

class QMenu;

namespace lab {

class HelpReader;
class MainWindow;
struct HelpPage;

/// The pages of the help, each an action of the window and a line of a menu.
class HelpActions : public QObject {
    Q_OBJECT

public:
    HelpActions(MainWindow& window, QMenu& menu, QObject* parent);

    /// What another window showed, in the language in use now.
    void takeOver(const HelpActions& before);

private:
    void show(const HelpPage& page);

    MainWindow& m_window;
    QPointer<HelpReader> m_reader;
};

}  // namespace lab
