#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/goedel/alphabet.h"

// What is said about Gödel's numbers and attention, as it circulates; judged.

namespace lab::goedel {

enum class Judgement { isTrue, halfTrue, isFalse };
SourceText judgementText(Judgement judgement);

enum class ParallelKind { parallel, divergence, speculation };
SourceText parallelKindText(ParallelKind kind);

/// A row: what is computed beside it is of the sequence shown, where that can be computed.
struct Parallel {
    std::string_view id;
    ParallelKind kind = ParallelKind::parallel;
    SourceText claim;
    Judgement judgement = Judgement::halfTrue;
    SourceText why;
    /// What, how much. Null: nothing to compute. Cheap; sequences of any length, also empty.
    std::vector<std::pair<Message, Message>> (*shown)(const Symbols& symbols, int alphabetSize) = nullptr;
};

/// Parallels, then divergences, then speculations.
std::span<const Parallel> parallels();
const Parallel* findParallel(std::string_view id);

}  // namespace lab::goedel
