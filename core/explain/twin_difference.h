#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/layer_config.h"
#include "core/explain/tape.h"

namespace lab::explain {

/// Differential attention once more, from its definition (Ye et al. 2024, arXiv 2410.05258, equations 1 to 3): for the twin, which shares
/// no code with attention's own.
class TwinDifference {
public:
    TwinDifference(Tape& tape, const std::function<Node(const std::string&)>& parameter, const std::string& name, const LayerConfig& layer);

    Node lambda() const { return m_lambda; }  ///< [1, 1]
    /// One map [queries, keys] less lambda times the other.
    Node of(Node first, Node second) const;
    /// [rows, heads * head_dim] pair by pair: divided by its root mean square, times gain and 1 - lambda_init.
    Node normalised(Node mixed) const;

    Node replacingLambda(Node lambda) { return m_lambda = lambda; }

private:
    Tape& m_tape;
    Node m_gain;
    int m_width;
    double m_start, m_epsilon;
    Node m_lambda = nullptr;
};

}  // namespace lab::explain
