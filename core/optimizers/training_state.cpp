#include "core/optimizers/training_state.h"

#include <utility>

namespace lab {

void resetMoments(TrainingState& state, const UpdateRule& rule) {
    state.firstMoment.assign(state.weights.size(), 0.0f);
    state.secondMoment.assign(rule.moments > 1 ? state.weights.size() : 0, 0.0f);
}

TrainingState startingState(Weights weights, const UpdateRule& rule) {
    TrainingState state{std::move(weights), {}, {}, 0};
    resetMoments(state, rule);
    return state;
}

bool hasMomentsOf(const TrainingState& state, const UpdateRule& rule) {
    return !state.firstMoment.empty() && state.secondMoment.empty() == (rule.moments < 2);
}

}  // namespace lab
