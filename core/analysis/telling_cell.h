#pragma once

#include <functional>

namespace lab {

/// A query and a key of a map.
struct MapCell {
    int query = 0;
    int key = 0;

    bool operator==(const MapCell&) const = default;
};

/// Where there is something to see in the weights [queries, keys] of a head: `from` itself, unless its key has less than a tenth of its
/// query's largest weight; else that query's strongest key. A query that sees a single key, or that `isAsked` does not name, gives way to
/// the first one that sees more and is asked; where there is none, `from` stays.
MapCell tellingCell(const float* weights, int queries, int keys, MapCell from, const std::function<bool(int)>& isAsked);

}  // namespace lab
