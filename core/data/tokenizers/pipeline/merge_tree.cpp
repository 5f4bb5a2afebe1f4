#include "core/data/tokenizers/pipeline/merge_tree.h"

#include <algorithm>
#include <queue>

namespace lab {
namespace {

/// Lowest rank first, then leftmost, over a list of what is left.
class Merging {
public:
    Merging(const Bpe& bpe, MergeTree& tree) : m_bpe(bpe), m_tree(tree) {
        const auto leaves = static_cast<std::size_t>(tree.leaves);
        for (std::size_t i = 0; i < leaves; ++i) {
            m_node.push_back(static_cast<int>(i));
            m_before.push_back(static_cast<int>(i) - 1);
            m_next.push_back(i + 1 < leaves ? static_cast<int>(i) + 1 : -1);
        }
        for (std::size_t i = 0; i + 1 < leaves; ++i) offer(static_cast<int>(i));
    }

    void run() {
        while (!m_queue.empty()) {
            const Candidate best = m_queue.top();
            m_queue.pop();
            const int right = m_node[at(best.place)] == best.left ? m_next[at(best.place)] : -1;
            if (right >= 0 && m_node[at(right)] == best.right) merge(best, right);
        }
    }

private:
    struct Candidate {
        int rank, place;
        int left, right;  ///< nodes

        bool operator<(const Candidate& other) const { return std::pair(other.rank, other.place) < std::pair(rank, place); }
    };
    static std::size_t at(int index) { return static_cast<std::size_t>(index); }

    const Bpe::Merge* mergeOf(int left, int right) const { return m_bpe.merge(m_tree.nodes[at(left)].id, m_tree.nodes[at(right)].id); }

    void offer(int place) {
        const int right = place < 0 ? -1 : m_next[at(place)];
        if (right < 0) return;
        const int a = m_node[at(place)], b = m_node[at(right)];
        if (const Bpe::Merge* merge = mergeOf(a, b)) m_queue.push({merge->rank, place, a, b});
    }

    void merge(const Candidate& best, int right) {
        const int made = static_cast<int>(m_tree.nodes.size());
        const MergeTree::Node &a = m_tree.nodes[at(best.left)], &b = m_tree.nodes[at(best.right)];
        m_tree.nodes.push_back({mergeOf(best.left, best.right)->id, best.rank, best.left, best.right, a.begin, b.end});
        m_node[at(best.place)] = made;
        m_node[at(right)] = -1;
        m_next[at(best.place)] = m_next[at(right)];
        if (m_next[at(right)] >= 0) m_before[at(m_next[at(right)])] = best.place;
        offer(m_before[at(best.place)]);
        offer(best.place);
    }

    const Bpe& m_bpe;
    MergeTree& m_tree;
    std::vector<int> m_node, m_before, m_next;  ///< by place: the node there, -1 when it has been taken in; the places beside it
    std::priority_queue<Candidate> m_queue;
};

}  // namespace

std::vector<int> MergeTree::tokensAfter(int merges) const {
    std::vector<int> owner(static_cast<std::size_t>(leaves));
    for (int i = 0; i < leaves; ++i) owner[static_cast<std::size_t>(i)] = i;
    for (std::size_t i = static_cast<std::size_t>(leaves); i < nodes.size(); ++i)
        if (nodes[i].rank < merges) std::fill(owner.begin() + nodes[i].begin, owner.begin() + nodes[i].end, static_cast<int>(i));
    owner.erase(std::unique(owner.begin(), owner.end()), owner.end());
    return owner;
}

MergeTree mergeTree(const Bpe& bpe, const MappedText& word) {
    MergeTree tree;
    for (const char32_t character : word.text) {
        const int id = bpe.vocabulary().find(utf8Of(character));
        if (id < 0) continue;
        tree.nodes.push_back({id, -1, -1, -1, tree.leaves, tree.leaves + 1});
        ++tree.leaves;
    }
    Merging(bpe, tree).run();
    return tree;
}

int rankOf(const Bpe& bpe, int id) {
    const auto makes = [&](const std::pair<int, int>& pair) { return bpe.merge(pair.first, pair.second)->id == id; };
    const auto found = std::ranges::find_if(bpe.merges(), makes);
    return found == bpe.merges().end() ? -1 : static_cast<int>(found - bpe.merges().begin());
}

}  // namespace lab
