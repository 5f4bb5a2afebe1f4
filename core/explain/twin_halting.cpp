#include "core/explain/twin_halting.h"

#include <cmath>
#include <utility>

namespace lab::explain {

Node TwinHalting::filled(int rows, int columns, double value) {
    return m_tape.leaf(rows, columns, std::vector<double>(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns), value));
}

/// 0 elsewhere.
Node TwinHalting::where(Node column, const std::vector<bool>& rows) {
    return m_tape.select(
        column, [rows](int i, int) { return rows[static_cast<std::size_t>(i)]; }, 0.0);
}

Node TwinHalting::left(Node before, Node state) {
    if (m_halted.empty()) return state;
    std::vector<Node> rows;
    for (int i = 0; i < state->rows; ++i) rows.push_back(m_tape.rowsOf(m_halted[static_cast<std::size_t>(i)] ? before : state, {i}));
    return m_tape.stacked(rows);
}

void TwinHalting::add(int step, Node state, Node weight, Node bias) {
    const int rows = state->rows;
    const auto count = static_cast<std::size_t>(rows);
    if (m_halted.empty()) {
        m_halted.assign(count, false);
        m_steps.assign(count, 0.0);
        m_sum = filled(rows, 1, 0.0);
        m_left = filled(rows, 1, 0.0);
        m_mixed = filled(rows, state->columns, 0.0);
    }
    const auto sigmoid = [](double u) { return 1.0 / (1.0 + std::exp(-u)); };
    std::vector<bool> going = m_halted;
    going.flip();
    Node unit = m_tape.map(m_tape.addRow(m_tape.multiplyTransposed(state, weight), bias), sigmoid,
                           [=](double u) { return sigmoid(u) * (1.0 - sigmoid(u)); });
    const std::string name = m_side + "." + std::to_string(step);
    unit = m_look(name + ".halting", where(unit, going));
    std::vector<bool> goesOn(count), ends(count);
    for (std::size_t i = 0; i < count; ++i) {
        const bool enough = step + 1 == m_limit || m_sum->value[i] + unit->value[i] >= 1.0 - m_config.epsilon;
        goesOn[i] = going[i] && !enough;
        ends[i] = going[i] && enough;
        if (ends[i]) m_steps[i] = step + 1;
        if (ends[i]) m_halted[i] = true;
    }
    const auto rest = [](double u) { return 1.0 - u; };
    Node last = where(m_tape.map(m_sum, rest, [](double) { return -1.0; }), ends);
    Node share = m_look(name + ".share", m_tape.add(where(unit, goesOn), last));
    m_mixed = m_tape.add(m_mixed, m_tape.product(m_tape.multiply(share, filled(1, state->columns, 1.0)), state));
    m_left = m_tape.add(m_left, last);
    m_sum = m_tape.add(m_sum, unit);
}

Node TwinHalting::mixed() {
    return m_mixed;
}

Node TwinHalting::cost() {
    const int rows = m_mixed->rows;
    m_look(m_side + ".steps", m_tape.leaf(rows, 1, m_steps));
    Node ponder = m_look(m_side + ".ponder", m_tape.add(m_left, m_tape.leaf(rows, 1, m_steps)));
    return m_tape.multiply(filled(1, rows, m_config.ponder / rows), ponder);
}

}  // namespace lab::explain
