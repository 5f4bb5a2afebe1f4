#include "core/memory/hopfield_net.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace lab {
namespace {

StoredPatterns storedBy(const StorageRule& rule, const std::vector<Pattern>& patterns) {
    std::vector<States> states;
    states.reserve(patterns.size());
    for (const Pattern& pattern : patterns) states.push_back(pattern.states);
    return storedPatterns(rule, states);
}

Eigen::VectorXd vectorOf(std::span<const std::int8_t> state) {
    Eigen::VectorXd vector(std::ssize(state));
    for (std::size_t i = 0; i < state.size(); ++i) vector(static_cast<Eigen::Index>(i)) = state[i];
    return vector;
}

}  // namespace

HopfieldNet::HopfieldNet(const StorageRule& rule, std::vector<Pattern> patterns)
    : m_rule(&rule), m_patterns(std::move(patterns)), m_stored(storedBy(rule, m_patterns)) {
    m_largest = m_stored.weights.cwiseAbs().maxCoeff();
    m_lowestDiagonal = m_stored.weights.diagonal().minCoeff();
}

double HopfieldNet::energy(std::span<const std::int8_t> state) const {
    const Eigen::VectorXd s = vectorOf(state);
    return -0.5 * s.dot(m_stored.weights * s);
}

double HopfieldNet::field(std::span<const std::int8_t> state, int i) const {
    assert(std::ssize(state) == units());
    const std::span<const double> weights = weightsOf(i);
    double sum = 0;
    for (std::size_t j = 0; j < weights.size(); ++j) sum += weights[j] * state[j];
    return sum;
}

std::vector<double> HopfieldNet::fields(std::span<const std::int8_t> state) const {
    std::vector<double> result(state.size());
    Eigen::Map<Eigen::VectorXd>(result.data(), units()).noalias() = m_stored.weights * vectorOf(state);
    return result;
}

std::vector<double> HopfieldNet::fieldParts(std::span<const std::int8_t> state, int i) const {
    std::vector<double> parts(m_patterns.size());
    Eigen::Map<Eigen::VectorXd>(parts.data(), patternCount()).noalias() = m_rule->sharesOfRow(m_stored, i) * vectorOf(state);
    return parts;
}

std::vector<PatternShare> HopfieldNet::patternsOfWeight(int i, int j) const {
    const MemoryMatrix shares = m_rule->sharesOfRow(m_stored, i);
    std::vector<PatternShare> result;
    for (int mu = 0; mu < patternCount(); ++mu) result.push_back({mu, shares(mu, j)});
    std::ranges::stable_sort(result, std::greater{}, [](const PatternShare& part) { return std::abs(part.share); });
    return result;
}

std::int8_t HopfieldNet::wanted(std::span<const std::int8_t> state, int i) const {
    const double h = field(state, i);
    return std::abs(h) <= zeroField ? state[static_cast<std::size_t>(i)] : static_cast<std::int8_t>(h > 0 ? 1 : -1);
}

bool HopfieldNet::isFixedPoint(std::span<const std::int8_t> state) const {
    const std::vector<double> h = fields(state);
    for (std::size_t i = 0; i < h.size(); ++i)
        if (h[i] * state[i] < -zeroField) return false;
    return true;
}

}  // namespace lab
