#pragma once

#include "core/explain/context.h"

namespace lab::explain {

/// What the optimizer would do with one row of the gradient that stage "d_matrix" shows, the row of its result.
void addUpdateStage(Walk& walk, const ContextPtr& context);

/// What clipping leaves of the gradient.
double clipFactor(const Context& c);

}  // namespace lab::explain
