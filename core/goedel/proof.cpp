#include "core/goedel/proof.h"

#include <cassert>

#include "core/goedel/arithmetic.h"

namespace lab::goedel {
namespace {

/// The numbers of a line (S..S0+S..S0)=S..S0: how many S each numeral has.
struct Sum {
    std::size_t a = 0, b = 0, c = 0;

    bool operator==(const Sum&) const = default;
};

/// Items of a number: how often a prime divides it, less 1. All that `proves` knows of proofs and formulas.
using Items = std::vector<int>;

/// Reads one line's items from `begin` to `end`.
class LineReader {
public:
    LineReader(const Items& items, std::size_t begin, std::size_t end) : m_items(items), m_at(begin), m_end(end) {}

    std::optional<Sum> sum() {
        Sum sum;
        const bool fits = takes(Sign::open) && takesNumeral(sum.a) && takes(Sign::plus) && takesNumeral(sum.b) && takes(Sign::close) &&
                          takes(Sign::equals) && takesNumeral(sum.c) && m_at == m_end;
        return fits ? std::optional(sum) : std::nullopt;
    }

private:
    bool takes(Sign sign) {
        if (m_at == m_end || m_items[m_at] != numberOf(sign)) return false;
        ++m_at;
        return true;
    }

    bool takesNumeral(std::size_t& successors) {
        while (takes(Sign::successor)) ++successors;
        return takes(Sign::zero);
    }

    const Items& m_items;
    std::size_t m_at, m_end;
};

std::optional<std::size_t> lineBefore(const std::vector<std::optional<Sum>>& sums, const Sum& sum) {
    if (sum.b == 0 || sum.c == 0) return std::nullopt;
    const Sum wanted{sum.a, sum.b - 1, sum.c - 1};
    for (std::size_t k = 0; k < sums.size(); ++k)
        if (sums[k] == wanted) return k;
    return std::nullopt;
}

/// Judges a line by those before it, whose sums are given.
void judge(ProofCheck& check, const std::optional<Sum>& sum, const std::vector<std::optional<Sum>>& before) {
    const std::size_t line = before.size() + 1;
    if (!sum) {
        check.sentence = Message(LAB_TEXT("goedel", "line %1 is no equation of the form (t+u)=v with numerals")).arg(line);
        return;
    }
    check.from = lineBefore(before, *sum);
    const bool axiom = sum->b == 0 && sum->a == sum->c;
    check.holds = axiom || check.from;
    if (axiom)
        check.sentence = Message(LAB_TEXT("goedel", "line %1 is an axiom: (t+0)=t with the numeral of %2 for t")).arg(line).arg(sum->a);
    else if (check.from)
        check.sentence =
            Message(LAB_TEXT("goedel", "line %1 follows from line %2: (t+u)=v gives (t+Su)=Sv")).arg(line).arg(*check.from + 1);
    else
        check.sentence = Message(LAB_TEXT("goedel", "line %1 is neither an axiom nor does it follow from a line before it")).arg(line);
}

void append(Symbols& symbols, const Symbols& more) {
    symbols.insert(symbols.end(), more.begin(), more.end());
}

}  // namespace

Symbols sumFormula(int a, int b, int c) {
    Symbols symbols{numberOf(Sign::open)};
    append(symbols, numeral(a));
    symbols.push_back(numberOf(Sign::plus));
    append(symbols, numeral(b));
    append(symbols, {numberOf(Sign::close), numberOf(Sign::equals)});
    append(symbols, numeral(c));
    return symbols;
}

Symbols sumProof(int a, int b) {
    assert(a >= 0 && b >= 0);
    Symbols symbols;
    for (int u = 0; u <= b; ++u) {
        if (u > 0) symbols.push_back(numberOf(Sign::next));
        append(symbols, sumFormula(a, u, a + u));
    }
    return symbols;
}

ProofReading proves(const Natural& proof, const Natural& formula, const CancelCheck& cancelled) {
    ProofReading reading;
    const Decoded lines = decode(proof, signCount, cancelled), claim = decode(formula, signCount, cancelled);
    if (lines.fault || claim.fault) {
        reading.end = Message(lines.fault ? LAB_TEXT("goedel", "the first number is not that of a sequence: %1")
                                          : LAB_TEXT("goedel", "the second number is not that of a sequence: %1"))
                          .arg(lines.fault ? lines.fault->sentence : claim.fault->sentence);
        return reading;
    }
    const Items& items = lines.symbols;
    std::vector<std::optional<Sum>> sums;
    bool all = true;
    for (std::size_t begin = 0; begin <= items.size();) {
        ProofCheck check;
        check.begin = check.end = begin;
        while (check.end < items.size() && items[check.end] != numberOf(Sign::next)) ++check.end;
        const std::optional<Sum> sum = LineReader(items, check.begin, check.end).sum();
        judge(check, sum, sums);
        sums.push_back(sum);
        all = all && check.holds;
        begin = check.end + 1;
        reading.lines.push_back(std::move(check));
    }
    const std::optional<Sum> claimed = LineReader(claim.symbols, 0, claim.symbols.size()).sum();
    const bool same = claimed && sums.back() == claimed;
    reading.end = same ? LAB_TEXT("goedel", "the last line is the formula of the second number")
                       : LAB_TEXT("goedel", "the last line is not the formula of the second number");
    reading.proves = all && same;
    return reading;
}

}  // namespace lab::goedel
