#include "core/goedel/arithmetic.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/base/errors.h"
#include "core/goedel/prime_powers.h"

namespace lab::goedel {
namespace {

constexpr int anySymbol = std::numeric_limits<int>::max();

constexpr SourceText theNumber = LAB_TEXT("goedel", "the number"), firstNumber = LAB_TEXT("goedel", "the first number"),
                     secondNumber = LAB_TEXT("goedel", "the second number"), theFormula = LAB_TEXT("goedel", "the formula"),
                     theTerm = LAB_TEXT("goedel", "the term");

/// How often each prime divides, from 2 on until one does not.
std::vector<int> exponentsOf(const Natural& number, const SourceText& what, const CancelCheck& cancelled) {
    const Decoded decoded = decode(number, anySymbol, cancelled);
    if (decoded.fault) throw InputError(what, decoded.fault->sentence);
    std::vector<int> exponents;
    for (const DecodeStep& step : decoded.steps)
        if (step.times > 0) exponents.push_back(static_cast<int>(step.times));
    return exponents;
}

Symbols symbolsOf(const std::vector<int>& exponents) {
    Symbols symbols;
    for (const int exponent : exponents) symbols.push_back(exponent - 1);
    return symbols;
}

/// The same for a formula or term, whose symbols have to be the language's.
Symbols signsOf(const Natural& number, const SourceText& what, const CancelCheck& cancelled) {
    const Decoded decoded = decode(number, signCount, cancelled);
    if (decoded.fault) throw InputError(what, decoded.fault->sentence);
    return decoded.symbols;
}

std::vector<PrimePower> powersAt(const Move& move, std::size_t position) {
    const std::vector<std::uint32_t> primes = firstPrimes(position + move.count());
    std::vector<PrimePower> powers;
    for (std::size_t k = 0; k < move.count(); ++k) powers.push_back({primes[position + k], static_cast<std::size_t>(move.exponents[k])});
    return powers;
}

std::string powersText(const std::vector<PrimePower>& powers) {
    std::string text;
    for (const PrimePower& power : powers) {
        if (!text.empty()) text += " · ";
        text += std::to_string(power.prime) + "^" + std::to_string(power.exponent);
    }
    return text;
}

/// Collects moves that follow each other in the result.
class Mover {
public:
    /// exponents [begin, end) of a source come next.
    void move(MoveSource source, const std::vector<int>& exponents, std::size_t begin, std::size_t end) {
        if (begin == end) return;
        m_moves.push_back({source,
                           begin,
                           m_length,
                           {exponents.begin() + static_cast<std::ptrdiff_t>(begin), exponents.begin() + static_cast<std::ptrdiff_t>(end)}});
        m_length += end - begin;
    }

    Worked worked(const CancelCheck& cancelled) && {
        std::vector<int> exponents;
        for (const Move& each : m_moves) exponents.insert(exponents.end(), each.exponents.begin(), each.exponents.end());
        checkSize(symbolsOf(exponents));
        Worked result;
        result.number = 1;
        for (const Move& each : m_moves) result.number *= productOf(powersAt(each, each.to), cancelled);
        result.moves = std::move(m_moves);
        return result;
    }

private:
    std::vector<Move> m_moves;
    std::size_t m_length = 0;
};

void checkPlaces(const std::vector<Stretch>& places, std::size_t length) {
    std::size_t end = 0;
    for (const Stretch& place : places) {
        assert(place.begin >= end);
        end = place.begin + place.length;
        if (end > length)
            throw InputError(Message(LAB_PLURAL("goedel", "position %1 is behind the end: the sequence has %n symbol(s)"))
                                 .arg(end - 1)
                                 .count(static_cast<std::int64_t>(length)));
    }
}

Worked replacedIn(const std::vector<int>& first, const std::vector<Stretch>& places, const std::vector<int>& second,
                  const CancelCheck& cancelled) {
    checkPlaces(places, first.size());
    // Looked at before anything is copied: many places times a long second may be more than any memory.
    if (places.size() > 0 && second.size() > (2 * mostSymbols) / places.size())
        throw InputError(Message(LAB_TEXT("goedel", "there are more than %1 symbols")).arg(mostSymbols));
    Mover mover;
    std::size_t at = 0;
    for (const Stretch& place : places) {
        mover.move(MoveSource::first, first, at, place.begin);
        mover.move(MoveSource::second, second, 0, second.size());
        at = place.begin + place.length;
    }
    mover.move(MoveSource::first, first, at, first.size());
    return std::move(mover).worked(cancelled);
}

/// A free variable of the term that a quantifier would bind at one of the places where the term is put.
void refuseCapture(const Symbols& formula, const Syntax& syntax, const Variable& variable, const Syntax& term) {
    eachOccurrence(formula, syntax, [&](std::size_t position, const Variable& here, const Bound& bound) {
        const auto isBound = [&](const Variable& which) {
            const auto found = bound.find(which);
            return found != bound.end() && found->second > 0;
        };
        if (here != variable || isBound(variable)) return;
        for (const Variable& inTerm : term.freeVariables)
            if (isBound(inTerm))
                throw InputError(
                    Message(LAB_TEXT("goedel",
                                     "position %1: a quantifier there would bind %2 of the term, which would change what is said; "
                                     "give the bound variable another name first"))
                        .arg(position)
                        .arg(inTerm.text()));
    });
}

}  // namespace

std::string takenText(const Move& move) {
    return powersText(powersAt(move, move.from));
}

std::string putText(const Move& move) {
    return powersText(powersAt(move, move.to));
}

std::size_t lengthOf(const Natural& number, const CancelCheck& cancelled) {
    return exponentsOf(number, theNumber, cancelled).size();
}

Worked concatenated(const Natural& first, const Natural& second, const CancelCheck& cancelled) {
    const std::vector<int> before = exponentsOf(first, firstNumber, cancelled), after = exponentsOf(second, secondNumber, cancelled);
    return replacedIn(before, {{before.size(), 0}}, after, cancelled);
}

Worked replaced(const Natural& first, const std::vector<Stretch>& places, const Natural& second, const CancelCheck& cancelled) {
    return replacedIn(exponentsOf(first, firstNumber, cancelled), places, exponentsOf(second, secondNumber, cancelled), cancelled);
}

std::vector<Stretch> placesOf(const Natural& number, int symbol, const CancelCheck& cancelled) {
    const std::vector<int> exponents = exponentsOf(number, theNumber, cancelled);
    std::vector<Stretch> places;
    for (std::size_t i = 0; i < exponents.size(); ++i)
        if (exponents[i] == symbol + 1) places.push_back({i, 1});
    return places;
}

Worked substituted(const Natural& formula, const Variable& variable, const Natural& term, const CancelCheck& cancelled) {
    const Symbols symbols = signsOf(formula, theFormula, cancelled), inner = signsOf(term, theTerm, cancelled);
    const SyntaxReading outerReading = readFormula(symbols), innerReading = readTerm(inner);
    if (outerReading.fault) throw InputError(theFormula, outerReading.fault->sentence);
    if (innerReading.fault) throw InputError(theTerm, innerReading.fault->sentence);
    refuseCapture(symbols, *outerReading.syntax, variable, *innerReading.syntax);
    std::vector<Stretch> places;
    const Symbols written = variable.symbols();
    for (const std::size_t place : outerReading.syntax->freePlaces) {
        const auto begin = symbols.begin() + static_cast<std::ptrdiff_t>(place);
        const auto end = std::find_if(begin + 1, symbols.end(), [](int symbol) { return symbol != numberOf(Sign::mark); });
        if (std::equal(begin, end, written.begin(), written.end())) places.push_back({place, written.size()});
    }
    return replaced(formula, places, term, cancelled);
}

double log2OfNumeralBits(const Natural& number) {
    assert(number > Natural(1));
    return 1 + number.log2() + std::log2(number.log2());
}

}  // namespace lab::goedel
