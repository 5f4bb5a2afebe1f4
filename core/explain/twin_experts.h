#pragma once

#include <vector>

#include "core/config/layer_config.h"
#include "core/explain/tape.h"

namespace lab::explain {

/// The router's part of a mixture of experts once more, from its definition alone: for the twin, which shares no code with
/// core/layers/experts. `chosen` [rows, k] is flat.
class TwinRouter {
public:
    explicit TwinRouter(const LayerConfig& layer) : m_experts(layer.experts), m_chosen(layer.chosen), m_balance(layer.balance) {}

    /// Of probabilities [rows, E].
    std::vector<int> choices(Node probabilities) const;
    /// Of numbers that stand in the choices' place.
    std::vector<int> nearest(Node shown) const;
    /// [rows, k]
    Node gates(Tape& tape, Node probabilities, const std::vector<int>& chosen) const;
    /// What a sequence costs beside the answers, as [1, 1]; null where that is nothing.
    Node cost(Tape& tape, Node probabilities, const std::vector<int>& chosen) const;

private:
    int m_experts, m_chosen;
    double m_balance;
};

}  // namespace lab::explain
