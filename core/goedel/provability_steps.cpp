#include <array>
#include <cmath>

#include "core/base/number_text.h"
#include "core/goedel/arithmetic.h"
#include "core/goedel/proof.h"

// The first look at why provability becomes a statement about numbers, with numbers of the small system.

namespace lab::goedel {
namespace {

using Rows = std::vector<std::pair<Message, Message>>;

Message plain(std::string text) {
    return Message::verbatim(std::move(text));
}

std::string written(const Symbols& symbols) {
    return formulaAlphabet.alphabet().write(symbols);
}

Message digitsOf(const Natural& number) {
    return Message(LAB_PLURAL("goedel", "%n digit(s)")).count(static_cast<std::int64_t>(number.digits()));
}

/// "2^87.5", of a number by its logarithm.
Message powerOfTwo(double logarithm) {
    return plain("2^" + numberText(std::round(logarithm * 10) / 10));
}

/// One and one is two: an axiom and a step of the rule.
Natural exampleProof() {
    return goedelNumber(sumProof(1, 1));
}
Natural exampleFormula(int sum) {
    return goedelNumber(sumFormula(1, 1, sum));
}

Rows formulaRows() {
    const Natural number = exampleFormula(2);
    return {{plain(written(sumFormula(1, 1, 2))), plain(groupedDigits(number.toDecimal()))},
            {LAB_TEXT("goedel", "its length"), digitsOf(number)}};
}

Rows proofRows() {
    const Natural axiom = goedelNumber(sumFormula(1, 0, 1)), sum = exampleFormula(2), proof = exampleProof();
    // Of 2^a 3^b with numbers of formulas as exponents: a + b log2 3 binary digits.
    const double bitsByExponents = std::log2(axiom.toDouble() + sum.toDouble() * std::log2(3.0));
    return {{plain(written(sumProof(1, 1))), digitsOf(proof)},
            {LAB_TEXT("goedel", "with the formulas' numbers as exponents, binary digits"), powerOfTwo(bitsByExponents)}};
}

Rows relationRows() {
    const auto answer = [](int sum) -> Message {
        return proves(exampleProof(), exampleFormula(sum)).proves ? LAB_TEXT("goedel", "yes") : LAB_TEXT("goedel", "no");
    };
    const auto asked = [](int sum) { return Message(LAB_TEXT("goedel", "is it a proof of %1?")).arg(written(sumFormula(1, 1, sum))); };
    return {{asked(2), answer(2)}, {asked(3), answer(3)}};
}

Rows diagonalRows() {
    const Natural number = goedelNumber(formulaAlphabet.alphabet().read("x=x"));
    return {{LAB_TEXT("goedel", "number of x=x"), plain(groupedDigits(number.toDecimal()))},
            {LAB_TEXT("goedel", "binary digits of the number of its numeral S…S0, at least about"), powerOfTwo(log2OfNumeralBits(number))}};
}

constexpr std::array<ProvabilityStep, 7> steps = {{
    {LAB_TEXT("goedel", "A formula is a number"),
     LAB_TEXT(
         "goedel",
         "Every symbol of the language has a number, so a formula is a sequence of numbers, and by powers of primes one number. What is "
         "said of formulas (it begins with ∀, it has a free variable) is then said of numbers: how often a prime divides them."),
     formulaRows},
    {LAB_TEXT("goedel", "A proof is a number"),
     LAB_TEXT("goedel",
              "A proof is a sequence of formulas. Gödel (1931) codes it by powers of primes once more, with the formulas' numbers as "
              "exponents. Such numbers exist but cannot be written down; here the formulas follow each other, parted by a semicolon, which "
              "serves as well."),
     proofRows},
    {LAB_TEXT("goedel", "Being a proof is a relation of two numbers"),
     LAB_TEXT(
         "goedel",
         "Whether x is the number of a proof of the formula with number y is found out by dividing and by comparing exponents. It always "
         "ends, with yes or no. In Gödel's system this relation is primitive recursive: it takes loops whose number of rounds is known "
         "beforehand."),
     relationRows},
    {LAB_TEXT("goedel", "Arithmetic can speak of it"),
     LAB_TEXT(
         "goedel",
         "For Peano's arithmetic there is a formula Proof(x, y), made of +, ×, = and logic alone, that holds of a pair of numbers if and "
         "only if the first is the number of a proof of the formula with the second. “y is provable” then reads ∃x Proof(x, y): a "
         "statement about "
         "numbers.")},
    {LAB_TEXT("goedel", "Provable is sought, not computed"),
     LAB_TEXT(
         "goedel",
         "∃x has no bound. When there is a proof, trying x = 0, 1, 2, ... comes to it; when there is none, this never ends. For consistent "
         "systems with enough arithmetic no other procedure decides it for every sentence either (Church, Turing and Rosser 1936), "
         "whatever guides the search.")},
    {LAB_TEXT("goedel", "A sentence that speaks of itself"),
     LAB_TEXT(
         "goedel",
         "Putting a formula's own number into it is an operation on numbers, so there is a sentence that is true if and only if it has no "
         "proof. A consistent system with enough arithmetic, whose axioms can be listed by a procedure, does not prove it; if moreover "
         "the system proves nothing false about numbers, it does not prove its negation either. Rosser (1936) found a sentence for which "
         "consistency is enough."),
     diagonalRows},
    {LAB_TEXT("goedel", "What the small system is not"),
     LAB_TEXT(
         "goedel",
         "It proves exactly the true sums of two numerals: provable and true are the same here, and both can be computed. Gödel's theorem "
         "is about systems that can say more. Arithmetic with + and quantifiers but without × is still complete and decidable "
         "(Presburger 1929); Peano's, with × as well, is neither.")},
}};

}  // namespace

std::span<const ProvabilityStep> provabilitySteps() {
    return steps;
}

}  // namespace lab::goedel
