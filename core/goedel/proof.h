#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/goedel/formula.h"
#include "core/goedel/goedel_number.h"

// Why provability becomes a statement about numbers, in a system small enough to be looked through. Its one axiom scheme, for every numeral
// t = S...S0:   (t+0)=t   and its one rule, for numerals t, u, v:   from (t+u)=v follows (t+Su)=Sv.
// A proof is formulas parted by ";", each an axiom or the rule's consequence of an earlier one, the last is what is proved. It proves
// exactly the true sums of two numerals; so here, unlike in arithmetic as a whole, provable and true are the same.
// Gödel codes the sequence of formulas by primes once more, Π p_k^(number of formula k); such numbers cannot be written down, hence ";".

namespace lab::goedel {

/// The proof of (a+b)=c, b + 1 lines. Asserts that they are not negative.
Symbols sumProof(int a, int b);
Symbols sumFormula(int a, int b, int c);

/// What was asked of one line of a proof, or of its end.
struct ProofCheck {
    std::size_t begin = 0, end = 0;  ///< positions of the line
    bool holds = false;
    std::optional<std::size_t> from;  ///< the line that the rule was applied to; empty: an axiom, or nothing
    Message sentence;                 ///< "line 2 follows from line 1: ..."; "line 2 is neither an axiom nor ...: ..."
};

struct ProofReading {
    std::vector<ProofCheck> lines;
    Message end;          ///< whether the last line is the formula in question
    bool proves = false;  ///< all lines hold and the last line is it
};

/// proves(x, y): "x is the number of a proof of the formula with number y". Asked of the numbers alone: item i of x is how often p_i
/// divides it, less 1; all else is comparing such items. Total: every x and y has an answer, numbers of nothing at all have the answer no.
ProofReading proves(const Natural& proof, const Natural& formula, const CancelCheck& cancelled = {});

/// A step of the way from proofs to numbers.
struct ProvabilityStep {
    SourceText title, text;
    std::vector<std::pair<Message, Message>> (*shown)() = nullptr;  ///< what, how much, worked out when asked; null: nothing
};
/// In order.
std::span<const ProvabilityStep> provabilitySteps();

}  // namespace lab::goedel
