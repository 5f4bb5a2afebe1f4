#pragma once

#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/goedel/alphabet.h"

// A small language of arithmetic, in the manner of Peano's:
//   term    = "0" | "S" term | variable | "(" term ("+" | "×") term ")"
//   formula = term "=" term | "¬" formula | ("∀" | "∃") variable formula | "(" formula ("∧" | "∨" | "→") formula ")"
//   variable = ("x" | "y" | "z") followed by any number of "′"
// It has finitely many symbols and infinitely many variables. Typed: ' for ′; * or x between two terms for ×; ~ or ! for ¬; & for ∧; | for
// ∨;
// -> for →; A for ∀; E for ∃.

namespace lab::goedel {

/// The alphabet's symbols, by number.
enum class Sign {
    zero,
    successor,
    plus,
    times,
    equals,
    open,
    close,
    x,
    y,
    z,
    mark,
    negation,
    conjunction,
    disjunction,
    implication,
    all,
    some,
    next
};
constexpr int signCount = 18;
/// `next` (";") parts the lines of a proof and occurs in no formula.
constexpr int numberOf(Sign sign) {
    return static_cast<int>(sign);
}
bool isVariableLetter(int symbol);

/// A variable: its letter and how many marks (′) follow.
struct Variable {
    Sign letter = Sign::x;
    int marks = 0;

    Symbols symbols() const;
    std::string text() const;  ///< "x′"
    auto operator<=>(const Variable&) const = default;
};

/// A part of a formula or term.
struct SyntaxNode {
    Sign sign = Sign::zero;          ///< what makes it what it is: +, =, ∀, 0, or the variable's letter
    std::size_t begin = 0, end = 0;  ///< of the symbols
    std::vector<int> parts;          ///< indices of nodes: operands; of a quantifier its variable and what it is said of
    bool isTerm = false;
};

/// Where a sequence stops being what it should be.
struct SyntaxFault {
    std::size_t position = 0;  ///< index of the symbol that does not fit; the length of the sequence: it ends too early
    Message sentence;          ///< what was expected there and what stands there; names the position, counted from 0
};

struct Syntax {
    std::vector<SyntaxNode> nodes;        ///< the last is the whole
    std::vector<Variable> freeVariables;  ///< ascending
    /// For every free occurrence of a variable where it begins (index of its letter), ascending.
    std::vector<std::size_t> freePlaces;

    const SyntaxNode& whole() const { return nodes.back(); }
    bool isSentence() const { return !whole().isTerm && freeVariables.empty(); }
};

/// Either a formula (or term) or the first place where it fails.
struct SyntaxReading {
    std::optional<Syntax> syntax;
    std::optional<SyntaxFault> fault;  ///< one of the two
};

/// Visits every occurrence of a variable as a term, from left to right: the index of its letter, itself, and how many of the quantifiers
/// around it bind which variable.
using Bound = std::map<Variable, int>;
void eachOccurrence(const Symbols& symbols, const Syntax& syntax,
                    const std::function<void(std::size_t position, const Variable& variable, const Bound& bound)>& visit);

/// Parts are nested at most this deep; S, ¬ and quantifiers that follow each other count once.
constexpr int deepestNesting = 500;

/// All symbols are of the alphabet formula.
SyntaxReading readFormula(const Symbols& symbols);
SyntaxReading readTerm(const Symbols& symbols);

/// "a sentence", "a formula in which x and y′ are free", or the fault's sentence: what the page and the command say below a sequence.
Message syntaxText(const SyntaxReading& reading);

/// S S ... S 0 with n times S.
Symbols numeral(int n);

}  // namespace lab::goedel
