#include "core/explain/twin_lsh.h"

#include <algorithm>

#include "core/patterns/lsh.h"

namespace lab::explain {

TwinLsh::TwinLsh(const Visibility& visibility, const std::string& layer, int head, Node keys)
    : m_keys(keys->rows), m_causal(visibility.causal()), m_diagonalMasked(visibility.diagonalMasked()) {
    const LshNumbers numbers = lshNumbersOf(visibility);
    m_chunk = numbers.chunk;
    const std::vector<double> directions = lshDirections(numbers, layer, head, keys->columns);
    std::size_t at = 0;
    for (int round = 0; round < numbers.rounds; ++round) {
        std::vector<std::vector<double>> along(static_cast<std::size_t>(m_keys));
        for (int b = 0; b < numbers.buckets / 2; ++b, at += static_cast<std::size_t>(keys->columns))
            for (int i = 0; i < m_keys; ++i) {
                double sum = 0;
                for (int c = 0; c < keys->columns; ++c) sum += keys->at(i, c) * directions[at + static_cast<std::size_t>(c)];
                along[static_cast<std::size_t>(i)].push_back(sum);
            }
        std::vector<int> bucket;
        for (std::vector<double>& one : along) {
            const std::size_t half = one.size();
            for (std::size_t b = 0; b < half; ++b) one.push_back(-one[b]);
            bucket.push_back(static_cast<int>(std::max_element(one.begin(), one.end()) - one.begin()));
        }
        m_bucket.push_back(std::move(bucket));
    }
}

std::vector<double> TwinLsh::buckets() const {
    std::vector<double> all;
    for (const std::vector<int>& round : m_bucket) all.insert(all.end(), round.begin(), round.end());
    return all;
}

/// How many stand before it in the order of (bucket, position), in a decoder in its bucket alone, by chunks.
int TwinLsh::chunkOf(int round, int i) const {
    const std::vector<int>& bucket = m_bucket[static_cast<std::size_t>(round)];
    const int own = bucket[static_cast<std::size_t>(i)];
    int before = 0;
    for (int j = 0; j < m_keys; ++j) {
        const int other = bucket[static_cast<std::size_t>(j)];
        before += (other == own && j < i) || (!m_causal && other < own);
    }
    return before / m_chunk;
}

bool TwinLsh::meet(int round, int i, int j) const {
    const std::vector<int>& bucket = m_bucket[static_cast<std::size_t>(round)];
    if (bucket[static_cast<std::size_t>(i)] != bucket[static_cast<std::size_t>(j)]) return false;
    const int chunk = chunkOf(round, i), other = chunkOf(round, j);
    return other == chunk || other == chunk - 1;
}

bool TwinLsh::mayMeet(int i, int j) const {
    if ((m_causal && j > i) || (m_diagonalMasked && i == j)) return false;
    for (int round = 0; round < static_cast<int>(m_bucket.size()); ++round)
        if (meet(round, i, j)) return true;
    return false;
}

bool TwinLsh::sees(int i, int j) const {
    if (i != j || mayMeet(i, i)) return mayMeet(i, j);
    for (int other = 0; other < m_keys; ++other)
        if (mayMeet(i, other)) return false;
    return true;
}

}  // namespace lab::explain
