#pragma once

#include <vector>

#include "core/stream/patching.h"

namespace lab {

/// What a pass of a pair answers where it is asked.
struct PatchOutcome {
    double measure = 0;      ///< PatchQuestion::measure
    int top = 0;             ///< the likeliest answer
    double probability = 0;  ///< of `top`
    double recovered = 0;    ///< Patching::recoveredOf

    bool operator==(const PatchOutcome&) const = default;
};
PatchOutcome outcomeOf(const Patching& patching, const PatchQuestion& question, const std::vector<float>& logits);

/// How many positions a model answers at.
int answeringPositions(const Input& input);
/// The last position at which an answer is asked; without targets the last one.
int lastAsked(const Input& input);

/// Answers that a person chose; -1: found in the runs.
struct ChosenAnswers {
    int answer = -1, other = -1;

    bool operator==(const ChosenAnswers&) const = default;
};
/// The clean run's answer at `position` against the corrupted run's; where both are the same, against the class that the corrupted run
/// favours most compared with the clean one. `byProbability`: the probability of the clean run's answer. Logits are [positions, classes].
/// Throws InputError for an answer that is chosen against itself.
PatchQuestion pairQuestion(const std::vector<float>& clean, const std::vector<float>& corrupted, int classes, int position,
                           bool byProbability, const ChosenAnswers& chosen = {});
/// The `most` likeliest classes of either run at `position`, those of the clean one first, each once.
std::vector<int> likelyAnswers(const std::vector<float>& clean, const std::vector<float>& corrupted, int classes, int position, int most);

/// The clean input with one token changed: the one that leaves the clean answer at `position` the least probability, found by trying them
/// all; the token at `position` itself only where no other one changes the answer. `alternatives[p]`: what would stand at p instead, -1:
/// the token stays. Throws InputError where none has an alternative, and PassAbandoned.
Input suggestedCorruption(const StreamRuns& runs, const Input& clean, int position, const std::vector<int>& alternatives);

}  // namespace lab
