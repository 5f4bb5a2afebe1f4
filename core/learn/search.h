#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/learn/search_words.h"

namespace lab {

/// What can be found: its name, how else one may call it, and what it says of itself, which count in this order.
struct Searchable {
    std::string name;
    std::vector<std::string> also = {};
    std::string text = {};
};

/// Finds things by words that a person types: in any order, begun, inflected, with a wrong letter, or with another word for the same.
class Search {
public:
    /// `language` of the entries: "en", "de".
    explicit Search(std::vector<Searchable> entries, std::string_view language = "en");

    /// Indices of the entries that the words fit, the best first, of equals those of which a name, or another one, was typed whole; all of
    /// them, in their order, for no words. An entry fits that has half of the words that matter, rare ones counting more.
    std::vector<std::size_t> find(std::string_view words) const;

private:
    struct Word {
        std::string stem;
        double field = 0.0;  ///< how much the place counts where it stands
    };

    std::string stemOf(const std::string& word) const;
    double fit(std::size_t entry, const std::string& stem, bool begun) const;
    std::vector<std::string> stemsOf(std::vector<std::string> words) const;
    bool isWholeName(std::size_t entry, const std::vector<std::string>& stems) const;

    const SearchWords& m_language;
    std::map<std::string, std::string> m_firsts;                 ///< of words for the same thing, without their endings
    std::vector<std::vector<Word>> m_words;                      ///< of each entry
    std::vector<std::vector<std::vector<std::string>>> m_names;  ///< the stems of each entry's names
};

}  // namespace lab
