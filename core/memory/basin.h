#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/memory/recall.h"

namespace lab {

/// How far from a pattern recall still finds back.
struct BasinQuestion {
    int pattern = -1;           ///< which; -1: the mean over all of the net's
    std::vector<double> flips;  ///< shares of flipped units, one point each; the overlap of such a query is 1 - 2 share
    RecallMode mode = RecallMode::asynchronous;
    int draws = 20;  ///< queries a point and pattern
    std::uint64_t seed = 1;
};

struct BasinPoint {
    double overlapIn = 0;   ///< of the query with its pattern, as it was (the share rounded to whole units)
    double overlapOut = 0;  ///< of what came out, mean
    double exact = 0;       ///< share of queries that became the pattern
    int draws = 0;          ///< that are in these means

    bool operator==(const BasinPoint&) const = default;
};

/// Told after every point.
using BasinProgress = std::function<void(const std::vector<BasinPoint>& points, double share)>;

/// A point for each of question.flips; draws of a point are a pure function of (seed, pattern, flips, draw). `stopped` is asked before each
/// query; when it says so, the points that are whole by then come back.
std::vector<BasinPoint> basinCurve(const HopfieldNet& net, const BasinQuestion& question, const std::function<bool()>& stopped = {},
                                   const BasinProgress& told = {});

/// 0, .05, ... .5: from the pattern itself to chance.
std::vector<double> usualFlips();

}  // namespace lab
