#pragma once

#include <cstddef>
#include <vector>

namespace lab {

/// after - before, cell by cell, of `count` cells; -infinity where neither takes part or a value is infinite. A cell takes part where its
/// `allowed` (may be null) is finite; one that takes part on one side only counts there with the value it has.
std::vector<float> mapDifference(const float* before, const float* beforeAllowed, const float* after, const float* afterAllowed,
                                 std::size_t count);

/// One cell of a difference.
struct MapChange {
    int row = 0;
    int column = 0;
    float before = 0.0F;
    float after = 0.0F;

    bool operator==(const MapChange&) const = default;
};

/// The `most` cells that differ most, the largest difference first (equal ones in the table's order); cells that do not differ are none.
std::vector<MapChange> largestChanges(const float* before, const float* after, int rows, int columns, std::size_t most);

}  // namespace lab
