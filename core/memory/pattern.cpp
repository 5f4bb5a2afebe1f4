#include "core/memory/pattern.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/base/random.h"

namespace lab {
namespace {

/// How a picture of so many pixels lies in one of another size: each target pixel covers `step` source pixels, from `first` on.
struct Fit {
    double step = 1, first = 0;

    double begin(int target) const { return first + step * target; }
};

Fit fit(int source, int target, double step) {
    return {step, (source - step * target) / 2};
}

/// The parts [from, to) of the source that a target pixel covers, cut to the source.
struct Cover {
    double from = 0, to = 0;
    bool empty() const { return to <= from; }
};

Cover coverOf(const Fit& fit, int target, int source) {
    return {std::max(0.0, fit.begin(target)), std::min<double>(source, fit.begin(target + 1))};
}

/// How much of source pixel k lies in the cover.
double shareOf(const Cover& cover, int k) {
    return std::min<double>(cover.to, k + 1) - std::max<double>(cover.from, k);
}

double meanGrey(std::span<const std::uint8_t> grey, int columns, const Cover& vertical, const Cover& horizontal) {
    double sum = 0, area = 0;
    for (int row = static_cast<int>(vertical.from); row < vertical.to; ++row)
        for (int column = static_cast<int>(horizontal.from); column < horizontal.to; ++column) {
            const double share = shareOf(vertical, row) * shareOf(horizontal, column);
            sum += share * grey[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)];
            area += share;
        }
    return area > 0 ? sum / area : 255;
}

}  // namespace

Pattern blankPattern(int rows, int columns, std::string name) {
    return {std::move(name), rows, columns, States(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns), std::int8_t{-1})};
}

int differing(std::span<const std::int8_t> x, std::span<const std::int8_t> y) {
    assert(x.size() == y.size());
    int count = 0;
    for (std::size_t i = 0; i < x.size(); ++i) count += x[i] != y[i];
    return count;
}

double overlap(std::span<const std::int8_t> x, std::span<const std::int8_t> y) {
    if (x.empty()) return 1;
    const int units = static_cast<int>(x.size());
    return static_cast<double>(units - 2 * differing(x, y)) / units;
}

int onCount(std::span<const std::int8_t> x) {
    return static_cast<int>(std::ranges::count_if(x, [](std::int8_t state) { return state > 0; }));
}

Pattern inverted(Pattern pattern) {
    for (std::int8_t& state : pattern.states) state = static_cast<std::int8_t>(-state);
    return pattern;
}

Pattern shifted(const Pattern& pattern, int rows, int columns) {
    const auto wrapped = [](int place, int size) { return (place % size + size) % size; };
    Pattern result = pattern;
    for (int row = 0; row < pattern.rows; ++row)
        for (int column = 0; column < pattern.columns; ++column) {
            const int to = wrapped(row + rows, pattern.rows) * pattern.columns + wrapped(column + columns, pattern.columns);
            result.states[static_cast<std::size_t>(to)] = pattern.states[static_cast<std::size_t>(row * pattern.columns + column)];
        }
    return result;
}

Pattern withFlips(Pattern pattern, int count, std::uint64_t seed) {
    const RandomStream stream(seed, "memory.noise");
    std::vector<std::size_t> order(pattern.states.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t flips = std::min(order.size(), static_cast<std::size_t>(std::max(0, count)));
    for (std::size_t i = 0; i < flips; ++i) {  // Fisher-Yates from the front: the first `count` are the same for every count
        std::swap(order[i], order[i + stream.below(i, static_cast<std::uint32_t>(order.size() - i))]);
        std::int8_t& state = pattern.states[order[i]];
        state = static_cast<std::int8_t>(-state);
    }
    return pattern;
}

Pattern withNoise(Pattern pattern, double share, std::uint64_t seed) {
    assert(share >= 0 && share <= 1);
    const int flips = static_cast<int>(std::lround(share * pattern.pixels()));
    return withFlips(std::move(pattern), flips, seed);
}

Pattern lowerHalfErased(Pattern pattern) {
    const int kept = (pattern.rows + 1) / 2 * pattern.columns;
    std::fill(pattern.states.begin() + kept, pattern.states.end(), std::int8_t{-1});
    return pattern;
}

std::vector<Pattern> randomPatterns(int count, int rows, int columns, double correlation, std::uint64_t seed) {
    assert(correlation >= 0 && correlation <= 1);
    const RandomStream bases(seed, "memory.base"), agreements(seed, "memory.patterns");
    const double agreeing = (1 + std::sqrt(correlation)) / 2;
    const auto units = static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns);
    std::vector<Pattern> patterns;
    for (int k = 0; k < count; ++k) {
        Pattern pattern = blankPattern(rows, columns, std::to_string(k + 1));
        for (std::uint64_t i = 0; i < units; ++i) {
            const bool base = bases.bits(i) & 1u;
            const bool agrees = agreements.uniform(static_cast<std::uint64_t>(k) * units + i) < agreeing;
            pattern.states[i] = base == agrees ? 1 : -1;
        }
        patterns.push_back(std::move(pattern));
    }
    return patterns;
}

Pattern thresholded(std::span<const std::uint8_t> grey, int rows, int columns, int toRows, int toColumns) {
    assert(grey.size() == static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
    Pattern result = blankPattern(toRows, toColumns);
    if (grey.empty()) return result;
    const double step = std::max(static_cast<double>(rows) / toRows, static_cast<double>(columns) / toColumns);
    const Fit vertical = fit(rows, toRows, step), horizontal = fit(columns, toColumns, step);
    std::vector<double> means;
    std::vector<std::size_t> places;
    for (int row = 0; row < toRows; ++row)
        for (int column = 0; column < toColumns; ++column) {
            const Cover down = coverOf(vertical, row, rows), across = coverOf(horizontal, column, columns);
            if (down.empty() || across.empty()) continue;
            means.push_back(meanGrey(grey, columns, down, across));
            places.push_back(static_cast<std::size_t>(row * toColumns + column));
        }
    const auto [darkest, lightest] = std::ranges::minmax(means);
    const double half = (darkest + lightest) / 2;
    for (std::size_t k = 0; k < means.size(); ++k)
        if (means[k] < half) result.states[places[k]] = 1;
    return result;
}

}  // namespace lab
