#pragma once

#include <string>
#include <vector>

#include "core/model/trace.h"
#include "core/moments/run_moment.h"

namespace lab {

/// What stands at an input's positions, for labels and captions: tokens, or vectors in short.
std::vector<std::string> shownPositions(const RunMoment& moment, const Input& input, bool targetSide);

/// And above the columns of a block's maps: of the sequence that it looks at, or the slots of a bottleneck with their codes in the trace.
std::vector<std::string> shownKeys(const RunMoment& moment, const Input& input, const AttentionBlock& block, const Trace& trace);

/// All positions in a row: "3 1 4", vectors with semicolons between them.
std::string shownInput(const RunMoment& moment, const Input& input, bool targetSide = false);

}  // namespace lab
