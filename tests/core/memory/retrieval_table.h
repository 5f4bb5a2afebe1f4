#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/random.h"
#include "core/memory/modern.h"

// The published setting of the retrieval table (RESEARCH.md G.2): random patterns of length 1, a query .3 away from one of them, one
// update.

namespace lab::testing {

inline void scaleTo(double length, double* values, int count) {
    double squares = 0;
    for (int c = 0; c < count; ++c) squares += values[c] * values[c];
    for (int c = 0; c < count; ++c) values[c] *= length / std::sqrt(squares);
}

struct Retrieval {
    double median = 0;        ///< of |out - pattern|
    double wrongNearest = 0;  ///< share of queries after which another pattern is nearer
};

/// Of `trials` queries, each of which asks for another pattern; few patterns are drawn anew for every ten of them.
inline Retrieval retrieval(int d, double beta, int count, int trials = 400) {
    const RandomStream random(6, "noise");
    std::vector<double> errors;
    int wrong = 0;
    const int queriesOfDraw = count > 100 ? trials : 10;
    for (int t = 0; t < trials;) {
        StoredVectors patterns = randomVectors(static_cast<std::uint64_t>(5 + t), count, d);
        for (int i = 0; i < count; ++i) scaleTo(1, patterns.values.data() + static_cast<std::ptrdiff_t>(i) * d, d);
        const ModernNet net(patterns, beta);
        for (int q = 0; q < queriesOfDraw; ++q, ++t) {
            const int target = q % count;
            std::vector<double> query(static_cast<std::size_t>(d));
            for (int c = 0; c < d; ++c) query[static_cast<std::size_t>(c)] = random.normal(static_cast<std::uint64_t>(t * d + c));
            scaleTo(0.3, query.data(), d);
            for (int c = 0; c < d; ++c) query[static_cast<std::size_t>(c)] += net.patterns().row(target)[c];
            const std::vector<double> out = net.update(query);
            errors.push_back(distanceOf(out, {net.patterns().row(target), net.patterns().row(target) + d}));
            wrong += net.nearest(out) != target;
        }
    }
    std::ranges::nth_element(errors, errors.begin() + trials / 2);
    return {errors[static_cast<std::size_t>(trials / 2)], static_cast<double>(wrong) / trials};
}

/// A row of the table: medians for 10, 100, 1,000 and 10,000 patterns.
struct RetrievalRow {
    int d;
    double beta;
    double median[4];
};
inline constexpr RetrievalRow retrievalRows[] = {
    {16, 4, {.21, .58, .74, .76}},  {16, 16, {.00, .00, .03, .19}}, {64, 8, {.00, .05, .33, .75}},
    {64, 64, {.00, .00, .00, .00}}, {8, 32, {.00, .00, .06, .21}},
};

}  // namespace lab::testing
