#pragma once

#include <QObject>

class QAction;
class QActionGroup;
class QMenu;
class QString;

namespace lab {

class Session;

/// Fills a menu with the presets: one submenu for each family ("Reverse", "Paper"), in sections by what they show. An entry says what to
/// look at beside the picture of its map, a mark stands at the one that is open.
class PresetMenu : public QObject {
    Q_OBJECT

public:
    PresetMenu(QMenu& menu, Session& session, QObject* parent);

private:
    void addEntry(QMenu& place, const QString& name, const QString& text, const QString& form);
    static void drawPictures(const QMenu& menu, int width);
    void mark();

    Session& m_session;
    QActionGroup* m_choices;
};

}  // namespace lab
