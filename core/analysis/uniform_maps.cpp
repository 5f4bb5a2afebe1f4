#include "core/analysis/uniform_maps.h"

namespace lab {
namespace {

constexpr double mostlyRight = 0.9;
constexpr double guessing = 0.97;  ///< of the loss of guessing
constexpr std::int64_t manySteps = 200;

}  // namespace

UniformCause uniformCause(const UniformFacts& facts) {
    if (facts.step == 0) return UniformCause::untrained;
    if (facts.accuracy && *facts.accuracy >= mostlyRight) return UniformCause::notNeeded;
    if (!facts.knowsPositions && facts.answerByPlace) return UniformCause::noPositions;
    if (facts.step < facts.warmupSteps) return UniformCause::warmUp;
    const bool guesses = facts.loss && *facts.loss >= guessing * facts.chanceLoss;
    return guesses && facts.step >= manySteps ? UniformCause::stillGuessing : UniformCause::early;
}

}  // namespace lab
