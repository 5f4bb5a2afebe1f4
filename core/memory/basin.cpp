#include "core/memory/basin.h"

#include <algorithm>
#include <cmath>

#include "core/base/random.h"

namespace lab {
namespace {

std::uint64_t seedOf(std::uint64_t seed, int pattern, int flips, int draw) {
    const std::uint64_t place = (static_cast<std::uint64_t>(flips) << 32) + static_cast<std::uint64_t>(draw);
    const auto words = RandomStream(seed, static_cast<std::uint64_t>(pattern)).block(place);
    return (static_cast<std::uint64_t>(words[0]) << 32) | words[1];
}

/// Adds one query's result to the sums that the point holds until it is whole.
void addDraw(BasinPoint& sums, const HopfieldNet& net, const BasinQuestion& question, int pattern, int flips, int draw) {
    const Pattern& stored = net.patterns()[static_cast<std::size_t>(pattern)];
    const std::uint64_t seed = seedOf(question.seed, pattern, flips, draw);
    const States query = withFlips(stored, flips, seed).states;
    const States out = recalled(net, query, question.mode, seed);
    sums.overlapIn += overlap(query, stored.states);
    sums.overlapOut += overlap(out, stored.states);
    sums.exact += out == stored.states ? 1 : 0;
    ++sums.draws;
}

}  // namespace

std::vector<BasinPoint> basinCurve(const HopfieldNet& net, const BasinQuestion& question, const std::function<bool()>& stopped,
                                   const BasinProgress& told) {
    const int first = std::max(0, question.pattern), end = question.pattern < 0 ? net.patternCount() : question.pattern + 1;
    std::vector<BasinPoint> points;
    for (const double share : question.flips) {
        const int flips = static_cast<int>(std::lround(share * net.units()));
        BasinPoint point;
        for (int pattern = first; pattern < end; ++pattern)
            for (int draw = 0; draw < question.draws; ++draw) {
                if (stopped && stopped()) return points;
                addDraw(point, net, question, pattern, flips, draw);
            }
        for (double* mean : {&point.overlapIn, &point.overlapOut, &point.exact}) *mean /= std::max(1, point.draws);
        points.push_back(point);
        if (told) told(points, static_cast<double>(points.size()) / static_cast<double>(question.flips.size()));
    }
    return points;
}

std::vector<double> usualFlips() {
    std::vector<double> flips;
    for (int k = 0; k <= 10; ++k) flips.push_back(k / 20.0);
    return flips;
}

}  // namespace lab
