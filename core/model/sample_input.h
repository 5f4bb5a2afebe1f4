#pragma once

#include <algorithm>

#include "core/model/trace.h"
#include "core/tensor/batch.h"

namespace lab {

/// A sample of a data set as a model is asked about it, its right answers included, if any of them counts.
inline Input inputOf(const Sample& sample) {
    const bool asked = std::ranges::any_of(sample.targets, [](int target) { return target >= 0; });
    Input input{sample.tokens, sample.targetTokens, {}, {}, {}, sample.vectors, {}};
    if (asked) input.targets = sample.targets, input.values = sample.values;
    return input;
}

}  // namespace lab
