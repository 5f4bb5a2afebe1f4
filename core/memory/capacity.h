#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/memory/recall.h"

namespace lab {

/// Patterns a net of N units can hold by Hebb's rule with a few per cent of wrong pixels, per unit (Amit, Gutfreund, Sompolinsky 1985).
constexpr double hebbCapacity = 0.138;

/// A memory with patterns in it: what a query becomes. Called by several threads at once.
using RecallBy = std::function<States(const States& query, std::uint64_t seed)>;
/// Stores patterns. Called by several threads at once.
using MakeMemory = std::function<RecallBy(std::span<const States> patterns)>;

/// The classical net by a rule.
MakeMemory classicalMemory(const StorageRule& rule, RecallMode mode = RecallMode::asynchronous);

/// How well random patterns are recalled.
struct CapacityQuestion {
    int neurons = 200;
    std::vector<int> patterns;  ///< how many are stored, one point of the curve each
    double flip = 0.1;          ///< share of a pattern's units that are flipped in a query (exactly round(flip * N))
    double correlation = 0;     ///< of the patterns (randomPatterns)
    int draws = 20;             ///< sets of patterns a point
    int tested = 40;            ///< at most so many queries in a draw, one a pattern
    std::uint64_t seed = 1;
};

struct CapacityPoint {
    int patterns = 0;
    double load = 0;     ///< patterns / neurons
    double overlap = 0;  ///< of what comes out with the pattern, mean
    double exact = 0;    ///< share of queries that became the pattern, pixel by pixel
    int draws = 0;       ///< that are in these means

    bool operator==(const CapacityPoint&) const = default;
};

/// Told after every draw, one call at a time, from any thread: the points so far (draws 0: not begun) and which share of the work is done.
using CapacityProgress = std::function<void(const std::vector<CapacityPoint>& points, double share)>;

/// A point for each of question.patterns. Draw d of P patterns is a pure function of (seed, P, d), whatever the other points; the means are
/// taken in the order of the draws, so the result does not depend on `threads` (0: all processors). `stopped` is asked before each draw and
/// each query, by all threads at once; when it has said so, the draws that are whole by then come back. What a memory throws is thrown
/// here, when all threads have ended.
std::vector<CapacityPoint> capacityCurve(const MakeMemory& memory, const CapacityQuestion& question, int threads = 1,
                                         const std::function<bool()>& stopped = {}, const CapacityProgress& told = {});

/// Loads P/N as numbers of patterns, at least 1 each, without repetitions: {.1, .2} of 200 units are {20, 40}.
std::vector<int> patternsOfLoads(int neurons, std::span<const double> loads);
/// Loads that show the drops of all rules: .02 to .7.
std::span<const double> usualLoads();

}  // namespace lab
