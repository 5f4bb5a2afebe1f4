#pragma once

#include <algorithm>

#include "core/tensor/batch.h"

// How a batch is cut is a rule of the experiment alone, so that a run does not depend on the machine: fixed groups of sequences, each with
// a gradient buffer of its own, which go through micro-shards whose working set stays in cache.

namespace lab {

constexpr int mostGroups = 8;
constexpr int fewestRowsPerGroup = 128;  ///< below that a group's gradient buffer costs more than its share of the work
constexpr int rowsPerShard = 512;

/// Gradient buffers that a trainer keeps, for batches of any length.
inline int groupBuffers(int batchSize) {
    return std::min(mostGroups, batchSize);
}

/// The largest power of two that leaves each group enough rows; 1 .. mostGroups, no more than there are sequences.
inline int groupsOf(int sequences, int rows) {
    int groups = 1;
    while (2 * groups <= std::min({mostGroups, sequences, rows / fewestRowsPerGroup})) groups *= 2;
    return groups;
}
inline int groupsOf(const Batch& batch) {
    return groupsOf(batch.sequences, batch.sequences * (batch.length + batch.targetLength));
}

/// Of sequences of this many positions, both sides of an encoder-decoder counted.
inline int shardSequences(int length) {
    return std::max(1, rowsPerShard / std::max(1, length));
}

}  // namespace lab
