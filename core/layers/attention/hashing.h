#pragma once

#include <string>
#include <vector>

#include "core/patterns/lsh.h"

namespace lab {

/// What an attention whose pattern hashes keeps: directions are drawn once.
struct Hashing {
    LshNumbers numbers;
    bool causal, diagonalMasked;
    std::vector<std::vector<double>> directions;  ///< of each head

    Hashing(const Visibility& visibility, const std::string& layer, int heads, int width);
    /// Of one head with these keys [count, width].
    template <class T>
    LshPairs pairs(int head, const T* keys, int ld, int count, int width) const;
};

}  // namespace lab
