#include "core/explain/twin_kernels.h"

#include <algorithm>
#include <cmath>

#include "core/layers/attention/linear_kernel.h"
#include "core/layers/attention/random_features.h"

namespace lab::explain {

TwinKernel::TwinKernel(Tape& tape, const LayerConfig& layer, const std::string& name)
    : m_tape(tape), m_layer(layer), m_kernel(specOf(layer.kernel)) {
    if (m_kernel.drawn) m_matrix = RandomFeatures(layer.head_dim, layer.features, layer.feature_seed, name).matrix();
}

/// u = x' w^T - |x'|^2 / 2, the square in every column.
Node TwinKernel::exponents(Node x) const {
    Node scaled = m_tape.scale(x, std::pow(static_cast<double>(m_layer.head_dim), -0.25));
    Node along = m_tape.multiplyTransposed(scaled, m_tape.leaf(m_layer.features, m_layer.head_dim, m_matrix));
    const std::size_t cells = static_cast<std::size_t>(m_layer.features) * static_cast<std::size_t>(m_layer.head_dim);
    Node square = m_tape.multiplyTransposed(m_tape.product(scaled, scaled),
                                            m_tape.leaf(m_layer.features, m_layer.head_dim, std::vector<double>(cells, -0.5)));
    return m_tape.add(along, square);
}

/// exp(u - top of its row) / sqrt(m); the tops are constants.
Node TwinKernel::features(Node u, const std::vector<double>& tops) const {
    std::vector<double> less;
    for (const double top : tops)
        for (int f = 0; f < u->columns; ++f) less.push_back(-top);
    const auto exponential = [](double x) { return std::exp(x); };
    Node grown = m_tape.map(m_tape.add(u, m_tape.leaf(u->rows, u->columns, std::move(less))), exponential, exponential);
    return m_tape.scale(grown, 1.0 / std::sqrt(static_cast<double>(u->columns)));
}

Node TwinKernel::ofQueries(Node q) const {
    if (!m_kernel.drawn) return m_tape.map(q, linearFeature, linearFeatureSlope);
    Node u = exponents(q);
    std::vector<double> tops;
    for (int i = 0; i < u->rows; ++i) {
        tops.push_back(-INFINITY);
        for (int f = 0; f < u->columns; ++f) tops.back() = std::max(tops.back(), u->at(i, f));
    }
    return features(u, tops);
}

Node TwinKernel::ofKeys(Node k) {
    if (!m_kernel.drawn) return m_tape.map(k, linearFeature, linearFeatureSlope);
    Node u = exponents(k);
    std::vector<double> tops;
    double largest = -INFINITY;
    for (int j = 0; j < u->rows; ++j) {
        for (int f = 0; f < u->columns; ++f) largest = std::max(largest, u->at(j, f));
        tops.push_back(largest);
    }
    if (!m_layer.visibility.causal()) std::ranges::fill(tops, largest);
    m_keyTops.push_back(tops);
    return features(u, tops);
}

Node TwinKernel::scores(Node q, Node k, int group) const {
    Node s = m_tape.multiplyTransposed(q, k);
    if (m_kernel.scaled) return m_tape.scale(s, 1.0 / std::sqrt(static_cast<double>(q->columns)));
    if (!m_kernel.drawn) return s;
    const std::vector<double>& tops = m_keyTops[static_cast<std::size_t>(group)];
    std::vector<double> moved;
    for (int i = 0; i < s->rows; ++i)
        for (int j = 0; j < s->columns; ++j)
            moved.push_back(std::exp(std::min(0.0, tops[static_cast<std::size_t>(j)] - tops[static_cast<std::size_t>(i)])));
    return m_tape.product(s, m_tape.leaf(s->rows, s->columns, std::move(moved)));
}

Node TwinKernel::shares(Node seen) const {
    constexpr double ofNothing = 1e-300;  // a row that sees no key stays 0
    return m_tape.divideBySum(seen, std::max(epsilonOf(m_layer.kernel), ofNothing));
}

Node TwinKernel::exactWeights(Node q, Node k, Node masked) const {
    Node s = m_tape.scale(m_tape.multiplyTransposed(q, k), 1.0 / std::sqrt(static_cast<double>(q->columns)));
    return m_tape.softmax(m_tape.select(
        s, [masked](int i, int j) { return !std::isinf(masked->at(i, j)); }, -INFINITY));
}

Node TwinKernel::distance(Node weights, Node exact) const {
    std::vector<double> sums(static_cast<std::size_t>(weights->rows));
    for (int i = 0; i < weights->rows; ++i)
        for (int j = 0; j < weights->columns; ++j) sums[static_cast<std::size_t>(i)] += std::abs(weights->at(i, j) - exact->at(i, j)) / 2;
    return m_tape.leaf(weights->rows, 1, std::move(sums));
}

Node TwinKernel::kept(Node logits) const {
    const auto sigmoid = [](double z) { return 1.0 / (1.0 + std::exp(-z)); };
    return m_tape.map(
        logits, [=](double z) { return std::pow(sigmoid(z), 1.0 / 16.0); },
        [=](double z) { return std::pow(sigmoid(z), 1.0 / 16.0) * (1.0 - sigmoid(z)) / 16.0; });
}

/// exp(C_i - C_j) with C the sums of logarithms up to a token.
Node TwinKernel::decay(Node kept, int head, int n) const {
    const std::size_t tokens = static_cast<std::size_t>(n);
    if (!kept) kept = m_tape.leaf(n, 1, std::vector<double>(tokens, 1.0 - std::pow(2.0, -5.0 - head)));
    Node logs = m_tape.map(
        kept, [](double x) { return std::log(x); }, [](double x) { return 1.0 / x; });
    std::vector<double> lower(tokens * tokens);
    for (std::size_t i = 0; i < tokens; ++i) std::fill_n(lower.begin() + static_cast<std::ptrdiff_t>(i * tokens), i + 1, 1.0);
    Node sums = m_tape.multiply(m_tape.leaf(n, n, std::move(lower)), logs);
    const std::vector<double> ones(tokens, 1.0);
    Node difference = m_tape.add(m_tape.multiplyTransposed(sums, m_tape.leaf(n, 1, ones)),
                                 m_tape.scale(m_tape.multiplyTransposed(m_tape.leaf(n, 1, ones), sums), -1.0));
    const auto exponential = [](double x) { return std::exp(x); };
    return m_tape.map(m_tape.select(
                          difference, [](int i, int j) { return j <= i; }, -INFINITY),
                      exponential, exponential);
}

Node TwinKernel::normalised(Node out) const {
    Node gain = m_tape.leaf(out->columns, 1, std::vector<double>(static_cast<std::size_t>(out->columns), 1.0));
    return m_tape.norm(out, gain, nullptr, true, m_layer.norm.epsilon);
}

}  // namespace lab::explain
