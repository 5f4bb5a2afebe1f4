#pragma once

#include <optional>
#include <vector>

#include "core/model/trace.h"

namespace lab {

struct LikelyClass {
    int id = 0;
    double probability = 0.0;

    bool operator==(const LikelyClass&) const = default;
};

/// The `most` likeliest classes at a position, the likeliest first and of equal ones the lowest id: softmax of the trace's logits there.
/// Empty where the trace has no such position.
std::vector<LikelyClass> likeliest(const Trace& trace, int position, std::size_t most);

/// Where a class stands among all.
struct ClassStanding {
    int rank = 1;  ///< 1: the likeliest
    double probability = 0.0;

    bool operator==(const ClassStanding&) const = default;
};

/// Nothing where the trace has no such position, or no such class.
std::optional<ClassStanding> standingOf(const Trace& trace, int position, int id);

}  // namespace lab
