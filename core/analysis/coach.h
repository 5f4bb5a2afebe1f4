#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/analysis/head_metrics.h"

namespace lab {

/// What is worth a sentence while a model trains.
enum class AdviceKind {
    nothingMore,      ///< all validation answers have been right for some evaluations: only the loss can still get better
    spent,            ///< the learning rate has fallen so far that hardly anything changes any more
    validationRises,  ///< for some evaluations in a row
    headFormed,       ///< a head does one thing, and did not before
    atChance,         ///< many steps after the warm-up the loss is still that of guessing uniformly
};

/// A validation, and the mean training loss of the steps since the one before it.
struct CoachEvaluation {
    std::int64_t step = 0;
    double loss = 0.0, accuracy = 0.0, trainLoss = 0.0;
};

/// What a head did when somebody looked.
struct HeadSight {
    std::int64_t step = 0;
    HeadKind kind = HeadKind::mixed;
};

/// A training as far as it has come.
struct TrainingStory {
    std::int64_t step = 0, steps = 0, warmupSteps = 0;  ///< done; of all; until the learning rate is highest
    double recentLoss = 0.0;                            ///< mean over the latest steps
    double chanceLoss = 0.0;                            ///< of guessing uniformly
    double learningRate = 0.0, highestLearningRate = 0.0;
    std::vector<CoachEvaluation> evaluations;   ///< ascending
    std::vector<std::vector<HeadSight>> heads;  ///< of each head, ascending
};

struct Advice {
    AdviceKind kind = AdviceKind::atChance;
    int head = -1;               ///< that formed
    std::int64_t since = 0;      ///< the step at which it was first seen so, or from which the validation rises
    bool learnsByHeart = false;  ///< the training loss fell while the validation rose

    bool operator==(const Advice&) const = default;
};

/// So many evaluations, or looks at a head, in a row make it no accident.
constexpr std::size_t inARow = 3;

/// All that holds, the most telling first. A pure function of what is given.
std::vector<Advice> adviceOn(const TrainingStory& story);

}  // namespace lab
