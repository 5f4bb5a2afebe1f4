#pragma once

#include <algorithm>

#include "core/patterns/visibility.h"

namespace lab::testing {

/// A pattern whose parameters are 1, 2, 3, ... in their order, or the least that they may be: small enough for short sequences.
inline PatternConfig smallPattern(Kind<PatternSpec> kind) {
    PatternConfig pattern{kind, {}};
    double value = 0;
    for (const ParameterSpec& spec : kind->parameters) pattern.parameters.set(spec.key, std::max(++value, spec.limits.min));
    return pattern;
}

}  // namespace lab::testing
