#pragma once

#include <cstddef>
#include <vector>

namespace lab {

/// One cell of a map.
struct StrongCell {
    int row = 0;
    int column = 0;
    float value = 0.0F;

    bool operator==(const StrongCell&) const = default;
};

/// The `most` largest values of at least `least` in a table [rows, columns], the smallest of them first (equal ones in the table's order).
/// Infinite values take no part.
std::vector<StrongCell> strongestCells(const float* values, int rows, int columns, std::size_t most, float least);

}  // namespace lab
