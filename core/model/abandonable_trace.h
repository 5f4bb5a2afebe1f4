#pragma once

#include <functional>
#include <optional>

#include "core/model/model.h"
#include "core/model/trace.h"

namespace lab {

/// Model::trace for looks that may be given up on their way: `abandoned` is asked every few milliseconds of work; nothing is returned then.
std::optional<Trace> traceUnlessAbandoned(const Model& model, const Weights& weights, const Input& input,
                                          const std::function<bool()>& abandoned);

}  // namespace lab
