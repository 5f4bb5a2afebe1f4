#pragma once

#include <Eigen/Core>
#include <vector>

#include "core/base/message.h"
#include "core/model/model.h"

// For core/incontext's own sources: weights as matrices, in double precision.

namespace lab {

using MapMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A parameter of the model as a matrix; a vector as one row; nothing (0 x 0) where the model has none of that name.
MapMatrix matrixOf(const Model& model, const Weights& weights, const std::string& name);

/// What one head of a layer computes with, in the coordinates of the stream.
struct StreamProducts {
    MapMatrix meeting;  ///< W_K^T W_Q: row the key's channel, column the query's
    MapMatrix adding;   ///< W_O W_V: row the channel added to, column the key's
};
StreamProducts streamProducts(const Model& model, const Weights& weights, const AttentionBlock& block, int head);

/// Why products are not all that the attention of this model does; empty: they are.
Message whyNotProducts(const ModelConfig& config);

}  // namespace lab
