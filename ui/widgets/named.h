#pragma once

#include <QWidget>

class QMenu;

// Every control that a person can use has a name, `page.part.name` in small letters, unique in its window, that no translation changes
// (control_ids_test): `maps.head.shows`. What is part of a widget that is used in several places begins with the dot, `.measure`, and is
// completed where the whole gets its name.

namespace lab {

void setControlName(QWidget& control, const QString& name);
/// Names what a menu offers by its place: `window.timeline.runs.1`.
void numberActions(const QMenu& menu, const QString& first);
/// Puts `first` before every name in it: for the same page a second time in one window.
void prependName(const QString& first, QWidget& whole);

template <class Control>
Control* named(const QString& name, Control* control) {
    setControlName(*control, name);
    return control;
}

template <class Control>
Control* named(const char* name, Control* control) {
    return named(QString::fromLatin1(name), control);
}

}  // namespace lab
