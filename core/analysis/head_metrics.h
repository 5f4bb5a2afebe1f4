#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/answer_sources.h"
#include "core/model/model.h"

namespace lab {

/// What one head does on one input; A its weights (query i, key j; where they are no shares as weight_shares.h says), S its scores, t the
/// tokens, of vectors none. Of a head with a sink A's rows add up to less than 1; entropy, effective keys and distance are of what the keys
/// get, each row divided by its sum. Means run over the queries that see a key
/// and for which the number exists; a metric without any such query is NaN.
enum class HeadMetric {
    agreement,       ///< mean mass on the keys that the query's answer comes from (answer_sources.h)
    entropy,         ///< mean H_i / ln(keys visible to i), of queries that see two or more; 1 = uniform
    effectiveKeys,   ///< mean exp(H_i)
    meanDistance,    ///< mean sum_j A_ij |i - j|
    diagonal,        ///< mean A_ii
    previousToken,   ///< mean of A_i,i-1
    nextToken,       ///< mean of A_i,i+1
    duplicateToken,  ///< mean mass on j < i with t_j = t_i, of queries whose token came before
    induction,       ///< prefix matching: mean mass on j <= i with t_{j-1} = t_i, of queries whose token came before
    firstToken,      ///< mean A_i0
    symmetry,        ///< |S - S^T| / |S + S^T| (Frobenius, before the mask): 0 = symmetric, as in KV
};

inline constexpr std::array headMetricList{HeadMetric::agreement,    HeadMetric::entropy,        HeadMetric::effectiveKeys,
                                           HeadMetric::meanDistance, HeadMetric::diagonal,       HeadMetric::previousToken,
                                           HeadMetric::nextToken,    HeadMetric::duplicateToken, HeadMetric::induction,
                                           HeadMetric::firstToken,   HeadMetric::symmetry};
constexpr std::size_t headMetricCount = headMetricList.size();

/// As tables name it: "previous_token".
std::string headMetricName(HeadMetric metric);

/// A share of the weight, 0 .. 1: what a head can be said to do.
bool isMass(HeadMetric metric);

struct HeadMetrics {
    std::array<double, headMetricCount> values{};  ///< NaN: the head or the input has no such number
    double visibleKeys = 0.0;                      ///< mean number of keys a query may see
    /// Of a head that spreads its weight evenly over what each query may see; of masses only.
    std::array<double, headMetricCount> even{};
    int queries = 0;                             ///< that see a key
    std::array<int, headMetricCount> counted{};  ///< how many of them have the number; of masses only

    double operator[](HeadMetric metric) const { return values[static_cast<std::size_t>(metric)]; }
    double& operator[](HeadMetric metric) { return values[static_cast<std::size_t>(metric)]; }
    double evenMass(HeadMetric metric) const { return even[static_cast<std::size_t>(metric)]; }
    double& evenMass(HeadMetric metric) { return even[static_cast<std::size_t>(metric)]; }
    int queriesOf(HeadMetric metric) const { return counted[static_cast<std::size_t>(metric)]; }
};

/// Asserts that the trace has intermediates of `block`. Tokens of a cross-attention's two sides are not compared: there duplicateToken,
/// induction and symmetry do not exist. Slots of a bottleneck have no places: where they are the keys, nothing that asks for a key's place
/// exists either.
HeadMetrics headMetrics(const Trace& trace, const AttentionBlock& block, int head, const std::optional<Sources>& sources);

/// Of every head of a model, block after block.
std::vector<HeadMetrics> allHeadMetrics(const Model& model, const TaskConfig& task, const Trace& trace);

// What these numbers support saying about a head.

/// A head that puts so much of its weight somewhere looks there most of the time.
constexpr double mostOfTheWeight = 0.5;
/// Where evenly spread weight would put more than this, looking there says nothing of a head.
constexpr double tellingEven = 0.6;
/// At least this share of the queries must have the number: one token that comes twice makes no induction head.
constexpr double enoughQueries = 0.25;
/// From this share of the visible keys on a head is said to spread its weight evenly.
constexpr double almostEven = 0.97;

enum class HeadKind {
    answer,  ///< where the task's answer comes from
    previousToken,
    nextToken,
    duplicateToken,
    induction,
    firstToken,
    diagonal,
    uniform,
    mixed,
};

/// From this share of its weight on a head is said to look at that kind of place: half-way from evenly spread weight to all of it.
double enoughMass(const HeadMetrics& metrics, HeadMetric mass);
/// Whether it does: enoughMass, tellingEven and enoughQueries.
bool tells(const HeadMetrics& metrics, HeadMetric mass);
/// Uniform from almostEven on; else the task's own pattern if that tells; else the largest other mass that does; else mixed.
HeadKind headKind(const HeadMetrics& metrics);
/// Nothing for uniform and mixed.
std::optional<HeadMetric> metricOf(HeadKind kind);

}  // namespace lab
