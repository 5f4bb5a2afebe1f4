#include "core/explain/twin_difference.h"

#include <cmath>

namespace lab::explain {
namespace {

Node ones(Tape& tape, int rows, int columns) {
    return tape.leaf(rows, columns, std::vector<double>(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns), 1.0));
}

/// exp(a . b) of vectors [n, 1].
Node expOfDot(Tape& tape, Node a, Node b) {
    const auto e = [](double x) { return std::exp(x); };
    return tape.map(tape.multiply(ones(tape, 1, a->rows), tape.product(a, b)), e, e);
}

}  // namespace

TwinDifference::TwinDifference(Tape& tape, const std::function<Node(const std::string&)>& parameter, const std::string& name,
                               const LayerConfig& layer)
    : m_tape(tape),
      m_gain(parameter(name + ".pair_norm.weight")),
      m_width(2 * layer.head_dim),
      m_start(layer.difference_start),
      m_epsilon(layer.norm.epsilon) {
    Node first = expOfDot(tape, parameter(name + ".lambda_query_1"), parameter(name + ".lambda_key_1"));
    Node second = expOfDot(tape, parameter(name + ".lambda_query_2"), parameter(name + ".lambda_key_2"));
    m_lambda = tape.add(tape.add(first, tape.scale(second, -1.0)), tape.leaf(1, 1, {m_start}));
}

Node TwinDifference::of(Node first, Node second) const {
    Node everywhere = m_tape.multiply(m_tape.multiply(ones(m_tape, second->rows, 1), m_lambda), ones(m_tape, 1, second->columns));
    return m_tape.add(first, m_tape.scale(m_tape.product(everywhere, second), -1.0));
}

Node TwinDifference::normalised(Node mixed) const {
    std::vector<Node> pairs;
    for (int at = 0; at < mixed->columns; at += m_width)
        pairs.push_back(m_tape.scale(m_tape.norm(m_tape.columns(mixed, at, m_width), m_gain, nullptr, true, m_epsilon), 1.0 - m_start));
    return m_tape.joined(pairs);
}

}  // namespace lab::explain
