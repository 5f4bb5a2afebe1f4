#pragma once

// How the fused attention kernels cut a head: blocks of queries, whose weights stand keys by queries, queries padded to whole vectors of
// any instruction set. Internal to core/ops.

namespace lab {

constexpr int attentionBlock = 64;        // of 128 keys it just fills the first cache
constexpr int attentionCausalBlock = 32;  // little of the square on the diagonal is wasted

static constexpr int paddedQueries(int count) {
    return (count + 15) / 16 * 16;
}

}  // namespace lab
