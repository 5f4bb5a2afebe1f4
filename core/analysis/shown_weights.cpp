#include "core/analysis/shown_weights.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>

namespace lab {

std::vector<bool> sinkKeys(const std::vector<bool>& special, int keys) {
    std::vector<bool> sink(static_cast<std::size_t>(keys), false);
    if (keys > 0) sink[0] = true;
    for (std::size_t key = 0; key < std::min(special.size(), sink.size()); ++key) sink[key] = sink[key] || special[key];
    return sink;
}

std::vector<float> withoutSinks(const float* weights, int rows, const std::vector<bool>& sink) {
    const std::size_t keys = sink.size();
    std::vector<float> shown(weights, weights + static_cast<std::size_t>(rows) * keys);
    for (int i = 0; i < rows; ++i) {
        float* row = shown.data() + static_cast<std::size_t>(i) * keys;
        double left = 0;
        for (std::size_t j = 0; j < keys; ++j) left += sink[j] ? 0.0 : static_cast<double>(row[j]);
        if (!(left > 0)) continue;
        for (std::size_t j = 0; j < keys; ++j)
            if (!sink[j]) row[j] = static_cast<float>(static_cast<double>(row[j]) / left);
    }
    return shown;
}

int wordOf(const WordStarts& words, int token) {
    assert(!words.empty() && words.front() == 0);
    return static_cast<int>(std::upper_bound(words.begin(), words.end(), token) - words.begin()) - 1;
}

std::vector<float> joinedWords(const float* weights, const float* allowed, int rows, int keys, const WordStarts& rowWords,
                               const WordStarts& keyWords) {
    const std::size_t across = keyWords.size();
    std::vector<double> sums(rowWords.size() * across, 0.0);
    std::vector<bool> seen(sums.size(), false);
    std::vector<int> pieces(rowWords.size(), 0);
    for (int i = 0; i < rows; ++i) {
        const auto row = static_cast<std::size_t>(wordOf(rowWords, i));
        ++pieces[row];
        for (int j = 0; j < keys; ++j) {
            const std::ptrdiff_t at = std::ptrdiff_t{i} * keys + j;
            if (allowed && std::isinf(allowed[at])) continue;
            const std::size_t cell = row * across + static_cast<std::size_t>(wordOf(keyWords, j));
            sums[cell] += static_cast<double>(weights[at]);
            seen[cell] = true;
        }
    }
    std::vector<float> joined(sums.size());
    for (std::size_t cell = 0; cell < sums.size(); ++cell)
        joined[cell] = seen[cell] ? static_cast<float>(sums[cell] / pieces[cell / across]) : -std::numeric_limits<float>::infinity();
    return joined;
}

}  // namespace lab
