#include "core/analysis/pooling.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>

namespace lab {
namespace {

constexpr float outside = -std::numeric_limits<float>::infinity();

/// The cells of one row of the result, gathered row by row of the table.
class MeansOfRows {
public:
    MeansOfRows(int columns, int factor) : m_columns(columns), m_factor(factor), m_blocks((columns + factor - 1) / factor) {
        m_sum.resize(static_cast<std::size_t>(m_blocks));
        m_count.resize(m_sum.size());
    }

    void clear() {
        m_sum.assign(m_sum.size(), 0.0);
        m_count.assign(m_count.size(), 0);
    }

    void add(const float* values, const float* allowed) {
        int column = 0;
        for (std::size_t block = 0; block < m_sum.size(); ++block) {
            const int end = column + m_factor < m_columns ? column + m_factor : m_columns;
            for (; column < end; ++column) {
                const float value = values[column];
                if (std::isinf(value) || (allowed && std::isinf(allowed[column]))) continue;
                m_sum[block] += static_cast<double>(value);
                ++m_count[block];
            }
        }
    }

    void write(float* out) const {
        for (std::size_t block = 0; block < m_sum.size(); ++block)
            out[block] = m_count[block] == 0 ? outside : static_cast<float>(m_sum[block] / m_count[block]);
    }

private:
    int m_columns, m_factor, m_blocks;
    std::vector<double> m_sum;
    std::vector<int> m_count;
};

/// The cells farthest from zero of some rows, column by column: without branches, as of many maps there are millions.
class StrongestOfRows {
public:
    explicit StrongestOfRows(int columns) : m_value(static_cast<std::size_t>(columns)), m_size(m_value.size()) {}

    void clear() {
        m_value.assign(m_value.size(), outside);
        m_size.assign(m_size.size(), hidden);
    }

    void add(const float* values, const float* allowed) {
        for (std::size_t c = 0; c < m_value.size(); ++c) {
            const float value = values[c];
            float size = value == value ? std::fabs(value) : 0.0F;
            if (allowed) size = std::fabs(allowed[c]) == -outside ? hidden : size;
            size = size == -outside ? hidden : size;
            const bool larger = size > m_size[c];
            m_value[c] = larger ? value : m_value[c];
            m_size[c] = larger ? size : m_size[c];
        }
    }

    void write(float* out, int factor) const {
        for (std::size_t from = 0; from < m_value.size(); ++out) {
            std::size_t best = from;
            const std::size_t end = std::min(from + static_cast<std::size_t>(factor), m_value.size());
            for (std::size_t c = from + 1; c < end; ++c)
                if (m_size[c] > m_size[best]) best = c;
            *out = m_value[best];
            from = end;
        }
    }

private:
    static constexpr float hidden = -1.0F;
    std::vector<float> m_value, m_size;
};

}  // namespace

PooledMap pooled(const float* values, const float* allowed, int rows, int columns, int factor, Pooling pooling) {
    assert(factor >= 1);
    PooledMap result;
    result.rows = (rows + factor - 1) / factor;
    result.columns = (columns + factor - 1) / factor;
    result.values.resize(static_cast<std::size_t>(result.rows) * static_cast<std::size_t>(result.columns));
    const bool strongest = pooling == Pooling::strongest;
    MeansOfRows means(columns, factor);
    StrongestOfRows cells(columns);
    for (int r = 0; r < result.rows; ++r) {
        means.clear();
        cells.clear();
        for (int row = r * factor; row < rows && row < (r + 1) * factor; ++row) {
            const std::ptrdiff_t offset = static_cast<std::ptrdiff_t>(row) * columns;
            const float* seen = allowed ? allowed + offset : nullptr;
            strongest ? cells.add(values + offset, seen) : means.add(values + offset, seen);
        }
        float* out = result.values.data() + static_cast<std::ptrdiff_t>(r) * result.columns;
        strongest ? cells.write(out, factor) : means.write(out);
    }
    return result;
}

}  // namespace lab
