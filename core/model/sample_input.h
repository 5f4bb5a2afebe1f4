#pragma once

#include "core/model/trace.h"
#include "core/tensor/batch.h"

namespace lab {

/// A sample of a data set as a model is asked about it, its right answers included.
inline Input inputOf(const Sample& sample) {
    return {sample.tokens, sample.targetTokens, sample.targets, {}, {}, sample.vectors, sample.values};
}

}  // namespace lab
