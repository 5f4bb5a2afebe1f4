#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/memory/pattern.h"

namespace lab {

/// A file of pictures that comes with the program (resources/patterns/*.txt, in the format of pattern_files.h).
struct PatternText {
    std::string_view name, text;
};
const std::vector<PatternText>& patternTexts();

/// Our own pictures of 16 x 16: skull, apple, key, boat, leaf, ladder and others, the names in lower case.
const std::vector<Pattern>& iconPatterns();
/// Letters of 16 x 16, "A" to "Z": patterns that resemble each other.
const std::vector<Pattern>& letterPatterns();
/// Of either list; null when there is none of this name.
const Pattern* findBuiltInPattern(std::string_view name);
/// What "built-in:icons", "built-in:letters" or "built-in:skull" names; nothing for what does not begin so. Throws InputError that lists
/// the names.
std::optional<std::vector<Pattern>> builtInPatterns(const std::string& source);

}  // namespace lab
