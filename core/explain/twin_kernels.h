#pragma once

#include <string>
#include <vector>

#include "core/config/layer_config.h"
#include "core/explain/tape.h"

namespace lab::explain {

/// What stands between queries and keys and weights in kernels of features and of decays once more, from their definitions: for the twin,
/// which shares no code with attention's kernels but the random matrix.
class TwinKernel {
public:
    /// Of the attention called `name`.
    TwinKernel(Tape& tape, const LayerConfig& layer, const std::string& name);

    /// phi of one head's vectors [rows, head_dim]; what was subtracted from a key's exponents is kept for scores().
    Node ofQueries(Node q) const;
    Node ofKeys(Node k);
    /// Products of one head with keys of group `group`, whose ofKeys was called in the groups' order.
    Node scores(Node q, Node k, int group) const;
    /// phi(q) . phi(k) of visible keys, divided by their sum.
    Node shares(Node seen) const;
    /// The softmax that drawn features stand for; q and k as they were before phi.
    Node exactWeights(Node q, Node k, Node masked) const;
    /// [rows, 1] half the sum of differences of each row.
    Node distance(Node weights, Node exact) const;

    /// sigmoid(logits)^(1/16), element by element.
    Node kept(Node logits) const;
    /// The map [n, n] of one head whose tokens keep `kept` [n, 1] each; null: what the head's number says.
    Node decay(Node kept, int head, int n) const;
    /// Rows of one head's output divided by their root mean square.
    Node normalised(Node out) const;

private:
    Node exponents(Node x) const;
    Node features(Node exponents, const std::vector<double>& tops) const;

    Tape& m_tape;
    const LayerConfig& m_layer;
    const KernelSpec& m_kernel;
    std::vector<double> m_matrix;                ///< [features, head_dim]
    std::vector<std::vector<double>> m_keyTops;  ///< of each group, [keys]
};

}  // namespace lab::explain
