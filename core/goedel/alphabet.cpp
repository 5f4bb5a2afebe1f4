#include "core/goedel/alphabet.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <optional>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/base/utf8.h"
#include "core/goedel/characters.h"

namespace lab::goedel {
namespace {

bool isDigit(char character) {
    return character >= '0' && character <= '9';
}

std::string byNumber(int symbol) {
    return "#" + std::to_string(symbol);
}

/// How many bytes at the front are "#12"; 0: none.
std::size_t numberLength(std::string_view text) {
    if (!text.starts_with('#')) return 0;
    std::size_t end = 1;
    while (end < text.size() && isDigit(text[end])) ++end;
    return end > 1 ? end : 0;
}

int symbolByNumber(std::string_view written, int size, const Message& place) {
    const auto number = parseInteger(written.substr(1));
    if (!number || *number >= size)
        throw InputError(place,
                         Message(LAB_TEXT("goedel", "“%1” is no symbol; they are numbered from #0 to #%2")).arg(written).arg(size - 1));
    return static_cast<int>(*number);
}

void append(ReadSymbols& read, int symbol, std::size_t begin, std::size_t end) {
    if (read.symbols.size() == mostSymbols)
        throw InputError(Message(LAB_TEXT("goedel", "there are more than %1 symbols")).arg(mostSymbols));
    read.symbols.push_back(symbol);
    read.begin.push_back(begin);
    read.end.push_back(end);
}

Message characterPlace(int place) {
    return Message(LAB_TEXT("goedel", "character %1")).arg(place);
}

/// One symbol by its number, character or spelling at the front of the text; advances behind it.
void readOne(const Alphabet& alphabet, const AlphabetRow& row, Characters& at, ReadSymbols& read) {
    const std::size_t begin = at.byte();
    const auto advanceTo = [&](std::size_t length) {
        while (at.byte() < begin + length) at.advance();
    };
    if (const std::size_t length = numberLength(at.rest())) {
        const int symbol = symbolByNumber(at.rest().substr(0, length), alphabet.size(), characterPlace(at.place()));
        advanceTo(length);
        return append(read, symbol, begin, begin + length);
    }
    for (const Spelling& spelling : row.spellings) {
        if (!at.rest().starts_with(spelling.typed)) continue;
        advanceTo(spelling.typed.size());
        for (const int symbol : spelling.symbols) append(read, symbol, begin, at.byte());
        return;
    }
    const auto found = std::ranges::find(row.symbols, at.front());
    if (found == row.symbols.end())
        throw InputError(characterPlace(at.place()),
                         Message(LAB_TEXT("goedel", "“%1” is no symbol here; expected %2")).arg(at.front()).arg(row.expected));
    at.advance();
    append(read, static_cast<int>(found - row.symbols.begin()), begin, at.byte());
}

ReadSymbols readCharacters(const Alphabet& alphabet, const AlphabetRow& row, std::string_view text) {
    ReadSymbols read;
    for (Characters at(text); !at.atEnd();) {
        if (at.isBlank() || (row.commas && at.front() == ","))
            at.advance();
        else
            readOne(alphabet, row, at, read);
    }
    if (row.settle) row.settle(read, text);
    return read;
}

std::string writeCharacters(const AlphabetRow& row, const Symbols& symbols) {
    std::string text;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        if (i > 0) text += row.separator;
        const bool numbered = row.byNumber && row.byNumber(symbols, i);
        if (numbered)
            text += byNumber(symbols[i]) + " ";  // a digit may follow
        else
            text += row.symbols[static_cast<std::size_t>(symbols[i])];
    }
    return text;
}

/// One word, when blanks part words; tokens of bytes may be no text at all.
bool isOneWord(std::string_view text) {
    if (text.empty() || !isUtf8(text)) return false;
    for (Characters at(text); !at.atEnd(); at.advance())
        if (at.isBlank()) return false;
    return true;
}

/// The words of a text that blanks part, with their places.
struct Word {
    std::string_view text;
    std::size_t begin = 0;
};
std::vector<Word> wordsOf(std::string_view text) {
    std::vector<Word> words;
    bool inside = false;
    for (Characters at(text); !at.atEnd(); at.advance()) {
        const bool blank = at.isBlank();
        if (!blank && !inside) words.push_back({{}, at.byte()});
        if (!blank) words.back().text = text.substr(words.back().begin, at.byte() + at.front().size() - words.back().begin);
        inside = !blank;
    }
    return words;
}

constexpr std::array<std::string_view, 10> digits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
constexpr std::array<std::string_view, 26> letters = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
                                                      "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z"};

}  // namespace

const AlphabetRow digitsAlphabet = {
    .id = "digits",
    .title = LAB_TEXT("goedel", "digits"),
    .help = LAB_TEXT("goedel", "The digits 0 to 9, with or without blanks or commas between: symbol 3 is the digit 3."),
    .symbols = digits,
    .example = "3 1 4 1 5 9 2 6",
    .expected = LAB_TEXT("goedel", "a digit from 0 to 9"),
    .separator = " ",
    .commas = true,
};

const AlphabetRow lettersAlphabet = {
    .id = "letters",
    .title = LAB_TEXT("goedel", "letters"),
    .help = LAB_TEXT("goedel", "The small letters a to z: a is symbol 0, z is symbol 25."),
    .symbols = letters,
    .example = "attend",
    .expected = LAB_TEXT("goedel", "a small letter from a to z"),
    .separator = "",
    .commas = true,
};

Alphabet Alphabet::ofWords(std::string id, Message title, std::vector<std::string> words) {
    if (words.empty()) throw InputError(title, LAB_TEXT("goedel", "an alphabet has at least one symbol"));
    Alphabet alphabet;
    alphabet.m_id = std::move(id);
    alphabet.m_title = std::move(title);
    alphabet.m_symbols = std::move(words);
    for (int k = 0; k < alphabet.size(); ++k) {
        const std::string& word = alphabet.symbol(k);
        if (isOneWord(word) && numberLength(word) != word.size()) alphabet.m_byText.push_back(k);
    }
    const auto textOf = [&](int k) -> const std::string& { return alphabet.symbol(k); };
    std::ranges::stable_sort(alphabet.m_byText, {}, textOf);
    std::vector<int>& byText = alphabet.m_byText;
    const auto again = std::unique(byText.begin(), byText.end(), [&](int a, int b) { return textOf(a) == textOf(b); });
    byText.erase(again, byText.end());  // of equal words the first stays
    return alphabet;
}

std::optional<int> Alphabet::numberOfWord(std::string_view word) const {
    const auto found = std::ranges::lower_bound(m_byText, word, {}, [this](int k) { return std::string_view(symbol(k)); });
    return found != m_byText.end() && symbol(*found) == word ? std::optional(*found) : std::nullopt;
}

bool Alphabet::contains(const Symbols& symbols) const {
    return std::ranges::all_of(symbols, [this](int symbol) { return symbol >= 0 && symbol < size(); });
}

ReadSymbols Alphabet::readPlaces(std::string_view text) const {
    if (m_row) return readCharacters(*this, *m_row, text);
    ReadSymbols read;
    int place = 0;
    for (const Word& word : wordsOf(text)) {
        const Message where = Message(LAB_TEXT("goedel", "word %1")).arg(++place);
        const bool numbered = numberLength(word.text) == word.text.size();
        const std::optional<int> symbol = numbered ? symbolByNumber(word.text, size(), where) : numberOfWord(word.text);
        if (!symbol)
            throw InputError(where,
                             Message(LAB_TEXT("goedel", "“%1” is none of the %2 words of %3")).arg(word.text).arg(size()).arg(m_title));
        append(read, *symbol, word.begin, word.begin + word.text.size());
    }
    return read;
}

std::string Alphabet::write(const Symbols& symbols) const {
    assert(contains(symbols));
    if (m_row) return writeCharacters(*m_row, symbols);
    std::string text;
    for (const int symbolNumber : symbols) {
        if (!text.empty()) text += ' ';
        const bool asItIs = numberOfWord(symbol(symbolNumber)) == symbolNumber;
        text += asItIs ? symbol(symbolNumber) : byNumber(symbolNumber);
    }
    return text;
}

Alphabet AlphabetRow::alphabet() const {
    Alphabet result;
    result.m_id = id;
    result.m_title = title;
    result.m_symbols.assign(symbols.begin(), symbols.end());
    result.m_row = this;
    return result;
}

std::span<const AlphabetRow* const> alphabetRows() {
    static constexpr std::array rows = {&digitsAlphabet, &lettersAlphabet, &formulaAlphabet};
    return rows;
}

const AlphabetRow* findAlphabet(std::string_view id) {
    const auto found = std::ranges::find(alphabetRows(), id, [](const AlphabetRow* row) { return row->id; });
    return found == alphabetRows().end() ? nullptr : *found;
}

}  // namespace lab::goedel
