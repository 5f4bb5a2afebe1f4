#include "core/analysis/uniform_maps.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace lab {
namespace {

constexpr double mostlyRight = 0.9;
constexpr double guessing = 0.97;    ///< of the loss of guessing
constexpr double noticeable = 0.05;  ///< of the accuracy, that a head costs
constexpr std::int64_t manySteps = 200, lateSteps = 1000;

double least(std::span<const AblationScore> scores) {
    assert(!scores.empty());
    return std::ranges::min_element(scores, {}, &AblationScore::accuracy)->accuracy;
}

UniformCause measuredCause(const AloneAblation& measured) {
    if (measured.unchanged - measured.off < noticeable) return UniformCause::notNeeded;
    return measured.unchanged - measured.uniform < noticeable ? UniformCause::averageNeeded : UniformCause::unevennessNeeded;
}

}  // namespace

AloneAblation aloneAblation(const AblationScore& unchanged, std::span<const AblationScore> off, std::span<const AblationScore> uniform) {
    return {unchanged.accuracy, least(off), least(uniform)};
}

double largestRowSpread(const float* scores, int rows, int columns) {
    double largest = 0.0;
    for (int i = 0; i < rows; ++i, scores += columns) {
        double low = std::numeric_limits<double>::infinity(), high = -low;
        for (const float score : std::span(scores, static_cast<std::size_t>(columns))) {
            if (!std::isfinite(score)) continue;
            low = std::min<double>(low, score);
            high = std::max<double>(high, score);
        }
        largest = std::max(largest, high - low);
    }
    return largest;
}

bool isGuessing(double loss, double chanceLoss) {
    return loss >= guessing * chanceLoss;
}

UniformCause uniformCause(const UniformFacts& facts) {
    if (facts.step == 0) return UniformCause::untrained;
    const bool guesses = facts.loss && isGuessing(*facts.loss, facts.chanceLoss);
    if (facts.ablation && !guesses) return measuredCause(*facts.ablation);
    if (facts.frozenMatching) return UniformCause::frozen;
    if (facts.accuracy && *facts.accuracy >= mostlyRight) return UniformCause::unknown;
    if (!facts.knowsPositions && facts.answerByPlace) return UniformCause::noPositions;
    if (facts.step < facts.warmupSteps) return UniformCause::warmUp;
    if (guesses && facts.step >= manySteps) return UniformCause::stillGuessing;
    return facts.step < lateSteps ? UniformCause::early : UniformCause::unknown;
}

}  // namespace lab
