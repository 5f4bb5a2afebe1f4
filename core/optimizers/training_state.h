#pragma once

#include <cstdint>
#include <memory>

#include "core/optimizers/update_rule.h"
#include "core/tensor/weights.h"

namespace lab {

/// All that a training needs to go on, bit for bit.
struct TrainingState {
    Weights weights;
    Weights firstMoment;
    Weights secondMoment;  ///< empty where the rule keeps one
    std::int64_t step = 0;
};
using TrainingStatePtr = std::shared_ptr<const TrainingState>;

/// Moments of zero, as many as the rule keeps: where a training begins.
void resetMoments(TrainingState& state, const UpdateRule& rule);
/// At step 0.
TrainingState startingState(Weights weights, const UpdateRule& rule);
/// Whether the moments are those that the rule keeps, not more and not fewer.
bool hasMomentsOf(const TrainingState& state, const UpdateRule& rule);

}  // namespace lab
