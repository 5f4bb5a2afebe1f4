#pragma once

#include <vector>

#include "core/stream/lens.h"

namespace lab {

/// How a few classes fare on their way through a model at one position.
struct DepthCourse {
    std::vector<int> classes;                 ///< the model's answer first
    std::vector<std::vector<double>> shares;  ///< [classes][places]: probabilities
};
/// The answer, and those of the others that come nearest to 1 at some place; at most `most`. Throws PassAbandoned.
DepthCourse depthCourse(const StreamRuns& runs, const Lens& lens, int position, std::size_t most = 4);

/// From which place on the answer at a position is the likeliest class for good.
struct LensDecision {
    int place = 0;
    int answer = 0;
    int before = -1;  ///< likeliest at the place before; -1: the answer was it from the embedding on

    bool operator==(const LensDecision&) const = default;
};
LensDecision decisionOf(const Lens& lens, int position);
/// The same without a lens of all positions: but the places that it needs are read. Throws PassAbandoned.
LensDecision decisionOf(const StreamRuns& runs, const StreamStates& states, int position);

}  // namespace lab
