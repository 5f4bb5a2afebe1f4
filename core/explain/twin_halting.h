#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/model_config.h"
#include "core/explain/tape.h"

namespace lab::explain {

/// Adaptive computation time once more, row by row on a tape: core/layers/halting.h says what it is. For the twin.
class TwinHalting {
public:
    /// Records a column [rows, 1] under a name, and gives it back as it is or as it was replaced.
    using Look = std::function<Node(const std::string& name, Node column)>;

    TwinHalting(Tape& tape, std::string side, const DepthConfig& config, int limit, Look look)
        : m_tape(tape), m_side(std::move(side)), m_config(config), m_limit(limit), m_look(std::move(look)) {}

    /// What a step leaves: `state`, but for the rows that had halted, which stay as they were `before`.
    Node left(Node before, Node state);
    /// Behind step `step` (from 0), which left `state`.
    void add(int step, Node state, Node weight, Node bias);
    /// The mean of the states, and what the steps cost, [1, 1].
    Node mixed();
    Node cost();

private:
    Node filled(int rows, int columns, double value);
    Node where(Node column, const std::vector<bool>& rows);

    Tape& m_tape;
    std::string m_side;
    DepthConfig m_config;
    int m_limit;
    Look m_look;
    std::vector<bool> m_halted;  ///< [rows]
    std::vector<double> m_steps;
    Node m_sum = nullptr;    ///< of h, [rows, 1]
    Node m_left = nullptr;   ///< R, [rows, 1]
    Node m_mixed = nullptr;  ///< [rows, d]
};

}  // namespace lab::explain
