#pragma once

#include <QObject>

class QAction;
class QActionGroup;
class QMenu;

namespace lab {

class Session;

/// Fills a menu with the presets: one submenu for each family ("Reverse", "Paper"), single ones at the end; tool tips say what to look at,
/// a mark stands at the one that is open.
class PresetMenu : public QObject {
    Q_OBJECT

public:
    PresetMenu(QMenu& menu, Session& session, QObject* parent);

private:
    void mark();

    Session& m_session;
    QActionGroup* m_choices;
};

}  // namespace lab
