#include "core/text/ngram_baselines.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "core/base/errors.h"

namespace lab {
namespace {

constexpr int longestContext = NgramBaselines::longest;
using Node = std::uint32_t;
constexpr Node none = UINT32_MAX;
constexpr Node root = 0;

/// A tree of n-grams: a node a different one, its child by the next token found in one hash table.
class NgramTree {
public:
    NgramTree() : m_slots(1 << 16, none) { m_nodes.push_back({}); }

    struct Entry {
        Node parent = none;
        std::uint32_t token = 0;
        std::uint32_t count = 0;      ///< how often it stands in the text
        std::uint32_t followed = 0;   ///< how often with a token behind it
        std::uint32_t followers = 0;  ///< how many different ones
    };

    const Entry& entry(Node node) const { return m_nodes[node]; }
    std::size_t size() const { return m_nodes.size(); }

    /// none: this token never stood behind it.
    Node child(Node parent, std::uint32_t token) const { return m_slots[slotOf(parent, token)]; }

    Node counted(Node parent, std::uint32_t token) {
        std::size_t slot = slotOf(parent, token);
        ++m_nodes[parent].followed;
        if (m_slots[slot] == none) {
            ++m_nodes[parent].followers;
            if (m_nodes.size() * 2 >= m_slots.size()) {
                grow();
                slot = slotOf(parent, token);
            }
            m_slots[slot] = static_cast<Node>(m_nodes.size());
            m_nodes.push_back({parent, token});
        }
        ++m_nodes[m_slots[slot]].count;
        return m_slots[slot];
    }

private:
    /// Where it is, or the free place where it would be.
    std::size_t slotOf(Node parent, std::uint32_t token) const {
        std::uint64_t hash = (std::uint64_t(parent) << 32 | token) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
        for (std::size_t slot = hash & (m_slots.size() - 1);; slot = (slot + 1) & (m_slots.size() - 1)) {
            const Node node = m_slots[slot];
            if (node == none || (m_nodes[node].parent == parent && m_nodes[node].token == token)) return slot;
        }
    }

    void grow() {
        m_slots.assign(m_slots.size() * 2, none);
        for (Node node = 1; node < m_nodes.size(); ++node) m_slots[slotOf(m_nodes[node].parent, m_nodes[node].token)] = node;
    }

    std::vector<Entry> m_nodes;
    std::vector<Node> m_slots;  ///< a power of two, at most half of them taken
};

/// The last tokens of a text: node k - 1 is that of the last k - 1 of them; none when the tree has it not.
using Contexts = std::array<Node, longestContext>;

void tellNgrams(const Watch& watch, double share) {
    if (watch && !watch(share)) throw InputError(LAB_TEXT("text", "counting was left off"));
}

constexpr std::size_t often = 1 << 16;

/// How many tokens were counted.
std::size_t count(NgramTree& tree, std::span<const int> train, const Watch& watch, const NgramLimits& limits, double share) {
    const std::size_t most = std::min(train.size(), limits.trainTokens);
    Contexts contexts;
    contexts.fill(none);
    contexts[0] = root;
    for (std::size_t i = 0; i < most; ++i) {
        if (tree.size() + longestContext > limits.nodes) return i;
        for (std::size_t k = longestContext; k-- > 0;) {
            if (contexts[k] == none) continue;
            const Node next = tree.counted(contexts[k], static_cast<std::uint32_t>(train[i]));
            if (k + 1 < longestContext) contexts[k + 1] = next;
        }
        if (i % often == 0) tellNgrams(watch, share * static_cast<double>(i) / static_cast<double>(most));
    }
    return most;
}

/// Adds to `bits` what `token` costs for each order where it counts, and moves on.
void score(const NgramTree& tree, std::uint32_t token, double uniform, bool counts, Contexts& contexts, std::vector<double>& bits) {
    double p = uniform;
    if (counts) bits[0] -= std::log2(p);
    Contexts next;
    next.fill(none);
    next[0] = root;
    for (std::size_t k = 0; k < longestContext; ++k) {
        if (contexts[k] != none) {
            const NgramTree::Entry& context = tree.entry(contexts[k]);
            const Node found = tree.child(contexts[k], token);
            if (k + 1 < longestContext) next[k + 1] = found;
            if (context.followed > 0) {
                const double times = found == none ? 0 : tree.entry(found).count;
                p = (times + context.followers * p) / (double(context.followed) + context.followers);
            }
        }
        if (counts) bits[k + 1] -= std::log2(p);
    }
    contexts = next;
}

}  // namespace

double NgramBaselines::best() const {
    return bits.empty() ? 0 : *std::ranges::min_element(bits);
}

NgramBaselines ngramBaselines(std::span<const int> train, std::span<const int> validation, int vocabulary, const Watch& watch,
                              const NgramLimits& limits, std::span<const unsigned char> scored) {
    assert(vocabulary > 0 && (scored.empty() || scored.size() == validation.size()));
    NgramBaselines result;
    result.bits.assign(longestContext + 1, 0);
    const double share = static_cast<double>(train.size()) / static_cast<double>(train.size() + validation.size() + 1);
    NgramTree tree;
    result.trainTokens = count(tree, train, watch, limits, share);
    Contexts contexts;
    contexts.fill(none);
    contexts[0] = root;
    for (std::size_t i = 0; i < validation.size(); ++i) {
        const bool counts = scored.empty() || scored[i] != 0;
        score(tree, static_cast<std::uint32_t>(validation[i]), 1.0 / vocabulary, counts, contexts, result.bits);
        result.scoredTokens += counts ? 1 : 0;
        if (i % often == 0) tellNgrams(watch, share + (1 - share) * static_cast<double>(i) / static_cast<double>(validation.size()));
    }
    for (double& each : result.bits) each /= static_cast<double>(std::max<std::size_t>(1, result.scoredTokens));
    return result;
}

}  // namespace lab
