#include "core/analysis/attention_flow.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace lab {
namespace {

/// A capacity below this is rounding noise: rows sum to 1.
constexpr double negligible = 1e-12;

/// Dinic's algorithm on the layered graph. Node (l, i) has the number l n + i; level 0 holds the inputs. Edges join neighbouring levels
/// only, so the residual graph is two n x n tables a layer: downwards what is left, upwards what could be taken back.
class FlowNetwork {
public:
    explicit FlowNetwork(const std::vector<AttentionMatrix>& layers)
        : m_layers(static_cast<int>(layers.size())), m_n(layers.front().n), m_down(layers), m_up(layers) {
        for (AttentionMatrix& up : m_up) std::fill(up.values.begin(), up.values.end(), 0.0);
        const std::size_t nodes = static_cast<std::size_t>(m_layers + 1) * static_cast<std::size_t>(m_n);
        m_distance.resize(nodes);
        m_next.resize(nodes);
    }

    double between(int source, int sink) {
        m_sink = sink;
        double total = 0.0;
        while (measureDistances(source)) {
            std::fill(m_next.begin(), m_next.end(), 0);
            const auto pushMore = [&] { return push(source, std::numeric_limits<double>::infinity()); };
            for (double pushed = pushMore(); pushed > 0.0; pushed = pushMore()) total += pushed;
        }
        return total;
    }

private:
    /// Neighbour k of a node: 0 .. n - 1 below it, n .. 2 n - 1 above it; -1 where there is no such level.
    int neighbour(int node, int k) const {
        const int level = node / m_n + (k < m_n ? -1 : 1);
        return level < 0 || level > m_layers ? -1 : level * m_n + k % m_n;
    }
    double& residual(int node, int k) {
        const auto level = static_cast<std::size_t>(node / m_n);
        return k < m_n ? m_down[level - 1](node % m_n, k) : m_up[level](k - m_n, node % m_n);
    }
    double& opposite(int node, int k) {
        const auto level = static_cast<std::size_t>(node / m_n);
        return k < m_n ? m_up[level - 1](node % m_n, k) : m_down[level](k - m_n, node % m_n);
    }

    bool measureDistances(int source) {
        std::fill(m_distance.begin(), m_distance.end(), -1);
        m_distance[static_cast<std::size_t>(source)] = 0;
        m_queue.assign(1, source);
        for (std::size_t head = 0; head < m_queue.size(); ++head) {
            const int node = m_queue[head];
            for (int k = 0; k < 2 * m_n; ++k) {
                const int to = neighbour(node, k);
                if (to < 0 || m_distance[static_cast<std::size_t>(to)] >= 0 || residual(node, k) <= negligible) continue;
                m_distance[static_cast<std::size_t>(to)] = m_distance[static_cast<std::size_t>(node)] + 1;
                m_queue.push_back(to);
            }
        }
        return m_distance[static_cast<std::size_t>(m_sink)] >= 0;
    }

    /// Sends what it can of `most` from a node to the sink along one path of growing distance.
    double push(int node, double most) {
        if (node == m_sink) return most;
        for (int& k = m_next[static_cast<std::size_t>(node)]; k < 2 * m_n; ++k) {
            const int to = neighbour(node, k);
            if (to < 0 || m_distance[static_cast<std::size_t>(to)] != m_distance[static_cast<std::size_t>(node)] + 1) continue;
            const double room = residual(node, k);
            if (room <= negligible) continue;
            const double pushed = push(to, std::min(most, room));
            if (pushed <= 0.0) continue;
            residual(node, k) -= pushed;
            opposite(node, k) += pushed;
            return pushed;
        }
        return 0.0;
    }

    int m_layers, m_n;
    std::vector<AttentionMatrix> m_down, m_up;
    std::vector<int> m_distance, m_next, m_queue;
    int m_sink = 0;
};

}  // namespace

double maximumFlow(const std::vector<AttentionMatrix>& layers, int i, int j) {
    assert(!layers.empty());
    const int top = static_cast<int>(layers.size()) * layers.front().n;
    return FlowNetwork(layers).between(top + i, j);
}

std::optional<AttentionMatrix> attentionFlow(const std::vector<AttentionMatrix>& layers, const std::function<bool()>& cancelled) {
    assert(!layers.empty());
    const int n = layers.front().n;
    AttentionMatrix flow{n, std::vector<double>(layers.front().values.size(), 0.0)};
    for (int i = 0; i < n; ++i) {
        if (cancelled && cancelled()) return std::nullopt;
        double sum = 0.0;
        for (int j = 0; j < n; ++j) sum += flow(i, j) = maximumFlow(layers, i, j);
        for (int j = 0; j < n && sum > 0.0; ++j) flow(i, j) /= sum;
    }
    return flow;
}

}  // namespace lab
