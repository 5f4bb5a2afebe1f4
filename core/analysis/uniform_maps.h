#pragma once

#include <cstdint>
#include <optional>

namespace lab {

/// Why every head of a run spreads its weight evenly.
enum class UniformCause {
    untrained,      ///< step 0: scores start close to 0
    notNeeded,      ///< the answers are right all the same
    noPositions,    ///< the answer's place matters, and the model cannot tell places apart
    warmUp,         ///< the learning rate is still rising
    stillGuessing,  ///< many steps, and the loss is that of guessing
    early,          ///< the loss falls: heads come later, often at once
};

struct UniformFacts {
    std::int64_t step = 0;
    std::int64_t warmupSteps = 0;
    std::optional<double> loss;      ///< of the latest step
    std::optional<double> accuracy;  ///< of the latest validation, else of the step; a fraction of 1
    double chanceLoss = 0.0;         ///< ln(classes)
    bool knowsPositions = true;      ///< by an encoding or a causal mask
    bool answerByPlace = false;      ///< what is right depends on where tokens stand, not only on what they are
};

UniformCause uniformCause(const UniformFacts& facts);

}  // namespace lab
