#pragma once

#include <optional>
#include <vector>

#include "core/model/model.h"

namespace lab {

/// How much of its weight every head of `a` puts elsewhere than the head at the same place of `b` does: 1 - mapOverlap, in the order of
/// headPlaces(a). Nothing where b has no such head or a map of another shape. Both traces with intermediates.
std::vector<std::optional<double>> weightMoved(const Model& a, const Trace& ofA, const Model& b, const Trace& ofB);

}  // namespace lab
