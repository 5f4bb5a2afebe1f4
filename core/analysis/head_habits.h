#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/analysis/head_metrics.h"

namespace lab {

/// What a head usually does: over many inputs, not over the one that is looked at.
enum class HeadHabit { previousToken, nextToken, firstToken, separator, duplicateToken, induction, diagonal, broad, mixed };

struct HabitRow {
    HeadHabit habit;
    char letter;                     ///< its sign and its key; ' ': it has none
    std::optional<HeadMetric> mass;  ///< the share of the weight that it stands on
};
/// In the order in which they are listed; a separator's mass is no metric of one input, and broad and mixed heads have none.
const std::array<HabitRow, 9>& habitTable();
const HabitRow& rowOf(HeadHabit habit);

/// A head uses so much of the keys that its queries may see, at least, to be called broad.
constexpr double broadShare = 0.5;
/// So many queries of all inputs together must have the number: a few words that come twice make no induction head.
constexpr int enoughHabitQueries = 50;

/// One head over all inputs: means over all their queries.
struct HabitShares {
    HeadMetrics metrics;
    double separator = 0, evenSeparator = 0;  ///< mean weight on special tokens behind the first position; of evenly spread weight
    int separatorQueries = 0;                 ///< that see one

    double mass(HeadHabit habit) const;
    HeadHabit habit() const;
};

/// Gathers them, input by input.
class HabitGatherer {
public:
    explicit HabitGatherer(const Model& model);

    /// A trace of that model with its intermediates; `special`: which of its tokens stand for no text, as many as it has or none.
    void add(const Trace& trace, const std::vector<bool>& special);
    int inputs() const { return m_inputs; }
    /// Block after block.
    std::vector<HabitShares> shares() const;

private:
    struct Sums {
        std::array<double, headMetricCount> values{}, even{};
        std::array<double, headMetricCount> counted{};
        double keys = 0, visible = 0, queries = 0;
        double separator = 0, evenSeparator = 0, separatorQueries = 0;
    };
    static void addSeparator(Sums& sums, const Trace& trace, const AttentionBlock& block, int head, const std::vector<bool>& special);

    const Model& m_model;
    std::vector<Sums> m_sums;
    int m_inputs = 0;
};

}  // namespace lab
