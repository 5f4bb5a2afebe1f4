#pragma once

#include <string>
#include <vector>

#include "core/model/model.h"

namespace lab {

/// Dense n x n, row-major: row = a position above, column = an input position.
struct AttentionMatrix {
    int n = 0;
    std::vector<double> values;

    double operator()(int i, int j) const { return values[static_cast<std::size_t>(i * n + j)]; }
    double& operator()(int i, int j) { return values[static_cast<std::size_t>(i * n + j)]; }
};

/// The self-attention of one side, lowest layer first, each as half of what its heads mix on average and half of the residual stream:
/// A + I, each row divided by its sum (Abnar & Zuidema 2020, arXiv:2005.00928, and their code). A row that sees nothing is itself. Of
/// weights that are no shares (the product kernel) A is their sizes: how much of each position is mixed in, not with which sign.
std::vector<AttentionMatrix> residualAttention(const Model& model, const Trace& trace, const std::string& side);

/// Attention rollout: R_1 = A_1, R_l = A_l R_{l-1}; entry l - 1 is R_l, the share of each input position in each position above layer l.
std::vector<AttentionMatrix> rollout(const std::vector<AttentionMatrix>& layers);

}  // namespace lab
