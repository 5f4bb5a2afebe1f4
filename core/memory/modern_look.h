#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/memory/modern.h"
#include "core/memory/pattern.h"

namespace lab {

/// What the continuous network is asked: patterns, a query for each of them, and which of these is asked now.
struct ModernQuestion {
    StoredVectors patterns;
    std::vector<std::string> names;
    std::vector<std::vector<double>> noisy;  ///< [P] each pattern with noise, for the error against the separation
    std::vector<double> query;
    int target = -1;         ///< the pattern that is asked for; -1: none
    std::vector<int> signs;  ///< [d] of the pattern asked for, where the patterns are pictures; else empty
    double beta = 1;
};

/// Pictures: the query as it is, and each picture with `noise` of its pixels flipped by `seed`. A target that is none of the patterns is
/// taken as -1.
ModernQuestion questionOf(const std::vector<Pattern>& patterns, int target, const Pattern& query, double noise, std::uint64_t seed,
                          double beta);

/// Random real-valued patterns instead: standard normal numbers.
struct RandomMemory {
    int count = 4;
    int dimension = 256;
    std::uint64_t seed = 1;

    bool operator==(const RandomMemory&) const = default;
};
/// The query is pattern `target` and noise of `noise` times its length, in a random direction. There is at least one pattern; a target
/// beyond them is taken as the nearest one there is.
ModernQuestion questionOf(const RandomMemory& memory, int target, double noise, double beta);

/// One update of that question and all that follows from it.
struct ModernLook {
    ModernQuestion asked;
    std::vector<double> dots, weights;  ///< [P]
    std::vector<double> mixture;        ///< [d] after one update
    std::vector<int> byWeight;          ///< [P] the patterns from the heaviest down
    Settling way;
    struct Moment {
        int updates = 0;
        double energy = 0;
        int wrong = 0;     ///< signs unlike the pattern's, of pictures
        int nearest = -1;  ///< pattern
    };
    std::vector<Moment> moments;  ///< the query, after one update, at the end: two where these are the same

    FixedPointName end;
    bool energyRose = false;             ///< by more than rounding: never, by the theorem
    std::vector<RetrievalError> errors;  ///< [P] of `noisy` (fewer when stopped), each against its own pattern
    BetaCurve curve;                     ///< on a log scale, beta among its values
    struct Sample {
        double beta = 0;
        std::vector<double> mixture;
        double largest = 0;  ///< weight
        int wrong = 0;
    };
    std::vector<Sample> samples;  ///< a sixteenth, a quarter and all of beta
};

constexpr double leastBeta = 1e-4, largestBeta = 100;

/// Asserts that something is stored, and that names, noisy, query, signs and target are of these patterns. `stopped` is asked before each
/// update, error, beta and sample; when it says so, what there is by then comes back.
ModernLook lookAt(ModernQuestion question, const std::function<bool()>& stopped = {});

}  // namespace lab
