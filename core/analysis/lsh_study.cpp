#include "core/analysis/lsh_study.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/base/random.h"

namespace lab {
namespace {

constexpr const char* studyLayer = "study";

double productOf(const double* a, const double* b, int width) {
    double sum = 0;
    for (int c = 0; c < width; ++c) sum += a[c] * b[c];
    return sum;
}

/// So many of a row's weights, drawn without putting back, but for the query's own.
double massOfRandomKeys(const double* weights, int count, int query, int wanted, const RandomStream& stream) {
    std::vector<int> keys;
    for (int j = 0; j < count; ++j)
        if (j != query) keys.push_back(j);
    double mass = 0;
    for (int k = 0; k < wanted; ++k) {
        const auto left = static_cast<std::uint32_t>(static_cast<int>(keys.size()) - k);
        const std::uint64_t draw = static_cast<std::uint64_t>(query) * static_cast<std::uint64_t>(count) + static_cast<std::uint64_t>(k);
        std::swap(keys[static_cast<std::size_t>(k)], keys[static_cast<std::size_t>(k) + stream.below(draw, left)]);
        mass += weights[keys[static_cast<std::size_t>(k)]];
    }
    return mass;
}

LshStudyRow rowOf(const LshStudySet& set, const std::vector<double>& weights, const LshNumbers& numbers, const std::vector<int>& buckets) {
    const int n = set.count;
    const LshPairs pairs(numbers, buckets, false, true);
    const RandomStream stream(set.seed, "lsh_study." + std::to_string(numbers.rounds));
    LshStudyRow row;
    row.rounds = numbers.rounds;
    for (int i = 0; i < n; ++i) {
        const double* own = weights.data() + static_cast<std::ptrdiff_t>(i) * n;
        int met = 0;
        for (int j = 0; j < n; ++j) {
            if (j == i || !pairs.mayAttend(i, j)) continue;
            ++met;
            row.mass += own[j] / n;
        }
        row.pairs += static_cast<double>(met) / n / (n - 1);
        row.random += massOfRandomKeys(own, n, i, met, stream) / n;
    }
    return row;
}

}  // namespace

std::vector<double> LshStudySet::vectors() const {
    const RandomStream centres(seed, "centres"), members(seed, "members"), about(seed, "about");
    std::vector<double> all;
    for (int i = 0; i < count; ++i) {
        const int cluster = static_cast<int>(members.below(static_cast<std::uint64_t>(i), static_cast<std::uint32_t>(clusters)));
        for (int c = 0; c < width; ++c)
            all.push_back(length * (centres.normal(static_cast<std::uint64_t>(cluster * width + c)) +
                                    spread * about.normal(static_cast<std::uint64_t>(i * width + c))));
    }
    return all;
}

std::vector<double> fullWeights(const LshStudySet& set) {
    const std::vector<double> q = set.vectors();
    const int n = set.count, width = set.width;
    std::vector<double> weights(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));
    const auto vector = [&](int i) { return q.data() + static_cast<std::ptrdiff_t>(i) * width; };
    for (int i = 0; i < n; ++i) {
        double* row = weights.data() + static_cast<std::ptrdiff_t>(i) * n;
        double most = -INFINITY, sum = 0;
        for (int j = 0; j < n; ++j) {
            row[j] = productOf(vector(i), vector(j), width) / std::sqrt(productOf(vector(j), vector(j), width) * width);
            if (j != i) most = std::max(most, row[j]);
        }
        for (int j = 0; j < n; ++j) sum += row[j] = j == i ? 0.0 : std::exp(row[j] - most);
        for (int j = 0; j < n; ++j) row[j] /= sum;
    }
    return weights;
}

std::vector<LshStudyRow> studyLsh(const LshStudySet& set, const LshNumbers& numbers) {
    const std::vector<double> vectors = set.vectors(), weights = fullWeights(set);
    const std::vector<double> directions = lshDirections(numbers, studyLayer, 0, set.width);
    const std::vector<int> buckets = lshBuckets(numbers, directions, vectors.data(), set.width, set.count, set.width);
    std::vector<LshStudyRow> rows;
    LshNumbers some = numbers;
    for (some.rounds = 1; some.rounds <= numbers.rounds; some.rounds *= 2) {
        const std::vector<int> first(buckets.begin(), buckets.begin() + std::ptrdiff_t{some.rounds} * set.count);
        rows.push_back(rowOf(set, weights, some, first));
    }
    return rows;
}

}  // namespace lab
