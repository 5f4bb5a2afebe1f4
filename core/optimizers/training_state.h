#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "core/optimizers/update_rule.h"
#include "core/tensor/weights.h"

namespace lab {

/// The lowest validation loss of a training so far, and how long ago it was: what training.early_stop goes by.
struct BestValidation {
    double loss = std::numeric_limits<double>::infinity();  ///< infinite: nothing was validated
    std::int64_t step = 0;                                  ///< of equal ones the first
    int since = 0;                                          ///< validations behind it, none of which was lower

    bool any() const { return loss < std::numeric_limits<double>::infinity(); }
    /// One more validation.
    void take(std::int64_t atStep, double newLoss) {
        if (newLoss < loss)
            *this = {newLoss, atStep, 0};
        else if (any())
            ++since;
    }
    bool operator==(const BestValidation&) const = default;
};

/// All that a training needs to go on, bit for bit.
struct TrainingState {
    Weights weights;
    Weights firstMoment;
    Weights secondMoment;  ///< empty where the rule keeps one
    std::int64_t step = 0;
    BestValidation best = {};
};
using TrainingStatePtr = std::shared_ptr<const TrainingState>;

/// Moments of zero, as many as the rule keeps: where a training begins.
void resetMoments(TrainingState& state, const UpdateRule& rule);
/// At step 0.
TrainingState startingState(Weights weights, const UpdateRule& rule);
/// Whether the moments are those that the rule keeps, not more and not fewer.
bool hasMomentsOf(const TrainingState& state, const UpdateRule& rule);

}  // namespace lab
