#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/analysis/ablation.h"

// Which heads or weights of a trained model can go, and the model without them.

namespace lab {

struct Experiment;

enum class PruneWhat {
    heads,    ///< whole heads, over all blocks of attention
    weights,  ///< single weights of the matrices between activations (attention, feed-forward, mixing, bottleneck)
};

enum class PruneBy {
    /// Heads: the size of what they can add, |W_O| |W_V| (Frobenius norms of the head's part; the keys where they serve as values).
    /// Weights: |w|, compared within a matrix, whose scale is its own.
    size,
    /// Heads: how much the loss rises when the head is switched off. Weights: how much it would rise without one, estimated as w^2 times
    /// the mean over samples of its gradient squared (optimal brain damage, LeCun, Denker & Solla 1990, with the Fisher information in
    /// place of the curvature, as Theis et al. 2018, arXiv 1801.05787), compared over the whole model.
    ablation,
};

/// Which go first.
struct PruneOrder {
    PruneWhat what = PruneWhat::heads;
    /// Of heads: all of them, that which matters least first.
    std::vector<AblationSubject> heads;
    std::vector<double> worths;  ///< of each of these, in the same order
    /// Of weights: of each of the flat vector, how much it matters; negative: is never taken.
    std::vector<float> weightWorths;
    bool withinMatrices = false;  ///< the share is taken of each matrix by itself
};

/// A model without a share of its heads or weights.
struct Pruned {
    Weights weights;
    std::int64_t taken = 0, of = 0;  ///< heads or weights
};

/// Told how many of how many parts are done.
using PruneProgress = std::function<void(int done, int total)>;

/// `samples` are asked by ablation alone. Nothing when cancelled. Throws InputError for a model without heads and for samples that the
/// model cannot take.
std::optional<PruneOrder> pruneOrder(const Model& model, const Weights& weights, PruneWhat what, PruneBy by,
                                     const std::vector<Sample>& samples, const std::function<bool()>& cancelled = {},
                                     const PruneProgress& progress = {});

/// The weights with the nearest whole number of heads, or weights, to `share` (0 to 1) set to 0. A head's queries, keys, values and its
/// part of W_O become 0, keys and values that heads share only when all of these go.
Pruned pruned(const Model& model, const Weights& weights, const PruneOrder& order, double share);

/// The settings of a pruned model's training of `steps` more, which keeps what is 0 at 0: a schedule of its own, whose warm-up is a tenth
/// of it at most. 0 steps: as they were.
Experiment afterPruning(Experiment experiment, int steps);

/// How many of the weights are 0, gaps of the layout excluded.
std::int64_t zerosOf(const ParameterLayout& layout, const Weights& weights);

}  // namespace lab
