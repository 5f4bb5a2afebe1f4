#pragma once

namespace lab {

/// Sums over keys go in rising order, in lanes of a power of two of them: keys that begin at a multiple of it give the bits that all keys
/// would give. The last such place that is not behind `key`.
inline int laneBegin(int key) {
    constexpr int lanes = 16;
    return key / lanes * lanes;
}

}  // namespace lab
