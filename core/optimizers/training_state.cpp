#include "core/optimizers/training_state.h"

#include <utility>

namespace lab {

void resetMoments(TrainingState& state, const UpdateRule& rule) {
    const std::size_t trained = state.trained().size();
    state.firstMoment = Weights(trained, 0.0f);
    state.secondMoment = Weights(rule.moments > 1 ? trained : 0, 0.0f);
}

TrainingState startingState(Weights weights, const UpdateRule& rule) {
    TrainingState state{std::move(weights), {}, {}, 0};
    resetMoments(state, rule);
    return state;
}

bool hasMomentsOf(const TrainingState& state, const UpdateRule& rule) {
    if (state.step == 0 && state.firstMoment.empty()) return state.secondMoment.empty();
    return !state.firstMoment.empty() && state.secondMoment.empty() == (rule.moments < 2);
}

}  // namespace lab
