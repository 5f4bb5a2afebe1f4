#pragma once

#include <vector>

namespace lab {

/// What one dot says of the several cells it stands for.
enum class Pooling {
    strongest,  ///< the value farthest from zero, so that a thin line of weight never vanishes
    mean,       ///< the mean of the cells that take part
};

/// A table shown smaller than it is: entry (r, c) stands for the cells (r factor .. r factor + factor - 1) x (c factor ..), fewer at the
/// right and lower edges.
struct PooledMap {
    int rows = 0;
    int columns = 0;
    std::vector<float> values;  ///< [rows, columns]; -infinity where no cell takes part
};

/// `values` is [rows, columns]. A cell takes no part where `allowed` (may be null) or the value itself is infinite. `factor` >= 1.
PooledMap pooled(const float* values, const float* allowed, int rows, int columns, int factor, Pooling pooling);

}  // namespace lab
