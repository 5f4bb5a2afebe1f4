#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/codes/coder.h"
#include "core/data/loaded_task.h"

// The sequences that a code is measured on.

namespace lab::codes {

/// Different sequences. Equal ones are taken once, the first of them: a repetition has the same code by right.
struct SequenceSet {
    std::vector<Sample> samples;
    std::vector<Symbols> sequences;  ///< the samples' tokens
    int drawn = 0;                   ///< looked at to find them
    int repeated = 0;                ///< of these left out, being equal to an earlier one

    int size() const { return static_cast<int>(samples.size()); }
};

/// The first `most` different sequences of the test set, and where there is none of the validation set. Looks at `most` samples, at fewer
/// when there are fewer.
SequenceSet testSet(const Dataset& dataset, int most);
/// The same of the validation set.
SequenceSet validationSet(const Dataset& dataset, int most);
SequenceSet differentOnes(std::vector<Sample> samples);

/// What a task asks about a sequence x that nobody drew; null of a task that only knows the answers it was given.
using Asking = std::function<Sample(Symbols x)>;
Asking askingOf(const Experiment& experiment);

/// The symbols that sequences are made of, rising: of a built-in task all of its own, else those that occur in the set.
std::vector<int> symbolsOf(const TaskConfig& task, const SequenceSet& set);

/// How the decoder is to be started for a typed sequence: as the task does; where answers are only given, with the first token that the
/// given ones begin with, for as many tokens as x has.
Opening openingFor(const LoadedTask& task, const Symbols& x);

/// Where a sequence and an answer (or two sequences) differ: positions from 0, those that only one of them has included.
std::vector<int> differingPositions(const Symbols& a, const Symbols& b);
/// Against a sample's targets: asked positions alone count.
std::vector<int> wrongPositions(const Sample& sample, const Symbols& decoded);

enum class NeededBy {
    alphabet,  ///< n log2 V: each of the V^n sequences is drawn alike
    counted    ///< log2 of how many different sequences were seen; the data may have more
};
/// What a code that tells all sequences apart has to have at least.
struct BitsNeeded {
    double bits = 0;
    NeededBy by = NeededBy::counted;
    double perSymbol = 0;  ///< of alphabet: log2 V
    int length = 0;        ///< of alphabet: n
};
BitsNeeded bitsNeeded(const TaskConfig& task, const SequenceSet& set);

}  // namespace lab::codes
