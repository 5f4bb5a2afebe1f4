#pragma once

#include <cmath>
#include <cstring>

#include "core/io/safetensors.h"
#include "core/optimizers/training_state.h"

// Whether what was read is what was written, to the last bit; NaN is NaN.

namespace lab::fuzz {

template <class Numbers>
bool sameBits(const Numbers& a, const Numbers& b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(a.front())) == 0);
}

inline bool sameTensor(const Tensor& a, const Tensor& b) {
    return a.shape == b.shape && a.integers == b.integers && sameBits(a.values, b.values);
}

inline bool sameTensors(const NamedTensors& a, const NamedTensors& b) {
    if (a.size() != b.size()) return false;
    for (const NamedTensors::Entry& entry : a.entries()) {
        const Tensor* other = b.find(entry.name);
        if (!other || !sameTensor(entry.tensor, *other)) return false;
    }
    return true;
}

inline bool sameState(const TrainingState& a, const TrainingState& b) {
    if (a.hasAdapters() != b.hasAdapters() || a.step != b.step || !(a.best == b.best)) return false;
    if (a.hasAdapters() && (a.base->matrices != b.base->matrices || !sameBits(a.base->weights, b.base->weights))) return false;
    return sameBits(a.weights, b.weights) && sameBits(a.firstMoment, b.firstMoment) && sameBits(a.secondMoment, b.secondMoment) &&
           sameBits(a.adapters, b.adapters);
}

}  // namespace lab::fuzz
