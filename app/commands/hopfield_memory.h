#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/memory/memory_choice.h"

namespace lab {

/// One moment of a recall, a line of the steps.
struct MemoryStep {
    int update = 0;
    std::optional<Flip> flip;  ///< of classical nets, but for the query
    double energy = 0;
};

/// What became of a query.
struct MemoryAnswer {
    Pattern picture;
    std::string ending, found;  ///< "settled after 183 updates", "skull"
    double energyBefore = 0, energyAfter = 0;
    std::vector<MemoryStep> steps;
};

/// Asks a memory of these patterns each query; the queries are of the patterns' size.
std::vector<MemoryAnswer> askMemory(const MemoryChoice& choice, const std::vector<Pattern>& patterns, const std::vector<Pattern>& queries);

}  // namespace lab
