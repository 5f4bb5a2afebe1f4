#pragma once

#include "core/codes/code_report.h"

// What happens when one thing is changed: a symbol of the sequence, or a slot of its code.

namespace lab::codes {

/// Sums over changes; the means are by `changes`.
struct SymbolRow {
    int position = -1;  ///< of the symbol that is changed; -1: any
    int changes = 0;
    int unnoticed = 0;           ///< changes after which the code is the same: the two sequences collide
    double slotsChanged = 0;     ///< mean of slots that get another code
    double move = 0;             ///< mean of |number - number before| / (K^M - 1)
    double medianMove = 0;       ///< of the same
    std::optional<Tally> exact;  ///< changed sequences that are read back exactly; nothing where the task does not know its answers
};
struct SymbolRobustness {
    SymbolRow all;
    std::vector<SymbolRow> byPosition;  ///< [longest sequence]
    std::vector<int> bySlots;           ///< [slots + 1] changes after which so many slots have another code
    std::int64_t possible = 0;          ///< all that could be made of the sequences; `all.changes` of them were
};

struct SlotRow {
    int slot = -1;  ///< that is changed; -1: any
    int flips = 0;
    int unnoticed = 0;      ///< flips after which the same is decoded
    double positions = 0;   ///< mean of decoded positions that change
    double stillExact = 0;  ///< share of flips after which the right answer is decoded
};
struct SlotRobustness {
    SlotRow all;
    std::vector<SlotRow> bySlot;    ///< [slots]
    std::vector<int> byPositions;   ///< [longest answer + 1] flips after which so many decoded positions are others
    std::vector<double> positions;  ///< [slots, longest answer] share of the slot's flips that change this position: which slot says what
    int longest = 0;
    std::int64_t possible = 0;
};

struct RobustnessQuestion {
    int sequences = 50;      ///< the first of the set
    int mostChanges = 5000;  ///< above that, as many are drawn by the seed, without repetition
    std::uint64_t seed = 1;
};

/// Every single symbol by every other one (symbolsOf).
std::optional<SymbolRobustness> symbolRobustness(const Coder& coder, const Experiment& experiment, const SequenceSet& set,
                                                 const RobustnessQuestion& question = {}, const Watch& watch = {});
/// Every single slot by every other code.
std::optional<SlotRobustness> slotRobustness(const Coder& coder, const SequenceSet& set, const RobustnessQuestion& question = {},
                                             const Watch& watch = {});

}  // namespace lab::codes
