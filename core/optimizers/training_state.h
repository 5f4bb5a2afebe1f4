#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "core/optimizers/update_rule.h"
#include "core/tensor/adapter_base.h"
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
    Weights weights;       ///< what computes: with adapters, those of `base` and what they add
    Weights firstMoment;   ///< of trained(); empty where nothing was trained yet: zeros that take no memory
    Weights secondMoment;  ///< the same, and empty where the rule keeps one
    std::int64_t step = 0;
    BestValidation best = {};
    std::shared_ptr<const AdapterBase> base = nullptr;  ///< what adapters are added to; null: there are none
    Weights adapters = {};                              ///< A and B of each adapted matrix, by base->layout

    bool hasAdapters() const { return base != nullptr; }
    /// What the optimizer moves.
    Weights& trained() { return hasAdapters() ? adapters : weights; }
    const Weights& trained() const { return hasAdapters() ? adapters : weights; }
};
using TrainingStatePtr = std::shared_ptr<const TrainingState>;

/// Moments of zero, as many as the rule keeps: where a training begins.
void resetMoments(TrainingState& state, const UpdateRule& rule);
/// At step 0.
TrainingState startingState(Weights weights, const UpdateRule& rule);
/// Whether the moments are those that the rule keeps, not more and not fewer; before the first step there need be none.
bool hasMomentsOf(const TrainingState& state, const UpdateRule& rule);

}  // namespace lab
