#include "core/goedel/goedel_number.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/base/errors.h"
#include "core/goedel/prime_powers.h"

namespace lab::goedel {
namespace {

/// From here on many primes are divided out at a time, by way of a remainder that is short; below, each by itself is as quick.
constexpr std::size_t manyBits = 50'000;
/// About so many bits has the number by which the remainder is taken.
constexpr double blockBits = 16'000;
/// A block of fewer primes is not worth its division.
constexpr std::size_t fewestInBlock = 4;

/// Divides a number by primes in their order and notes how often each does.
class Division {
public:
    Division(const Natural& number, const CancelCheck& cancelled) : m_cancelled(cancelled) { m_decoded.rest = number; }

    Decoded decoded() {
        while (m_decoded.steps.size() < mostSymbols) {
            throwIfCancelled(m_cancelled);
            if (m_decoded.rest.bits() > manyBits && divideBlock()) continue;
            if (!divideOne()) break;
        }
        return std::move(m_decoded);
    }

private:
    /// False: the next prime does not divide.
    bool divideOne() {
        const std::uint32_t prime = m_primes[m_decoded.steps.size()];
        m_decoded.steps.push_back({prime, m_decoded.rest.removeFactor(prime)});
        const std::size_t times = m_decoded.steps.back().times;
        m_most = std::max(times, m_most - m_most / 4);  // one large symbol is forgotten after a while
        return times > 0;
    }

    /// The next primes, each to the power `cap`.
    std::vector<PrimePower> nextBlock(std::size_t cap) {
        std::vector<PrimePower> block;
        double bits = 0;
        for (std::size_t i = m_decoded.steps.size(); bits < blockBits && i < mostSymbols; ++i) {
            block.push_back({m_primes[i], cap});
            bits += static_cast<double>(cap) * std::log2(m_primes[i]);
        }
        return block;
    }

    /// All primes of a block that divide without a gap, less than `cap` times each: those have the same multiplicity in the remainder by
    /// the block's product. False when the very next prime is none of these.
    bool divideBlock() {
        const std::size_t cap = m_most + 1;
        const std::vector<PrimePower> block = nextBlock(cap);
        if (block.size() < fewestInBlock) return false;
        Natural remainder;
        m_decoded.rest.dividedBy(productOf(block), &remainder);
        if (remainder.isZero()) return false;
        std::vector<PrimePower> found;
        for (const auto& [prime, most] : block) {
            const std::size_t times = remainder.timesDivisibleBy(prime);
            if (times == 0 || times >= most) break;
            found.push_back({prime, times});
        }
        if (found.empty()) return false;
        m_decoded.rest = m_decoded.rest.dividedBy(productOf(found));
        for (const auto& [prime, times] : found) m_decoded.steps.push_back({prime, times});
        return true;
    }

    const CancelCheck& m_cancelled;
    PrimeSource m_primes;
    Decoded m_decoded;
    std::size_t m_most = 1;  ///< the largest multiplicity of late
};

/// The smallest prime from `least` to `most` that divides; 0: none.
std::uint32_t smallestFactor(const Natural& number, std::uint32_t least, std::uint32_t most, const CancelCheck& cancelled) {
    constexpr std::ptrdiff_t together = 800;
    const std::vector<std::uint32_t> primes = primesUpTo(most);
    for (auto at = std::ranges::lower_bound(primes, least); at != primes.end();) {
        throwIfCancelled(cancelled);
        const auto end = at + std::min(together, primes.end() - at);
        Natural remainder;
        number.dividedBy(productOf(std::vector(at, end)), &remainder);
        const auto found = std::find_if(at, end, [&](std::uint32_t prime) { return remainder.isDivisibleBy(prime); });
        if (found != end) return *found;
        at = end;
    }
    return 0;
}

/// The same up to largestSoughtPrime; most are found early.
std::uint32_t smallestFactor(const Natural& number, std::uint32_t least, const CancelCheck& cancelled) {
    constexpr std::uint32_t early = 5000;
    const std::uint32_t found = smallestFactor(number, least, early, cancelled);
    return found > 0 ? found : smallestFactor(number, std::max(least, early), largestSoughtPrime, cancelled);
}

DecodeFault zeroFault() {
    return {NoSequence::zero, 0, 0, LAB_TEXT("goedel", "0 is the number of no sequence: every prime divides it, as often as one likes")};
}

std::optional<DecodeFault> symbolFault(const Decoded& decoded, int alphabetSize) {
    const auto found =
        std::ranges::find_if(decoded.steps, [&](const DecodeStep& step) { return step.times > static_cast<std::size_t>(alphabetSize); });
    if (found == decoded.steps.end()) return std::nullopt;
    return DecodeFault{NoSequence::noSymbol, found->prime, 0,
                       Message(LAB_TEXT("goedel", "%1 divides the number %2 times, which would be symbol %3; the last one here is %4"))
                           .arg(found->prime)
                           .arg(found->times)
                           .arg(found->times - 1)
                           .arg(alphabetSize - 1)};
}

std::optional<DecodeFault> gapFault(const Decoded& decoded, const CancelCheck& cancelled) {
    if (decoded.rest == Natural(1)) return std::nullopt;
    if (decoded.steps.back().times > 0)
        return DecodeFault{NoSequence::tooLong, 0, 0,
                           Message(LAB_TEXT("goedel", "the sequence of this number would have more than %1 symbols")).arg(mostSymbols)};
    const std::uint32_t missing = decoded.steps.back().prime, later = smallestFactor(decoded.rest, missing, cancelled);
    if (later > 0)
        return DecodeFault{NoSequence::gap, missing, later,
                           Message(LAB_TEXT("goedel", "the number has the factor %1 without %2: the primes of a sequence have no gap"))
                               .arg(later)
                               .arg(missing)};
    return DecodeFault{
        NoSequence::gap, missing, 0,
        Message(LAB_TEXT("goedel",
                         "the number is not divisible by %1, but has larger factors (all above %2): the primes of a sequence "
                         "have no gap"))
            .arg(missing)
            .arg(largestSoughtPrime)};
}

}  // namespace

std::vector<std::uint32_t> firstPrimes(std::size_t count) {
    assert(count <= 2 * mostSymbols + 2);
    // The n-th prime is below n (ln n + ln ln n) from n = 6 on (Rosser 1941).
    const double n = static_cast<double>(std::max<std::size_t>(count, 6));
    std::vector<std::uint32_t> primes = primesUpTo(static_cast<std::uint32_t>(n * (std::log(n) + std::log(std::log(n)))) + 1);
    primes.resize(count);
    return primes;
}

std::vector<Factor> factorsOf(const Symbols& symbols) {
    assert(std::ranges::all_of(symbols, [](int symbol) { return symbol >= 0; }));
    const std::vector<std::uint32_t> primes = firstPrimes(symbols.size());
    std::vector<Factor> factors(symbols.size());
    for (std::size_t i = 0; i < symbols.size(); ++i)
        factors[i] = {primes[i], symbols[i], (static_cast<double>(symbols[i]) + 1) * std::log2(primes[i])};
    return factors;
}

double bitsOf(const std::vector<Factor>& factors) {
    double bits = 0;
    for (const Factor& factor : factors) bits += factor.bits;
    return bits;
}

void checkSize(const Symbols& symbols) {
    if (symbols.size() > mostSymbols) throw InputError(Message(LAB_TEXT("goedel", "there are more than %1 symbols")).arg(mostSymbols));
    const double digits = bitsOf(factorsOf(symbols)) * std::log10(2.0);
    if (digits <= static_cast<double>(mostDigits)) return;
    throw InputError(Message(LAB_PLURAL("goedel", "the number of %n symbol(s) would have about %1 digits; at most %2 are worked out"))
                         .count(static_cast<std::int64_t>(symbols.size()))
                         .arg(static_cast<std::int64_t>(digits))
                         .arg(mostDigits));
}

Natural goedelNumber(const Symbols& symbols, const CancelCheck& cancelled) {
    checkSize(symbols);
    std::vector<PrimePower> powers;
    powers.reserve(symbols.size());
    for (const Factor& factor : factorsOf(symbols)) powers.push_back({factor.prime, static_cast<std::size_t>(factor.symbol) + 1});
    return productOf(powers, cancelled);
}

Decoded decode(const Natural& number, int alphabetSize, const CancelCheck& cancelled) {
    assert(alphabetSize >= 1);
    if (number.isZero()) {
        Decoded nothing;
        nothing.fault = zeroFault();
        return nothing;
    }
    Decoded decoded = Division(number, cancelled).decoded();
    decoded.fault = symbolFault(decoded, alphabetSize);
    if (!decoded.fault) decoded.fault = gapFault(decoded, cancelled);
    for (const DecodeStep& step : decoded.steps) {
        if (step.times == 0 || step.times > static_cast<std::size_t>(alphabetSize)) break;
        decoded.symbols.push_back(step.symbol());
    }
    return decoded;
}

bool isSequenceNumber(const Natural& number, int alphabetSize, const CancelCheck& cancelled) {
    assert(alphabetSize >= 1);
    if (number.isZero()) return false;
    const Decoded decoded = Division(number, cancelled).decoded();
    return decoded.rest == Natural(1) && !symbolFault(decoded, alphabetSize);
}

Natural restAfter(const Decoded& decoded, std::ptrdiff_t step) {
    std::vector<PrimePower> later;
    for (auto i = static_cast<std::size_t>(step + 1); i < decoded.steps.size(); ++i)
        later.push_back({decoded.steps[i].prime, decoded.steps[i].times});
    return productOf(later) * decoded.rest;
}

}  // namespace lab::goedel
