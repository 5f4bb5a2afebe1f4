#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/analysis/ablation.h"

namespace lab {

/// Why every head of a run spreads its weight evenly, or what that even average is worth to it.
enum class UniformCause {
    untrained,         ///< step 0: scores start close to 0
    averageNeeded,     ///< measured: made uniform the answers stay right, switched off they do not
    unevennessNeeded,  ///< measured: made uniform they do not stay right either
    notNeeded,         ///< measured: switched off they stay right
    frozen,            ///< what makes queries and keys is not trained
    noPositions,       ///< the answer's place matters, and the model cannot tell places apart
    warmUp,            ///< the learning rate is still rising
    stillGuessing,     ///< many steps, and the loss is that of guessing
    early,             ///< the loss falls: heads come later, often at once
    unknown,           ///< nothing is measured that would tell
};

/// What becomes of the accuracy, a fraction of 1, when one head or layer alone is changed: that which costs most.
struct AloneAblation {
    double unchanged = 0.0, off = 0.0, uniform = 0.0;
};
/// `off` and `uniform` of every head and layer that was changed alone; not empty.
AloneAblation aloneAblation(const AblationScore& unchanged, std::span<const AblationScore> off, std::span<const AblationScore> uniform);

struct UniformFacts {
    std::int64_t step = 0;
    std::int64_t warmupSteps = 0;
    std::optional<double> loss;             ///< of the latest step
    std::optional<double> accuracy;         ///< of the latest validation, else of the step; a fraction of 1
    std::optional<AloneAblation> ablation;  ///< at this step
    double chanceLoss = 0.0;                ///< of guessing uniformly
    bool frozenMatching = false;            ///< the matrices of queries and keys stay as they were drawn
    bool knowsPositions = true;             ///< by an encoding or a causal mask
    bool answerByPlace = false;             ///< what is right depends on where tokens stand, not only on what they are
};

/// How far apart the scores [rows, columns] of one row lie at the most; hidden keys (−∞) aside. What is the same for all keys of a row
/// changes no weight.
double largestRowSpread(const float* scores, int rows, int columns);

/// Its loss is as good as that of guessing uniformly, or worse.
bool isGuessing(double loss, double chanceLoss);

UniformCause uniformCause(const UniformFacts& facts);

}  // namespace lab
