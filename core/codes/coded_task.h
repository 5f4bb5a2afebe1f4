#pragma once

#include "core/codes/code_neighbours.h"
#include "core/codes/lengths.h"
#include "core/codes/number_order.h"
#include "core/codes/robustness.h"

// What is asked of the codes of a run as a whole: the command code and a server say the same of it.

namespace lab::codes {

/// A model with a bottleneck, its task, and the sequences that its codes are measured on.
struct CodedTask {
    Coder coder;
    LoadedTask task;
    SequenceSet set;
};

struct MeasuresWanted {
    bool changes = false;  ///< also what one changed symbol or slot does
    bool lengths = false;  ///< also sequences of other lengths
};

struct CodeMeasures {
    CodeReport report;
    std::optional<NumberOrder> order;  ///< nothing where a Gödel number would be too large
    Message notCompared;               ///< why that is so
    std::optional<SymbolRobustness> symbolChanges;
    std::optional<SlotRobustness> slotFlips;
    std::optional<std::vector<LengthRow>> lengths;
};
/// Nothing when the watch says false. Throws InputError for an empty set, and for lengths of a task that has one only.
std::optional<CodeMeasures> measured(const CodedTask& coded, const MeasuresWanted& wanted, const Watch& watch = {});

/// A slot and the code that it shall have.
struct Turn {
    int slot = 0, code = 0;
};

/// As many neighbours are looked for when nobody says how many.
constexpr int usualNearest = 5;

/// One sequence beside the others.
struct SequenceLook {
    CodeOfSequence own;
    goedel::Natural goedel;
    std::vector<Code> codes;  ///< of the set
    std::vector<Neighbour> nearest;
    std::vector<DialTurn> turns;  ///< each of the sequence's own code
};
/// Nothing when the watch says false. Throws InputError for tokens that cannot be coded, for slots and codes that there are none of, and
/// for a Gödel number that is too large.
std::optional<SequenceLook> lookedAt(const CodedTask& coded, const Symbols& sequence, std::size_t nearest, std::span<const Turn> turns,
                                     const Watch& watch = {});

/// A whole number back to a sequence, as long as those of the set.
struct DecodedNumber {
    goedel::Natural number;
    Code code;
    Symbols decoded;
};
/// Throws InputError for a number that is too large, and where no sequence says how many tokens to decode.
DecodedNumber decodedNumber(const CodedTask& coded, goedel::Natural number);

}  // namespace lab::codes
