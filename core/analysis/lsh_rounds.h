#pragma once

#include <vector>

#include "core/model/model.h"

namespace lab {

/// Into which buckets one round of hashing put the positions of a head.
struct LshRound {
    int round = 0;
    std::vector<int> buckets;  ///< [T]
    std::vector<int> order;    ///< positions by (bucket, position)

    bool operator==(const LshRound&) const = default;
};

/// Of one head of a trace; none where its block does not hash.
std::vector<LshRound> lshRounds(const Trace& trace, const AttentionBlock& block, int head);

}  // namespace lab
