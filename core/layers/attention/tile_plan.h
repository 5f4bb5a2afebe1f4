#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/config/experiment.h"

namespace lab {

/// Keys begin, begin + step, ... of one tile; they fill its columns from `column` on.
struct KeySegment {
    int begin, count, step, column;
};

/// Columns [begin, end) of a tile's row that its query may not see.
struct Blank {
    int row, begin, end;
};

/// A block of queries with all keys that any of them may see: the unit of the training kernels. What a pattern excludes as a whole is in no
/// tile.
struct Tile {
    int firstQuery = 0;
    int queries = 0;
    int columns = 0;
    std::size_t offset = 0;  ///< of its weights [queries, columns] in the store of one head
    std::vector<KeySegment> segments;
    std::vector<Blank> blanks;
};

/// How an attention pattern covers `queries` x `keys`.
struct TilePlan {
    int queries = 0, keys = 0;
    bool causal = false;
    std::vector<Tile> tiles;
    std::size_t storedWeights = 0;  ///< per head
    bool single = false;            ///< one tile of all queries and all keys

    TilePlan(const PatternConfig& pattern, bool causal, int queries, int keys);
};

/// Whether query i may see key j: patterns of FORMATS.md 1 (Beltagy et al. 2020, Child et al. 2019), intersected with j <= i when causal.
bool mayAttend(const PatternConfig& pattern, bool causal, int i, int j);

/// Plans by size; kept from pass to pass so that a step allocates nothing.
class TilePlans {
public:
    const TilePlan& get(const PatternConfig& pattern, bool causal, int queries, int keys);

private:
    struct Entry {
        PatternKind kind;
        std::unique_ptr<const TilePlan> plan;
    };
    std::vector<Entry> m_entries;
};

}  // namespace lab
