#include "core/analysis/positions/position_tables.h"

#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/layers/position/sinusoidal.h"

namespace lab {

std::vector<float> dotProducts(const std::vector<float>& table, int rows) {
    const std::size_t n = static_cast<std::size_t>(rows), columns = n == 0 ? 0 : table.size() / n;
    std::vector<float> products(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = 0;
            for (std::size_t c = 0; c < columns; ++c) sum += static_cast<double>(table[i * columns + c]) * table[j * columns + c];
            products[i * n + j] = products[j * n + i] = static_cast<float>(sum);
        }
    }
    return products;
}

std::vector<float> cosineSimilarities(const std::vector<float>& table, int rows) {
    std::vector<float> result = dotProducts(table, rows);
    const std::size_t n = static_cast<std::size_t>(rows);
    std::vector<double> lengths(n);
    for (std::size_t i = 0; i < n; ++i) lengths[i] = std::sqrt(static_cast<double>(result[i * n + i]));
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            const double both = lengths[i] * lengths[j];
            result[i * n + j] = both > 0 ? static_cast<float>(result[i * n + j] / both) : 0.0f;
        }
    }
    return result;
}

std::vector<float> sinusoidalValues(int length, int d) {
    const std::vector<double> table = sinusoidalTable(length, d);
    std::vector<float> values(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) values[i] = static_cast<float>(table[i]);
    return values;
}

std::vector<float> learnedTable(const ParameterLayout& layout, const Weights& weights) {
    const Parameter* table = layout.find("position_embedding.weight");
    if (!table) return {};
    return {at(weights, *table), at(weights, *table) + table->size};
}

std::vector<float> alibiBias(double slope, int queries, int keys, const Visibility& visibility) {
    std::vector<float> bias;
    for (int i = 0; i < queries; ++i)
        for (int j = 0; j < keys; ++j)
            bias.push_back(visibility.mayAttend(i, j, keys) ? static_cast<float>(-slope * std::abs(i - j))
                                                            : -std::numeric_limits<float>::infinity());
    return bias;
}

}  // namespace lab
