#pragma once

#include <cstddef>
#include <vector>

#include "core/patterns/pattern.h"

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

    int lastQuery() const { return firstQuery + queries - 1; }
    /// Behind the last key that any of its queries sees.
    int limit(const PatternFrame& frame) const { return frame.causal && lastQuery() < frame.keys ? lastQuery() + 1 : frame.keys; }
    /// Keys begin, begin + step, ... below end; none when there are none.
    void add(int begin, int end, int step = 1);
};

}  // namespace lab
