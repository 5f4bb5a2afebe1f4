#include "core/explain/twin_experts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lab::explain {

std::vector<int> TwinRouter::choices(Node probabilities) const {
    std::vector<int> chosen;
    for (int r = 0; r < probabilities->rows; ++r) {
        std::vector<int> order(static_cast<std::size_t>(m_experts));
        std::iota(order.begin(), order.end(), 0);
        std::ranges::stable_sort(order, std::greater<>(), [&](int e) { return probabilities->at(r, e); });
        chosen.insert(chosen.end(), order.begin(), order.begin() + m_chosen);
    }
    return chosen;
}

std::vector<int> TwinRouter::nearest(Node shown) const {
    std::vector<int> chosen;
    for (const double value : shown->value) chosen.push_back(static_cast<int>(std::clamp(std::round(value), 0.0, m_experts - 1.0)));
    return chosen;
}

Node TwinRouter::gates(Tape& tape, Node probabilities, const std::vector<int>& chosen) const {
    std::vector<Node> rows;
    auto next = chosen.begin();
    for (int r = 0; r < probabilities->rows; ++r) {
        std::vector<Node> picked;
        for (int j = 0; j < m_chosen; ++j) picked.push_back(tape.columns(tape.rowsOf(probabilities, {r}), *next++, 1));
        Node row = tape.joined(picked);
        rows.push_back(m_chosen == 1 ? row : tape.divideBySum(row, 0.0));
    }
    return tape.stacked(rows);
}

/// alpha E sum_e f_e mean_r p_re.
Node TwinRouter::cost(Tape& tape, Node probabilities, const std::vector<int>& chosen) const {
    if (m_balance == 0.0) return nullptr;
    const int rows = probabilities->rows;
    std::vector<double> shares(static_cast<std::size_t>(m_experts));
    for (const int e : chosen) shares[static_cast<std::size_t>(e)] += 1.0 / static_cast<double>(chosen.size());
    const std::vector<double> mean(static_cast<std::size_t>(rows), 1.0 / rows);
    Node means = tape.multiply(tape.leaf(1, rows, mean), probabilities);
    return tape.scale(tape.multiply(means, tape.leaf(m_experts, 1, shares)), m_balance * m_experts);
}

}  // namespace lab::explain
