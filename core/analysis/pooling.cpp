#include "core/analysis/pooling.h"

#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>

namespace lab {
namespace {

constexpr float outside = -std::numeric_limits<float>::infinity();

/// The cells of one row of the result, gathered row by row of the table.
class RowOfBlocks {
public:
    RowOfBlocks(int columns, int factor) : m_columns(columns), m_factor(factor), m_blocks((columns + factor - 1) / factor) {
        m_best.resize(static_cast<std::size_t>(m_blocks));
        m_sum.resize(m_best.size());
        m_count.resize(m_best.size());
    }

    void clear() {
        m_best.assign(m_best.size(), 0.0F);
        m_sum.assign(m_sum.size(), 0.0);
        m_count.assign(m_count.size(), 0);
    }

    void add(const float* values, const float* allowed) {
        int column = 0;
        for (std::size_t block = 0; block < m_best.size(); ++block) {
            const int end = column + m_factor < m_columns ? column + m_factor : m_columns;
            for (; column < end; ++column) {
                const float value = values[column];
                if (std::isinf(value) || (allowed && std::isinf(allowed[column]))) continue;
                if (m_count[block] == 0 || std::abs(value) > std::abs(m_best[block])) m_best[block] = value;
                m_sum[block] += static_cast<double>(value);
                ++m_count[block];
            }
        }
    }

    void write(float* out, Pooling pooling) const {
        for (std::size_t block = 0; block < m_best.size(); ++block) {
            if (m_count[block] == 0)
                out[block] = outside;
            else
                out[block] = pooling == Pooling::strongest ? m_best[block] : static_cast<float>(m_sum[block] / m_count[block]);
        }
    }

private:
    int m_columns, m_factor, m_blocks;
    std::vector<float> m_best;
    std::vector<double> m_sum;
    std::vector<int> m_count;
};

}  // namespace

PooledMap pooled(const float* values, const float* allowed, int rows, int columns, int factor, Pooling pooling) {
    assert(factor >= 1);
    PooledMap result;
    result.rows = (rows + factor - 1) / factor;
    result.columns = (columns + factor - 1) / factor;
    result.values.resize(static_cast<std::size_t>(result.rows) * static_cast<std::size_t>(result.columns));
    RowOfBlocks blocks(columns, factor);
    for (int r = 0; r < result.rows; ++r) {
        blocks.clear();
        for (int row = r * factor; row < rows && row < (r + 1) * factor; ++row) {
            const std::ptrdiff_t offset = static_cast<std::ptrdiff_t>(row) * columns;
            blocks.add(values + offset, allowed ? allowed + offset : nullptr);
        }
        blocks.write(result.values.data() + static_cast<std::ptrdiff_t>(r) * result.columns, pooling);
    }
    return result;
}

}  // namespace lab
