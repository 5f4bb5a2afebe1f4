#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lab {

/// What a net of N units shows at one moment, +1 (on) or -1 (off) a unit.
using States = std::vector<std::int8_t>;

/// A picture that a memory stores: a unit a pixel.
struct Pattern {
    std::string name;
    int rows = 0, columns = 0;
    States states;  ///< [rows * columns], +1 on, -1 off, row by row

    int pixels() const { return rows * columns; }
    bool isOn(int row, int column) const { return states[static_cast<std::size_t>(row * columns + column)] > 0; }
    bool operator==(const Pattern&) const = default;
};

constexpr int mostPatterns = 200;
constexpr int mostPatternPixels = 1024;
constexpr int mostPatternSide = 64;

/// All off.
Pattern blankPattern(int rows, int columns, std::string name = {});

// Comparing. Both have as many units.

/// m = x . y / N, from -1 (inverse) over 0 (as alike as chance) to 1 (the same): the share of equal units minus that of different ones.
double overlap(std::span<const std::int8_t> x, std::span<const std::int8_t> y);
int differing(std::span<const std::int8_t> x, std::span<const std::int8_t> y);
int onCount(std::span<const std::int8_t> x);

// Changing. The name stays.

Pattern inverted(Pattern pattern);
/// Moved right by `columns` and down by `rows`; what leaves comes in at the other end.
Pattern shifted(const Pattern& pattern, int rows, int columns);
/// Exactly `count` different pixels flipped, a pure function of (count, seed): the first of a shuffled order, so that of the same seed more
/// noise keeps the flips of less. `count` is cut to 0 .. N.
Pattern withFlips(Pattern pattern, int count, std::uint64_t seed);
/// The same of round(share * N) pixels; share from 0 to 1.
Pattern withNoise(Pattern pattern, double share, std::uint64_t seed);
/// The lower half (of an odd number of rows the smaller part) off.
Pattern lowerHalfErased(Pattern pattern);

// Making.

/// Each unit of each pattern +1 or -1. With a base b of fair signs, x_i = b_i with probability (1 + sqrt(c)) / 2 and -b_i otherwise,
/// independently: two patterns then overlap by c on average (c 0: independent; c 1: all the same). A pure function of the arguments, and
/// pattern k of a larger `count` is the same. Names are "1", "2", ...; c is from 0 to 1.
std::vector<Pattern> randomPatterns(int count, int rows, int columns, double correlation, std::uint64_t seed);

/// A grey picture (0 black .. 255 white, row by row) as black and white of another size: it is fitted in with its proportions kept,
/// centred, each pixel the mean grey of what it covers; on is what is darker than half way between the darkest and the lightest pixel. What
/// the picture does not cover is off, and so is all of a picture of one grey.
Pattern thresholded(std::span<const std::uint8_t> grey, int rows, int columns, int toRows = 16, int toColumns = 16);

}  // namespace lab
