#pragma once

#include <QString>
#include <QStringList>

namespace lab {

/// What the pages of the help have in common with the program itself, which are its tables: a line {keys} in a page stands for the keys
/// that there are. A new one is a function and a row in help_places.cpp.
QStringList helpPlaces();

/// The Markdown with a table of the program's own for every line that is one of these places, in the language in use.
QString withPlacesFilled(const QString& markdown);

}  // namespace lab
