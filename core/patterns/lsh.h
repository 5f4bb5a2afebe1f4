#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/patterns/visibility.h"

// Reformer's hashing (Kitaev 2020, arXiv 2001.04451, section 2): vectors of like direction fall into one bucket, and attention goes by
// buckets. A pair that meets in several rounds counts once: one softmax goes over the union of the rounds. Reformer takes a softmax of each
// round and joins them by their sums, with ln(number of rounds in which a pair meets) taken off its score, which comes to the same.

namespace lab {

struct LshNumbers {
    int buckets = 2;  ///< even
    int rounds = 1;
    int chunk = 1;
    std::uint64_t seed = 0;
};

/// Of what a layer sees, whose pattern hashes.
LshNumbers lshNumbersOf(const Visibility& visibility);

/// Directions R of one head of the attention called `layer`, [rounds, buckets / 2, width], normal. Those of a round are the same whatever
/// number of rounds there is.
std::vector<double> lshDirections(const LshNumbers& numbers, std::string_view layer, int head, int width);

/// Buckets of n vectors x [n, width] in each round, [rounds, n]: argmax of [x R; -x R] (section 2, "angular"); of equals the first.
std::vector<int> lshBuckets(const LshNumbers& numbers, std::span<const double> directions, const float* x, int ldx, int n, int width);
std::vector<int> lshBuckets(const LshNumbers& numbers, std::span<const double> directions, const double* x, int ldx, int n, int width);

/// Who sees whom in one head of one sequence. In each round the positions stand in the order of (bucket, position) and are cut into chunks,
/// and a query sees those of its bucket in its own chunk and in the one before. Where a query may not look ahead a sequence has no end to
/// be sorted by: there each bucket is cut into chunks by itself, from its first position on, so that a later token changes no earlier row.
class LshPairs {
public:
    /// buckets [rounds, n]
    LshPairs(const LshNumbers& numbers, std::span<const int> buckets, bool causal, bool diagonalMasked);

    /// Whether query i sees key j; a query to which no other is left sees itself.
    bool mayAttend(int i, int j) const { return reaches(i, j) || (i == j && m_alone[static_cast<std::size_t>(i)]); }
    /// Whether they fall into one bucket in some round.
    bool shareBucket(int i, int j) const;

private:
    bool reaches(int i, int j) const;
    void cut(std::size_t round, int buckets, int chunk);

    std::size_t m_n, m_rounds;
    bool m_causal, m_diagonalMasked;
    std::vector<int> m_buckets, m_chunks;  ///< [rounds, n]
    std::vector<char> m_alone;             ///< [n]
};

}  // namespace lab
