#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/memory/pattern.h"

namespace lab {

// Files of black-and-white pictures. PBM (netpbm): "P1" plain or "P4" packed, 1 is black and on; several pictures may follow one another; a
// comment before the size is the name. Text: a row of 0 and 1 a line (1 is on; blanks between them are allowed), pictures parted by empty
// lines, a line "# name" before a picture names it. A picture without a name is called after its file, with its number when there are
// several.

/// The pictures of a file's bytes. `file` is what messages call it. Throws InputError naming file, line and column ("letters.txt:7:3: ...";
/// for packed data the picture): no picture at all, sizes that differ, more than mostPatterns pictures, mostPatternPixels pixels or
/// mostPatternSide rows or columns, characters that are none of the format, data that end too early.
std::vector<Pattern> parsePatterns(std::string_view bytes, const std::string& file);
/// Throws InputError too when the file cannot be read or is larger than any file of patterns.
std::vector<Pattern> readPatterns(const std::filesystem::path& path);

/// As text of 0 and 1 with names.
std::string patternsAsText(const std::vector<Pattern>& patterns);
/// As plain PBM (P1), one picture behind the other, each with its name as a comment.
std::string patternsAsPbm(const std::vector<Pattern>& patterns);
/// As packed PBM (P4), likewise.
std::string patternsAsPackedPbm(const std::vector<Pattern>& patterns);

/// Writes them whole or not at all: plain PBM where the file's name ends with ".pbm", else text. Throws InputError.
void writePatterns(const std::filesystem::path& path, const std::vector<Pattern>& patterns);

}  // namespace lab
