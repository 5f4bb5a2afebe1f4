#include "core/patterns/lsh.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <string>

#include "core/base/random.h"
#include "core/patterns/pattern_seed.h"

namespace lab {
namespace patterns {
namespace {

constexpr ParameterSpec parameters[] = {
    {"buckets",
     LAB_TEXT("fields", "Buckets of a round, an even number: each is all that lies nearest to one of so many directions."),
     {2, 65536},
     {}},
    {"rounds", LAB_TEXT("fields", "How often it is hashed, by other directions each time; what meets in one round is seen."), {1, 64}, {}},
    {"chunk",
     LAB_TEXT("fields", "Positions of a chunk; a query sees those of its bucket in its own chunk and in the one before."),
     {1, mostRows},
     {}},
    seedParameter};

bool allows(const PatternFrame&, int, int) {
    return true;
}

Message whyNot(const PatternFrame&, int, int) {
    return LAB_TEXT("patterns", "in no round in its bucket and near enough there");
}

}  // namespace

extern const PatternSpec lsh;
constinit const PatternSpec lsh{
    .name = "lsh",
    .help =
        LAB_TEXT("fields",
                 "keys of the query\u2019s own bucket: in each round a vector falls into the bucket of the direction that it points along "
                 "most, positions are sorted by buckets and cut into chunks, and a query sees its bucket in its chunk and the one before "
                 "(Kitaev 2020, arXiv 2001.04451); in decoders each bucket is cut into chunks by itself, so that no later token changes "
                 "an earlier row; of forms whose keys are the queries"),
    .parameters = parameters,
    .allows = allows,
    .whyNot = whyNot,
    .hashes = true};

}  // namespace patterns

namespace {

/// The direction, or its opposite, along which x points most.
template <class T>
int bucketOf(const T* x, int width, const double* directions, int half) {
    int best = 0;
    double most = 0;
    for (int b = 0; b < half; ++b, directions += width) {
        double along = 0;
        for (int c = 0; c < width; ++c) along += static_cast<double>(x[c]) * directions[c];
        for (const int sign : {0, 1}) {
            const double value = sign == 0 ? along : -along;
            const int bucket = b + sign * half;
            if ((b == 0 && sign == 0) || value > most || (value == most && bucket < best)) {
                most = value;
                best = bucket;
            }
        }
    }
    return best;
}

template <class T>
std::vector<int> bucketsOf(const LshNumbers& numbers, std::span<const double> directions, const T* x, int ldx, int n, int width) {
    const int half = numbers.buckets / 2;
    const std::size_t ofRound = static_cast<std::size_t>(half) * static_cast<std::size_t>(width);
    assert(directions.size() >= ofRound * static_cast<std::size_t>(numbers.rounds));
    std::vector<int> buckets;
    buckets.reserve(static_cast<std::size_t>(numbers.rounds) * static_cast<std::size_t>(n));
    for (int round = 0; round < numbers.rounds; ++round)
        for (int i = 0; i < n; ++i)
            buckets.push_back(bucketOf(x + static_cast<std::ptrdiff_t>(i) * ldx, width,
                                       directions.data() + static_cast<std::size_t>(round) * ofRound, half));
    return buckets;
}

}  // namespace

LshNumbers lshNumbersOf(const Visibility& visibility) {
    assert(visibility.hashes());
    const std::span<const std::int64_t> numbers = visibility.frame(0).numbers;
    return {static_cast<int>(numbers[0]), static_cast<int>(numbers[1]), static_cast<int>(numbers[2]),
            static_cast<std::uint64_t>(numbers[3])};
}

std::vector<double> lshDirections(const LshNumbers& numbers, std::string_view layer, int head, int width) {
    const std::uint64_t ofRound = static_cast<std::uint64_t>(numbers.buckets / 2) * static_cast<std::uint64_t>(width);
    std::vector<double> directions;
    for (int round = 0; round < numbers.rounds; ++round) {
        const RandomStream stream(numbers.seed, std::string(layer) + ".lsh." + std::to_string(head) + "." + std::to_string(round));
        for (std::uint64_t i = 0; i < ofRound; ++i) directions.push_back(stream.normal(i));
    }
    return directions;
}

std::vector<int> lshBuckets(const LshNumbers& numbers, std::span<const double> directions, const float* x, int ldx, int n, int width) {
    return bucketsOf(numbers, directions, x, ldx, n, width);
}

std::vector<int> lshBuckets(const LshNumbers& numbers, std::span<const double> directions, const double* x, int ldx, int n, int width) {
    return bucketsOf(numbers, directions, x, ldx, n, width);
}

LshPairs::LshPairs(const LshNumbers& numbers, std::span<const int> buckets, bool causal, bool diagonalMasked)
    : m_n(buckets.size() / static_cast<std::size_t>(numbers.rounds)),
      m_rounds(static_cast<std::size_t>(numbers.rounds)),
      m_causal(causal),
      m_diagonalMasked(diagonalMasked),
      m_buckets(buckets.begin(), buckets.end()),
      m_chunks(buckets.size()),
      m_alone(m_n, 1) {
    for (std::size_t round = 0; round < m_rounds; ++round) cut(round, numbers.buckets, numbers.chunk);
    const int n = static_cast<int>(m_n);
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n && m_alone[static_cast<std::size_t>(i)]; ++j)
            if (reaches(i, j)) m_alone[static_cast<std::size_t>(i)] = 0;
}

/// Numbers of chunks: of the positions sorted by bucket, or of each bucket by itself.
void LshPairs::cut(std::size_t round, int buckets, int chunk) {
    const int* bucket = m_buckets.data() + round * m_n;
    std::vector<int> next(static_cast<std::size_t>(buckets) + 1);  // place of a bucket's next position
    if (!m_causal) {
        for (std::size_t i = 0; i < m_n; ++i) ++next[static_cast<std::size_t>(bucket[i]) + 1];
        std::partial_sum(next.begin(), next.end(), next.begin());
    }
    for (std::size_t i = 0; i < m_n; ++i) m_chunks[round * m_n + i] = next[static_cast<std::size_t>(bucket[i])]++ / chunk;
}

bool LshPairs::shareBucket(int i, int j) const {
    const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
    for (std::size_t at = 0; at < m_rounds * m_n; at += m_n)
        if (m_buckets[at + a] == m_buckets[at + b]) return true;
    return false;
}

bool LshPairs::reaches(int i, int j) const {
    if ((m_causal && j > i) || (m_diagonalMasked && j == i)) return false;
    const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
    for (std::size_t at = 0; at < m_rounds * m_n; at += m_n) {
        const int behind = m_chunks[at + a] - m_chunks[at + b];
        if (m_buckets[at + a] == m_buckets[at + b] && (behind == 0 || behind == 1)) return true;
    }
    return false;
}

}  // namespace lab
