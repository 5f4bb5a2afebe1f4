#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"

// What sequences are made of. A symbol is a number from 0 to size - 1; an alphabet knows how it is written.

namespace lab::goedel {

using Symbols = std::vector<int>;

/// Longer sequences are refused: their numbers would be too large whatever the symbols.
constexpr std::size_t mostSymbols = 200'000;

/// How a text was read.
struct ReadSymbols {
    Symbols symbols;
    std::vector<std::size_t> begin, end;  ///< [symbols]: bytes begin .. end of the text wrote each; "″" wrote two symbols
};

struct AlphabetRow;

class Alphabet {
public:
    /// The symbols of a run's vocabulary or of a file: any words, symbol k is words[k]. Words are parted by blanks. Throws InputError when
    /// there are none. Words that are empty, said before, contain blanks, look like "#12" or are not UTF-8 are written by their number,
    /// "#12".
    static Alphabet ofWords(std::string id, Message title, std::vector<std::string> words);

    const std::string& id() const { return m_id; }  ///< "digits", "letters", "formula", or as given
    const Message& title() const { return m_title; }
    int size() const { return static_cast<int>(m_symbols.size()); }
    /// As it stands in a table: "3", "∀", a word.
    const std::string& symbol(int number) const { return m_symbols[static_cast<std::size_t>(number)]; }
    bool contains(const Symbols& symbols) const;  ///< all are 0 .. size - 1

    /// Blanks and line ends between symbols are skipped, in digits and letters commas too; "#12" is symbol 12 of every alphabet. Nothing at
    /// all is the empty sequence. Throws InputError that names the first character or word that is no symbol and its place, counted in
    /// characters (words: in words) from 1.
    Symbols read(std::string_view text) const { return readPlaces(text).symbols; }
    ReadSymbols readPlaces(std::string_view text) const;
    /// read(write(s)) == s for every s that it contains. Digits and words with blanks between ("3 1 4"), letters and formulas without.
    std::string write(const Symbols& symbols) const;

private:
    friend struct AlphabetRow;
    Alphabet() = default;
    std::optional<int> numberOfWord(std::string_view word) const;

    std::string m_id;
    Message m_title;
    std::vector<std::string> m_symbols;
    std::vector<int> m_byText;           ///< of words: those that are written as they are, by their text
    const AlphabetRow* m_row = nullptr;  ///< null: of words
};

/// Something typed that stands for symbols: "->" for →.
struct Spelling {
    std::string_view typed;
    std::span<const int> symbols;
};

/// One built-in alphabet; its symbols are single characters.
struct AlphabetRow {
    std::string_view id;
    SourceText title;
    SourceText help;                            ///< which symbols, how they are typed
    std::span<const std::string_view> symbols;  ///< by number
    std::string_view example;                   ///< a text to begin with
    SourceText expected;                        ///< "a digit from 0 to 9"
    std::string_view separator;                 ///< between symbols when they are written
    bool commas = false;                        ///< may stand between symbols
    std::span<const Spelling> spellings = {};   ///< what else is typed
    /// Last word on symbols that were read, and on what is written for one, where a symbol's meaning depends on its neighbours. May be
    /// null.
    void (*settle)(ReadSymbols& read, std::string_view text) = nullptr;
    bool (*byNumber)(const Symbols& symbols, std::size_t position) = nullptr;

    Alphabet alphabet() const;
};

/// digits, letters (a to z), formula (formula.h).
std::span<const AlphabetRow* const> alphabetRows();
/// Null when there is no such.
const AlphabetRow* findAlphabet(std::string_view id);

extern const AlphabetRow digitsAlphabet, lettersAlphabet, formulaAlphabet;

}  // namespace lab::goedel
