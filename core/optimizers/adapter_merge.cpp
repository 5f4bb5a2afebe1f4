#include "core/optimizers/adapter_merge.h"

#include <algorithm>

namespace lab {

LowRankShape shapeOf(const AdapterBase& base, std::size_t matrix) {
    return {base.b(matrix).shape[0], base.a(matrix).shape[1], base.rank, base.factor};
}

std::size_t adapterScratch(const AdapterBase& base) {
    std::int64_t most = 0;
    for (std::size_t m = 0; m < base.matrices.size(); ++m) most = std::max(most, lowRankScratch(shapeOf(base, m)));
    return static_cast<std::size_t>(most);
}

void mergeAdapter(const Kernels<float>& kernels, const AdapterBase& base, std::size_t matrix, const Weights& adapters, float* scratch,
                  Weights& weights) {
    const std::size_t offset = base.offsets[matrix];
    lowRankForward(kernels, shapeOf(base, matrix), base.weights.data() + offset, at(adapters, base.a(matrix)), at(adapters, base.b(matrix)),
                   scratch, weights.data() + offset);
}

Weights mergedWeights(const AdapterBase& base, const Weights& adapters) {
    Weights weights = base.weights, scratch(adapterScratch(base));
    for (std::size_t m = 0; m < base.matrices.size(); ++m) mergeAdapter(kernels<float>(), base, m, adapters, scratch.data(), weights);
    return weights;
}

TrainingState withoutAdapters(TrainingState state, const UpdateRule& rule) {
    state.base = nullptr;
    state.adapters = {};
    resetMoments(state, rule);
    return state;
}

}  // namespace lab
