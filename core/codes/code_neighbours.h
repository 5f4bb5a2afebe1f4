#pragma once

#include "core/codes/code_number.h"
#include "core/codes/sequences.h"

namespace lab::codes {

/// A sequence of a set beside a code.
struct Neighbour {
    std::size_t index = 0;        ///< in the set
    std::vector<int> otherSlots;  ///< that have another code
    double distance = 0;          ///< Euclid's, of the numbers that are sent to the decoder
    std::vector<int> differing;   ///< positions at which its sequence is another one than the one asked about
    bool sameCode() const { return otherSlots.empty(); }
};

/// The `count` sequences whose codes are nearest: by how many slots differ, then by distance, then by place in the set. Sequences equal to
/// `sequence` are no neighbours of it. `codes` are those of the set (CodeReport::codes).
std::vector<Neighbour> nearestSequences(const Coder& coder, const Symbols& sequence, const Code& code, const SequenceSet& set,
                                        std::span<const Code> codes, std::size_t count);

/// A slot set to another code by hand.
struct DialTurn {
    int slot = 0;
    int before = 0, after = 0;  ///< its code
    Code code;                  ///< with the change
    goedel::Natural number;
    Symbols decoded;
    std::vector<int> changed;  ///< positions at which this is another one than what the code before gave
};
/// Throws InputError naming slot or code that there is none of. `decoded`: what `code` gives.
DialTurn turned(const Coder& coder, const Code& code, const Symbols& decoded, const Opening& opening, int slot, int to);
/// Every code of a slot, [codes]: what the dial leads to all around.
std::vector<DialTurn> turnedAround(const Coder& coder, const Code& code, const Symbols& decoded, const Opening& opening, int slot);

/// One sequence with its code: what the page shows of an input.
struct CodeOfSequence {
    Symbols sequence;
    Code code;
    goedel::Natural number, largest;
    Opening opening;
    Symbols decoded;
    std::optional<Symbols> wanted;          ///< what the task asks; nothing where it is not known
    std::optional<std::vector<int>> wrong;  ///< positions of `decoded`
    bool isExact() const { return wrong && wrong->empty(); }
};
CodeOfSequence lookedAt(const Coder& coder, const Sample& sample);
/// A typed sequence of a task.
CodeOfSequence lookedAt(const Coder& coder, const LoadedTask& task, const Symbols& sequence);

}  // namespace lab::codes
