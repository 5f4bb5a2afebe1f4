#include "core/layers/attention/tile_plan.h"

#include <algorithm>
#include <cstdlib>

namespace lab {
namespace {

int windowOf(const PatternConfig& pattern) {
    return pattern.window.value_or(0);
}

/// Largest block of queries that share a tile. Causal and windowed tiles are low, so that little of them is blank.
int queriesPerTile(const PatternConfig& pattern, bool causal, int keys) {
    switch (pattern.kind) {
        case PatternKind::sliding_window:
        case PatternKind::longformer:
            return std::clamp(windowOf(pattern), 8, 64);
        case PatternKind::strided:
            return 1;  // neighbouring rows share few of their strided keys
        case PatternKind::full:
        case PatternKind::bigbird:
            break;
    }
    if (causal) return keys <= 32 ? keys : 32;
    return keys <= 256 ? std::max(keys, 1) : 64;
}

void addSegment(Tile& tile, int begin, int end, int step = 1) {
    if (begin >= end) return;
    const int count = (end - begin + step - 1) / step;
    tile.segments.push_back({begin, count, step, tile.columns});
    tile.columns += count;
}

/// The keys that some query of the tile may see.
void addKeys(Tile& tile, const PatternConfig& pattern, bool causal, int keys) {
    const int first = tile.firstQuery;
    const int last = first + tile.queries - 1;
    const int limit = causal ? std::min(keys, last + 1) : keys;
    const int low = std::clamp(first - windowOf(pattern), 0, limit);
    const int high = std::clamp(last + windowOf(pattern) + 1, 0, limit);
    switch (pattern.kind) {
        case PatternKind::full:
        case PatternKind::bigbird:
            addSegment(tile, 0, limit);
            break;
        case PatternKind::sliding_window:
            addSegment(tile, low, high);
            break;
        case PatternKind::longformer: {
            const int globals = std::min(pattern.globals.value_or(0), limit);
            if (first < globals) {
                addSegment(tile, 0, limit);
            } else {
                addSegment(tile, 0, globals);
                addSegment(tile, std::max(low, globals), high);
            }
            break;
        }
        case PatternKind::strided: {
            const int stride = pattern.stride.value_or(1);
            addSegment(tile, first % stride, low, stride);
            addSegment(tile, low, high);
            const int next = first + ((high - first + stride - 1) / stride) * stride;
            addSegment(tile, next, limit, stride);
            break;
        }
    }
}

/// Marks what the tile holds but its queries may not see.
void addBlanks(Tile& tile, const PatternConfig& pattern, bool causal) {
    for (int row = 0; row < tile.queries; ++row) {
        for (const KeySegment& segment : tile.segments) {
            int blankFrom = -1;
            for (int c = 0; c <= segment.count; ++c) {
                const bool hidden =
                    c < segment.count && !mayAttend(pattern, causal, tile.firstQuery + row, segment.begin + c * segment.step);
                if (hidden && blankFrom < 0) blankFrom = c;
                if (hidden || blankFrom < 0) continue;
                tile.blanks.push_back({row, segment.column + blankFrom, segment.column + c});
                blankFrom = -1;
            }
        }
    }
}

}  // namespace

bool mayAttend(const PatternConfig& pattern, bool causal, int i, int j) {
    if (causal && j > i) return false;
    const int distance = std::abs(i - j);
    switch (pattern.kind) {
        case PatternKind::sliding_window:
            return distance <= windowOf(pattern);
        case PatternKind::longformer: {
            const int globals = pattern.globals.value_or(0);
            return distance <= windowOf(pattern) || i < globals || j < globals;
        }
        case PatternKind::strided:
            return distance <= windowOf(pattern) || distance % pattern.stride.value_or(1) == 0;
        case PatternKind::full:
        case PatternKind::bigbird:
            break;
    }
    return true;
}

TilePlan::TilePlan(const PatternConfig& pattern, bool causalPattern, int queryCount, int keyCount)
    : queries(queryCount), keys(keyCount), causal(causalPattern) {
    const int globals = pattern.kind == PatternKind::longformer ? pattern.globals.value_or(0) : 0;
    const int height = queriesPerTile(pattern, causal, keys);
    for (int first = 0; first < queries;) {
        Tile tile;
        tile.firstQuery = first;
        const int boundary = first < globals ? globals : queries;  // rows that see everything get tiles of their own
        tile.queries = std::min(height, std::min(boundary, queries) - first);
        addKeys(tile, pattern, causal, keys);
        addBlanks(tile, pattern, causal);
        tile.offset = storedWeights;
        storedWeights += static_cast<std::size_t>(tile.queries) * static_cast<std::size_t>(tile.columns);
        first += tile.queries;
        tiles.push_back(std::move(tile));
    }
    single = tiles.size() == 1 && tiles[0].segments.size() == 1 && tiles[0].columns == keys;
}

const TilePlan& TilePlans::get(const PatternConfig& pattern, bool causal, int queries, int keys) {
    for (const Entry& entry : m_entries)
        if (entry.kind == pattern.kind && entry.plan->causal == causal && entry.plan->queries == queries && entry.plan->keys == keys)
            return *entry.plan;
    m_entries.push_back({pattern.kind, std::make_unique<TilePlan>(pattern, causal, queries, keys)});
    return *m_entries.back().plan;
}

}  // namespace lab
