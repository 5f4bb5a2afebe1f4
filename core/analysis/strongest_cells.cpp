#include "core/analysis/strongest_cells.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace lab {

std::vector<StrongCell> strongestCells(const float* values, int rows, int columns, std::size_t most, float least) {
    std::vector<StrongCell> cells;
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column, ++values)
            if (std::isfinite(*values) && *values >= least) cells.push_back({row, column, *values});
    const auto stronger = [](const StrongCell& a, const StrongCell& b) {
        return std::tuple(-a.value, a.row, a.column) < std::tuple(-b.value, b.row, b.column);
    };
    if (cells.size() > most) {
        std::nth_element(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(most), cells.end(), stronger);
        cells.resize(most);
    }
    std::sort(cells.begin(), cells.end(), [](const StrongCell& a, const StrongCell& b) {
        return std::tuple(a.value, a.row, a.column) < std::tuple(b.value, b.row, b.column);
    });
    return cells;
}

}  // namespace lab
