#include "core/layers/position/rope.h"

#include <cmath>

namespace lab {

RopeFrequencies ropeFrequencies(const RopeConfig& rope, int headDim, int length) {
    RopeFrequencies frequencies = rope.scaling.kind->frequencies(rope, rope.dims.value_or(headDim), length);
    frequencies.theta.resize(static_cast<std::size_t>(headDim / 2), 0.0);  // pairs that stay where they are
    return frequencies;
}

template <class T>
void ropeTables(const RopeFrequencies& frequencies, int first, int rows, T* cos, T* sin) {
    for (int row = 0; row < rows; ++row) {
        for (const double theta : frequencies.theta) {
            const double angle = (first + row) * theta;
            *cos++ = static_cast<T>(std::cos(angle) * frequencies.scale);
            *sin++ = static_cast<T>(std::sin(angle) * frequencies.scale);
        }
    }
}

template void ropeTables(const RopeFrequencies&, int, int, float*, float*);
template void ropeTables(const RopeFrequencies&, int, int, double*, double*);

}  // namespace lab
