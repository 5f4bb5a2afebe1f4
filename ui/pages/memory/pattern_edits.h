#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "ui/pages/memory/memory_state.h"

// What a hand does to the stored patterns: each gives the value after it.

namespace lab {

/// Behind the others, the first of them chosen; a query by noise is asked anew. As many as there is room for.
MemoryValue withAdded(MemoryValue value, std::vector<Pattern> added);
/// The chosen one in another shape; a query by noise follows it.
MemoryValue withChosen(MemoryValue value, Pattern pattern);
MemoryValue withoutChosen(MemoryValue value);
/// Another one is asked for.
MemoryValue withAsked(MemoryValue value, int chosen);
/// A name that none of the patterns has: "apple 2".
std::string freeName(const std::vector<Pattern>& patterns, const std::string& wished);

/// A file of patterns (PBM, text of 0 and 1), or a picture made black and white in the size of `like`. Throws InputError with a sentence
/// that names the file and the place: also where its pictures are not of that size, unless `anySize`.
std::vector<Pattern> openedPatterns(const QString& path, const Pattern& like, bool anySize = false);
/// Whether its name is that of such a file.
bool isPatternFile(const QString& path);
/// For a file dialog.
QString patternFilters();

}  // namespace lab
