#include "core/patterns/tile_plan.h"

#include <algorithm>

namespace lab {
namespace {

constexpr int queriesOfAnyPattern = 32;

/// The keys that `allows` names for some query of the tile.
void addAllowedKeys(const PatternSpec& pattern, const PatternFrame& frame, Tile& tile) {
    const auto seen = [&](int j) {
        for (int i = tile.firstQuery; i <= tile.lastQuery(); ++i)
            if (i == j || pattern.allows(frame, i, j)) return true;  // the query itself: its last resort
        return false;
    };
    const int limit = tile.limit(frame);
    for (int begin = 0; begin < limit; ++begin) {
        if (!seen(begin)) continue;
        int end = begin + 1;
        while (end < limit && seen(end)) ++end;
        tile.add(begin, end);
        begin = end;
    }
}

/// Marks what the tile holds but its queries may not see.
void addBlanks(const Visibility& visibility, int keys, Tile& tile) {
    for (int row = 0; row < tile.queries; ++row) {
        for (const KeySegment& segment : tile.segments) {
            int blankFrom = -1;
            for (int c = 0; c <= segment.count; ++c) {
                const bool hidden =
                    c < segment.count && !visibility.mayAttend(tile.firstQuery + row, segment.begin + c * segment.step, keys);
                if (hidden && blankFrom < 0) blankFrom = c;
                if (hidden || blankFrom < 0) continue;
                tile.blanks.push_back({row, segment.column + blankFrom, segment.column + c});
                blankFrom = -1;
            }
        }
    }
}

Tile tileFrom(int first, const Visibility& visibility, int queries, int keys) {
    const PatternSpec& pattern = visibility.pattern();
    const PatternFrame frame = visibility.frame(keys);
    Tile tile;
    tile.firstQuery = first;
    const int height = pattern.queriesPerTile ? pattern.queriesPerTile(frame, first) : queriesOfAnyPattern;
    tile.queries = std::clamp(height, 1, queries - first);
    if (pattern.addKeys)
        pattern.addKeys(frame, tile);
    else
        addAllowedKeys(pattern, frame, tile);
    addBlanks(visibility, keys, tile);
    return tile;
}

}  // namespace

void Tile::add(int begin, int end, int step) {
    if (begin >= end) return;
    const int count = (end - begin + step - 1) / step;
    segments.push_back({begin, count, step, columns});
    columns += count;
}

TilePlan::TilePlan(const Visibility& visibility, int queryCount, int keyCount) : queries(queryCount), keys(keyCount) {
    for (int first = 0; first < queries; first += tiles.back().queries) {
        tiles.push_back(tileFrom(first, visibility, queries, keys));
        tiles.back().offset = storedWeights;
        storedWeights += static_cast<std::size_t>(tiles.back().queries) * static_cast<std::size_t>(tiles.back().columns);
    }
    single = tiles.size() == 1 && tiles[0].segments.size() == 1 && tiles[0].columns == keys;
}

const TilePlan& TilePlans::get(const Visibility& visibility, int queries, int keys) {
    for (const Entry& entry : m_entries)
        if (entry.plan->queries == queries && entry.plan->keys == keys && entry.visibility == visibility) return *entry.plan;
    m_entries.push_back({visibility, std::make_unique<TilePlan>(visibility, queries, keys)});
    return *m_entries.back().plan;
}

}  // namespace lab
