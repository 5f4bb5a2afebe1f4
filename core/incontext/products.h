#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/message.h"
#include "core/data/function_prompt.h"
#include "core/model/model.h"

// What linear attention computes is decided by two products alone: W_O W_V, what a key adds, and W_K^T W_Q, how queries and keys meet.

namespace lab {

/// Of one head, in the coordinates of the vectors (x, y): what the embedding E brings in and the answer U reads is worked in.
struct HeadProducts {
    int layer = 0, head = 0;
    int size = 0;                 ///< numbers of a vector: d + 1
    std::vector<double> meeting;  ///< [size, size] E^T W_K^T W_Q E: row the key's slot, column the query's
    std::vector<double> adding;   ///< [size, size] E^+ W_O W_V E: row the slot added to, column the key's slot
};

/// Of every head; empty where attention has an own form, biases, norms or a feed-forward layer between, or E is no square map that can be
/// undone: its products would not be all it does. `why` says so.
std::vector<HeadProducts> headProducts(const Model& model, const Weights& weights, Message* why = nullptr);
/// Those that the construction has: one step of length eta of `points` points, GD++ with gamma.
HeadProducts constructedProducts(int dimensions, int points, double eta, double gamma = 0);

/// One layer as it acts on the answer: y(x_q) = own . x_q + sum over heads of x_q^T meeting^T C reading, C = sum e e^T over the points.
/// What it computes does not depend on how a factor is shared out between the products.
struct EffectiveStep {
    std::vector<double> map;    ///< [d, d] the part that meets X^T y: y = x_q^T map X^T y; the construction: eta / N I
    double eta = 0;             ///< N times the mean of its diagonal
    double largestOff = 0;      ///< the largest off its diagonal, by size
    double diagonalSpread = 0;  ///< standard deviation along the diagonal
};
/// Of a model of one layer with joined points; nothing for others.
std::optional<EffectiveStep> effectiveStep(const Model& model, const Weights& weights, const FunctionConfig& task);

/// The loss of a one-layer model judged by its products against that of the best gradient step on the same drawn tasks, whose own loss is
/// known in closed form: what is drawn is only their difference.
struct LossInCommon {
    double loss = 0;  ///< the model's: closed form of the step and the mean difference
    double step = 0;  ///< closed form of the best step
    double difference = 0;
    double standardError = 0;  ///< of the difference
    int tasks = 0;
};
std::optional<LossInCommon> lossInCommon(const Model& model, const Weights& weights, const FunctionConfig& task, int tasks,
                                         std::uint64_t seed = 1, const std::function<bool()>& cancelled = {});

}  // namespace lab
