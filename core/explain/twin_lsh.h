#pragma once

#include <string>
#include <vector>

#include "core/explain/tape.h"
#include "core/patterns/visibility.h"

namespace lab::explain {

/// Pattern lsh once more, from its definition alone: for the twin, which shares with core/patterns the directions drawn, and no rule.
class TwinLsh {
public:
    /// One head of the attention called `layer`.
    TwinLsh(const Visibility& visibility, const std::string& layer, int head, Node keys);

    /// The bucket of each key in each round, [rounds, keys].
    std::vector<double> buckets() const;
    /// Whether query i sees key j.
    bool sees(int i, int j) const;

private:
    bool meet(int round, int i, int j) const;
    bool mayMeet(int i, int j) const;
    int chunkOf(int round, int i) const;

    int m_keys, m_chunk;
    bool m_causal, m_diagonalMasked;
    std::vector<std::vector<int>> m_bucket;  ///< [rounds][keys]
};

}  // namespace lab::explain
