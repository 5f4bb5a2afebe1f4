#pragma once

#include "core/codes/code_number.h"
#include "core/codes/sequences.h"
#include "core/tensor/tally.h"

namespace lab::codes {

/// Two different sequences with the same code.
struct Collision {
    std::size_t first = 0, second = 0;  ///< in the set
    std::vector<int> differing;         ///< positions
    goedel::Natural number;
    bool sameAnswer = false;  ///< the task asks the same of both, so that nothing it wants is lost
};

/// What a slot makes of its codes over a set.
struct SlotUsage {
    std::vector<int> counts;  ///< [codes]
    double entropy = 0;       ///< H in nats

    double perplexity() const;  ///< e^H, 1 .. codes: so many codes used alike have the same entropy
    double bits() const;        ///< log2 e^H
    int unused() const;         ///< codes that no sequence has
};
SlotUsage usageOf(std::vector<int> counts);

struct CodeReport {
    int sequences = 0;  ///< different ones
    int repeated = 0;   ///< left out
    BottleneckShape shape;

    // Decodability: greedily from the code alone.
    Tally exact;      ///< sequences with every asked position right
    Tally positions;  ///< asked positions

    // Injectivity.
    int colliding = 0;                  ///< sequences whose code a different sequence of the set has too
    int differentCodes = 0;             ///< codes that occur
    std::int64_t collidingPairs = 0;    ///< all of them
    std::vector<Collision> collisions;  ///< the first CodeQuestion::mostCollisions pairs
    /// What `colliding / sequences` would be on average were codes drawn at random: of all K^M, and of 2^bitsUsed alike.
    double chanceOfAll = 0, chanceOfUsed = 0;

    // Surjectivity.
    std::vector<SlotUsage> usage;  ///< [slots]

    double bitsRoom = 0;  ///< M log2 K
    double bitsUsed = 0;  ///< sum over slots of log2 e^H; codes of slots that go together tell less than this
    BitsNeeded needed;
    CodeLosses losses;

    std::vector<Code> codes;       ///< [sequences]
    std::vector<Symbols> decoded;  ///< [sequences]

    double exactShare() const { return exact.share(); }
    double positionShare() const { return positions.share(); }
    double collisionRate() const { return sequences > 0 ? static_cast<double>(colliding) / sequences : 0; }
    int unusedCodes() const;  ///< over all slots
    /// No two of these sequences have the same code, and each is read back.
    bool isLosslessHere() const { return sequences > 0 && colliding == 0 && exact.right == exact.asked; }
    /// More sequences than codes: some share theirs whatever is learned (pigeonhole).
    bool cannotBeInjective() const { return bitsRoom < needed.bits - rounding; }
    static constexpr double rounding = 1e-9;  ///< of sums of logarithms
};

struct CodeQuestion {
    int sequences = 1000;  ///< looked at for the test set (for codeReport(coder, task, ...))
    int mostCollisions = 200;
    bool losses = true;  ///< left at 0 otherwise; they take a pass for each sequence
};

/// At any step, the first included. Nothing when the watch says false. Throws InputError as Coder, and for an empty set.
std::optional<CodeReport> codeReport(const Coder& coder, const TaskConfig& task, const SequenceSet& set, const CodeQuestion& question = {},
                                     const Watch& watch = {});
/// Of the task's testSet().
std::optional<CodeReport> codeReport(const Coder& coder, const LoadedTask& task, const CodeQuestion& question = {},
                                     const Watch& watch = {});

/// One report as a point of the timeline.
struct CodePoint {
    std::int64_t step = 0;
    int sequences = 0;
    double exact = 0;       ///< share of sequences
    double positions = 0;   ///< share of positions
    double collisions = 0;  ///< share of sequences
    double bitsUsed = 0;
};
CodePoint pointOf(std::int64_t step, const CodeReport& report);

}  // namespace lab::codes
