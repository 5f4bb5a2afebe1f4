#pragma once

#include <QString>
#include <optional>
#include <string>

#include "ui/text/language.h"

// Numbers in the reader's language. Files, commands, copied tables and code have a point in every language: they never pass here.

namespace lab {

/// A number as it stands, "0.25", with the decimal point of the language in use.
QString withShownPoint(QString number);
/// The same in a text of no language, as core's sentences are filled with: "[0.5, 0.25]" becomes "[0,5; 0,25]", "x = 0.5" "x = 0,5".
/// Paths, keys, versions, code and names, "lr 0.5" among them, stay as they are.
std::string withShownNumbers(const std::string& text);
QString withShownNumbers(const QString& text);

/// What a person typed as one number, plain: "0,25" and "0.25" are the same, a true minus is a minus, groups may be parted by blanks.
QString plainNumber(const QString& typed);
/// The same for a list, which a file parts by commas: "0,5; 0,25" and "0.5, 0.25" are both "0.5, 0.25". Where a ";" parts numbers a comma
/// is a decimal's. Without one it parts numbers where the language has a decimal point; where that has a decimal comma, a comma with a
/// blank behind it does, and one of several in "1,2,4"; "1,5" is one number.
QString plainNumbers(const QString& typed);
/// The same for vectors, whose numbers are parted by blanks or commas: "0,5 1" is "0.5 1" where the language has a decimal comma.
QString plainVectors(const QString& typed);
/// A typed number; nothing when it is none.
std::optional<double> typedNumber(const QString& typed);
/// A list as a file has it, "0.5, 0.25", as the form shows it: "0,5; 0,25".
QString withShownList(const QString& plain);

}  // namespace lab
