#include "core/memory/pattern_vectors.h"

#include <cassert>
#include <cmath>

namespace lab {

std::vector<double> vectorOf(const Pattern& pattern) {
    return {pattern.states.begin(), pattern.states.end()};
}

StoredVectors vectorsOf(const std::vector<Pattern>& patterns) {
    StoredVectors vectors;
    vectors.count = static_cast<int>(patterns.size());
    if (patterns.empty()) return vectors;
    vectors.dimension = static_cast<int>(patterns.front().states.size());
    for (const Pattern& pattern : patterns) {
        assert(pattern.states.size() == patterns.front().states.size());
        vectors.values.insert(vectors.values.end(), pattern.states.begin(), pattern.states.end());
    }
    return vectors;
}

Pattern signsOf(const std::vector<double>& state, const Pattern& like) {
    assert(state.size() == like.states.size());
    Pattern signs = like;
    for (std::size_t i = 0; i < state.size(); ++i) signs.states[i] = state[i] > 0 ? 1 : -1;
    return signs;
}

double attentionBeta(int dimension) {
    return dimension > 0 ? 1.0 / std::sqrt(static_cast<double>(dimension)) : 1.0;
}

}  // namespace lab
