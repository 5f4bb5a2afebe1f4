#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// What a search knows of a language.
struct SearchWords {
    std::string language;                             ///< "en"
    std::vector<std::string> endings;                 ///< what inflects a word, the longest first
    std::vector<std::string> noMeaning;               ///< words that say nothing of what is meant
    std::vector<std::vector<std::string>> sameThing;  ///< words for the same thing; the first stands for all
};

/// Of a language; English where it is not known.
const SearchWords& searchWords(std::string_view language);

}  // namespace lab
