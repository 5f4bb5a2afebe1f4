#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/patterns/tile.h"
#include "core/patterns/visibility.h"

namespace lab {

/// How what a layer sees of `queries` x `keys` is cut into tiles.
struct TilePlan {
    int queries = 0, keys = 0;
    std::vector<Tile> tiles;
    std::size_t storedWeights = 0;  ///< per head
    bool single = false;            ///< one tile of all queries and all keys

    TilePlan(const Visibility& visibility, int queries, int keys);
};

/// Plans by what is seen and by size; kept from pass to pass so that a step allocates nothing.
class TilePlans {
public:
    const TilePlan& get(const Visibility& visibility, int queries, int keys);

private:
    struct Entry {
        Visibility visibility;
        std::unique_ptr<const TilePlan> plan;
    };
    std::vector<Entry> m_entries;
};

}  // namespace lab
