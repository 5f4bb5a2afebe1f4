#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/model/model.h"

namespace lab {

/// What a model makes of an input whose tokens change places: x'_i = x_{order[i]}.
struct PermutationCheck {
    struct Row {
        int position = 0;       ///< i
        int from = 0;           ///< order[i]: where the same token stood before
        int token = 0;          ///< x'_i
        int answer = 0;         ///< the class chosen at `from` before
        double before = 0;      ///< its logit at `from`
        double after = 0;       ///< the same class's logit at i now
        int answerAfter = 0;    ///< the class chosen at i now
        double difference = 0;  ///< largest over the classes of this position
    };
    std::vector<Row> rows;
    double difference = 0;    ///< largest |logit'_i - logit_order[i]| over all positions and classes
    double largestLogit = 0;  ///< to hold it against

    /// Whether a difference is no more than float rounding of the logits.
    bool negligible(double differs) const { return differs <= 1e-5 * std::max(1.0, largestLogit); }
};

/// Compares position i of the permuted input with position order[i] of the original. With a decoder's side the source is permuted and the
/// output compared place by place, since its own tokens stay.
PermutationCheck checkPermutation(const Model& model, const Weights& weights, const Input& input, const std::vector<int>& order);

/// The same question put to the model and to the same weights without any position encoding (kind none, KV in place of KV+Pos).
struct PermutationProbe {
    std::vector<int> order;
    PermutationCheck own;
    PermutationCheck without;
};
/// `seed` draws the order.
PermutationProbe probePermutation(const Model& model, const Weights& weights, const Input& input, std::uint64_t seed = 7);

/// Whether anything in the model tells positions apart: an encoding, KV+Pos or a net over the positions, a causal mask, or a pattern that
/// treats the places of a sequence of this length differently (a window as wide as the sequence hides nothing).
struct PositionSources {
    bool encoding = false;
    bool causal = false;
    bool pattern = false;
};
PositionSources positionSources(const ModelConfig& config, int length);

}  // namespace lab
