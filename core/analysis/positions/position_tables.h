#pragma once

#include <vector>

#include "core/model/model.h"

namespace lab {

/// x_i . x_j of the rows of a table [rows, columns]; [rows, rows].
std::vector<float> dotProducts(const std::vector<float>& table, int rows);
/// The same divided by both lengths; 0 beside a row of zeros.
std::vector<float> cosineSimilarities(const std::vector<float>& table, int rows);

/// The sinusoidal table in float, [length, d_model].
std::vector<float> sinusoidalValues(int length, int d);

/// The learned table of these weights, [max_seq_len, d_model]; empty when the model has none.
std::vector<float> learnedTable(const ParameterLayout& layout, const Weights& weights);

/// ALiBi's -slope |i - j|, [queries, keys]; -inf where a head may not look.
std::vector<float> alibiBias(double slope, int queries, int keys, const Visibility& visibility);

}  // namespace lab
