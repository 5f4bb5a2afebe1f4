#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/model/trace.h"
#include "core/ops/softmax_row.h"

namespace lab {

struct LikelyClass {
    int id = 0;
    double probability = 0.0;

    bool operator==(const LikelyClass&) const = default;
};

/// The `most` likeliest classes, the likeliest first and of equal ones the lowest id.
std::vector<LikelyClass> likeliest(const SoftmaxRow& row, std::size_t most);
/// The same of a trace's logits at a position. Empty where the trace has no such position.
std::vector<LikelyClass> likeliest(const Trace& trace, int position, std::size_t most);

/// Where a class stands among all.
struct ClassStanding {
    int rank = 1;  ///< 1: the likeliest
    double probability = 0.0;

    bool operator==(const ClassStanding&) const = default;
};

/// The place of a class by its logit; 1: the likeliest, and of equal ones the lowest id.
int rankOf(std::span<const float> logits, int id);
/// Nothing where the trace has no such position, or no such class.
std::optional<ClassStanding> standingOf(const Trace& trace, int position, int id);

}  // namespace lab
