#pragma once

#include <optional>
#include <vector>

#include "core/model/model.h"

namespace lab {

/// What the heads of a block have learned to add to a score for the distance alone. An offset is key - query: below 0 the key lies before
/// the query.
struct DistanceBias {
    int farthest = 0;                        ///< offsets -farthest .. farthest
    std::vector<std::vector<double>> heads;  ///< [heads][2 farthest + 1]
    /// Offsets at which a bucket of offsets begins, ascending, -farthest first; empty where every distance has a number of its own.
    std::vector<int> begins;
    int shareFrom = 0;      ///< with buckets: keys so far before the query, and all that are farther away, share one
    bool inLayers = false;  ///< the same numbers in several layers

    double at(int head, int offset) const { return heads[static_cast<std::size_t>(head)][static_cast<std::size_t>(offset + farthest)]; }
};

/// Of position relative-bias the number of the offset's bucket (Raffel et al. 2020, arXiv 1910.10683, section 2.1), of relative the term
/// v_h . W_h R_{i-j} / sqrt(head_dim) (Dai et al. 2019, arXiv 1901.02860, section 3.3, term d). Nothing in blocks without either.
std::optional<DistanceBias> distanceBias(const Model& model, const Weights& weights, const AttentionBlock& block, int farthest);

/// A head's bias of every pair, [queries, keys]; -inf where it may not look. Reaches at least as far as the pairs are apart.
std::vector<float> biasOfPairs(const DistanceBias& bias, int head, int queries, int keys, const Visibility& visibility);

}  // namespace lab
