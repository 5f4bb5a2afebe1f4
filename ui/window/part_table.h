#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "core/base/message.h"

namespace lab {

enum class PartGroup { transport, pages, window };

/// A part of the window that can be hidden. What hides it is here and nowhere else.
struct PartRow {
    const char* name;  ///< of core's windowParts(), in their order
    PartGroup group;
    SourceText text;                ///< empty: as the page is called
    std::vector<QString> controls;  ///< by name; "*.header.export": all that end so. What these trigger is off with them
    QStringList actions{};          ///< that are off besides, by name or by what it begins with, "train."; "preset.": in the palette
};

const std::vector<PartRow>& partTable();

/// A choice of parts under one name.
struct PartSet {
    const char* id;  ///< kept for good
    SourceText name;
    QStringList hidden;  ///< in the order of the table
};
/// Those that come with the program; the first hides nothing.
const std::vector<PartSet>& partSets();

QString titleOf(PartGroup group);

}  // namespace lab
