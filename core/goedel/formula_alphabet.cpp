#include <array>

#include "core/goedel/formula.h"

// How formulas are typed and written.

namespace lab::goedel {
namespace {

constexpr std::array<std::string_view, signCount> signs = {"0", "S", "+", "×", "=", "(", ")", "x", "y",
                                                           "z", "′", "¬", "∧", "∨", "→", "∀", "∃", ";"};

template <Sign... those>
constexpr std::array<int, sizeof...(those)> numbers = {numberOf(those)...};

/// Longer ones stand before their beginnings.
constexpr std::array<Spelling, 21> typed = {{
    {"->", numbers<Sign::implication>},
    {"*", numbers<Sign::times>},
    {"·", numbers<Sign::times>},
    {"'", numbers<Sign::mark>},
    {"’", numbers<Sign::mark>},
    {"″", numbers<Sign::mark, Sign::mark>},
    {"‴", numbers<Sign::mark, Sign::mark, Sign::mark>},
    {"\"", numbers<Sign::mark, Sign::mark>},
    {"~", numbers<Sign::negation>},
    {"!", numbers<Sign::negation>},
    {"&", numbers<Sign::conjunction>},
    {"|", numbers<Sign::disjunction>},
    {"A", numbers<Sign::all>},
    {"E", numbers<Sign::some>},
    {"s", numbers<Sign::successor>},
    {"X", numbers<Sign::x>},
    {"Y", numbers<Sign::y>},
    {"Z", numbers<Sign::z>},
    {"[", numbers<Sign::open>},
    {"]", numbers<Sign::close>},
    {"⇒", numbers<Sign::implication>},
}};

bool is(const Symbols& symbols, std::size_t i, Sign sign) {
    return symbols[i] == numberOf(sign);
}

/// A term may end with the symbol at i: 0, a parenthesis or a variable that no quantifier stands before.
bool endsTerm(const Symbols& symbols, std::size_t i) {
    if (is(symbols, i, Sign::zero) || is(symbols, i, Sign::close)) return true;
    while (i > 0 && is(symbols, i, Sign::mark)) --i;
    const bool quantified = i > 0 && (is(symbols, i - 1, Sign::all) || is(symbols, i - 1, Sign::some));
    return isVariableLetter(symbols[i]) && !quantified;
}

bool beginsTerm(int symbol) {
    return symbol == numberOf(Sign::zero) || symbol == numberOf(Sign::successor) || symbol == numberOf(Sign::open) ||
           isVariableLetter(symbol);
}

/// Where x stands between two terms: a sign of multiplication when it was typed.
bool standsForTimes(const Symbols& symbols, std::size_t i) {
    return is(symbols, i, Sign::x) && i > 0 && i + 1 < symbols.size() && endsTerm(symbols, i - 1) && beginsTerm(symbols[i + 1]);
}

void settleTimes(ReadSymbols& read, std::string_view text) {
    for (std::size_t i = 0; i < read.symbols.size(); ++i)
        if (text.substr(read.begin[i], read.end[i] - read.begin[i]) == "x" && standsForTimes(read.symbols, i))
            read.symbols[i] = numberOf(Sign::times);
}

}  // namespace

const AlphabetRow formulaAlphabet = {
    .id = "formula",
    .title = LAB_TEXT("goedel", "formulas"),
    .help =
        LAB_TEXT("goedel",
                 "A small language of arithmetic: 0, S (successor), +, ×, =, parentheses, the variables x, y, z, x′ and so on, ¬, ∧, ∨, "
                 "→, ∀, ∃. Typed: * or, between two terms, x for ×, ' for ′, ~ for ¬, & for ∧, | for ∨, -> for →, A for ∀, E for ∃. Sums, "
                 "products and what "
                 "∧, ∨, → join stand in parentheses: ∀x (x+0)=x."),
    .symbols = signs,
    .example = "∀x(x+0)=x",
    .expected = LAB_TEXT("goedel", "0, S, +, ×, =, a parenthesis, x, y, z, ′, ¬, ∧, ∨, →, ∀ or ∃"),
    .separator = "",
    .spellings = typed,
    .settle = settleTimes,
    .byNumber = standsForTimes,
};

}  // namespace lab::goedel
