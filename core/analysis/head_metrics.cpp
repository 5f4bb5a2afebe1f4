#include "core/analysis/head_metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

#include "core/analysis/weight_shares.h"
#include "core/config/model_config.h"

namespace lab {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// One head's part of a trace; or, `even`, a head that spreads its weight evenly over what each query may see.
class HeadRows {
public:
    HeadRows(const Trace& trace, const AttentionBlock& block, int head) {
        const Tensor& weights = trace.at(block.name + ".weights");
        const Tensor& masked = trace.at(block.name + ".masked_scores");
        assert(head < weights.extent(0));
        queries = static_cast<int>(weights.extent(1));
        keys = static_cast<int>(weights.extent(2));
        const std::ptrdiff_t first = std::ptrdiff_t{head} * queries * keys;
        m_weights = weightShares(block, weights, head);
        m_masked = masked.values.data() + first;
        for (int i = 0; i < queries; ++i) {
            m_visible.push_back(
                static_cast<int>(std::count_if(m_masked + i * keys, m_masked + (i + 1) * keys, [](float s) { return !std::isinf(s); })));
            const float* row = m_weights.data() + i * keys;
            m_whole.push_back(block.sink ? std::accumulate(row, row + keys, 0.0) : 1.0);
            m_entropy.push_back(entropyOf(row, m_whole.back()));
        }
    }

    HeadRows even() const {
        HeadRows result = *this;
        result.m_even = true;
        return result;
    }

    double weight(int i, int j) const {
        if (m_even) return sees(i, j) ? 1.0 / visible(i) : 0.0;
        return static_cast<double>(m_weights[static_cast<std::size_t>(i * keys + j)]);
    }
    bool sees(int i, int j) const { return !std::isinf(m_masked[i * keys + j]); }
    int visible(int i) const { return m_visible[static_cast<std::size_t>(i)]; }
    double entropy(int i) const { return m_entropy[static_cast<std::size_t>(i)]; }
    /// What the keys get of a row: 1, where there is no sink.
    double whole(int i) const { return m_whole[static_cast<std::size_t>(i)]; }
    /// Mean of the numbers that `ofQuery` has for queries that see a key.
    template <class OfQuery>
    double mean(OfQuery ofQuery) const {
        return countedMean(ofQuery).first;
    }
    /// With the number of these queries.
    template <class OfQuery>
    std::pair<double, int> countedMean(OfQuery ofQuery) const {
        double sum = 0.0;
        int count = 0;
        for (int i = 0; i < queries; ++i) {
            const std::optional<double> value = visible(i) > 0 ? ofQuery(i) : std::nullopt;
            if (!value) continue;
            sum += *value;
            ++count;
        }
        return {count > 0 ? sum / count : undefined, count};
    }
    /// Of the weight on key i + offset.
    std::pair<double, int> meanAt(int offset) const {
        return countedMean(
            [&](int i) { return i + offset >= 0 && i + offset < keys ? std::optional(weight(i, i + offset)) : std::nullopt; });
    }

    int queries = 0;
    int keys = 0;

private:
    double entropyOf(const float* row, double whole) const {
        double sum = 0.0;
        for (int j = 0; j < keys; ++j) {
            const double weight = whole > 0.0 ? row[j] / whole : 0.0;
            if (weight > 0.0) sum -= weight * std::log(weight);
        }
        return sum;
    }

    bool m_even = false;
    std::vector<float> m_weights;  ///< as shares
    const float* m_masked;
    std::vector<int> m_visible;
    std::vector<double> m_entropy, m_whole;
};

/// Mass on the keys `shift` behind earlier copies of the query's own token; 0: on the copies themselves, 1: on what followed them.
std::pair<double, int> massBehindCopies(const HeadRows& rows, const std::vector<int>& tokens, int shift) {
    return rows.countedMean([&](int i) -> std::optional<double> {
        double mass = 0.0;
        bool came = false;
        for (int copy = 0; copy < i; ++copy) {
            if (tokens[static_cast<std::size_t>(copy)] != tokens[static_cast<std::size_t>(i)]) continue;
            came = true;
            mass += rows.weight(i, copy + shift);
        }
        return came ? std::optional(mass) : std::nullopt;
    });
}

double symmetryIndex(const Tensor& scores, int head) {
    const std::int64_t n = scores.extent(1);
    if (n != scores.extent(2)) return undefined;
    const float* s = scores.values.data() + head * n * n;
    double difference = 0.0, sum = 0.0;
    for (std::int64_t i = 0; i < n; ++i) {
        const double own = s[i * n + i];
        sum += 4.0 * own * own;
        for (std::int64_t j = 0; j < i; ++j) {
            const double a = s[i * n + j], b = s[j * n + i];
            difference += 2.0 * (a - b) * (a - b);
            sum += 2.0 * (a + b) * (a + b);
        }
    }
    return sum > 0.0 ? std::sqrt(difference / sum) : undefined;
}

/// Queries that see no key have an answer to give all the same: it counts as missed.
std::pair<double, int> massOnSources(const HeadRows& rows, const Sources& sources) {
    double mass = 0.0;
    int answers = 0;
    for (int i = 0; i < rows.queries; ++i) {
        const std::vector<int>& keys = sources.keys[static_cast<std::size_t>(i)];
        if (keys.empty()) continue;
        ++answers;
        for (const int key : keys) mass += rows.weight(i, key);
    }
    return {answers > 0 ? mass / answers : undefined, answers};
}

using Masses = std::array<std::pair<double, int>, headMetricCount>;

/// What keys are to queries: `tokens` of both are null where the two sides cannot be compared, and slots of a bottleneck have no places.
struct Comparable {
    const std::vector<int>* tokens = nullptr;
    bool places = true;
};

/// Shares of the weight, each with the number of queries it is the mean of.
Masses massesOf(const HeadRows& rows, const std::optional<Sources>& sources, const Comparable& comparable) {
    Masses masses;
    masses.fill({undefined, 0});
    const auto mass = [&masses](HeadMetric metric) -> auto& {
        return masses[static_cast<std::size_t>(metric)];
    };
    if (sources) mass(HeadMetric::agreement) = massOnSources(rows, *sources);
    if (!comparable.places) return masses;
    mass(HeadMetric::diagonal) = rows.meanAt(0);
    mass(HeadMetric::previousToken) = rows.meanAt(-1);
    mass(HeadMetric::nextToken) = rows.meanAt(1);
    mass(HeadMetric::firstToken) = rows.countedMean([&](int i) { return std::optional(rows.weight(i, 0)); });
    if (!comparable.tokens) return masses;
    mass(HeadMetric::duplicateToken) = massBehindCopies(rows, *comparable.tokens, 0);
    mass(HeadMetric::induction) = massBehindCopies(rows, *comparable.tokens, 1);
    return masses;
}

void measureSpread(const HeadRows& rows, HeadMetrics& result) {
    result[HeadMetric::entropy] =
        rows.mean([&](int i) { return rows.visible(i) > 1 ? std::optional(rows.entropy(i) / std::log(rows.visible(i))) : std::nullopt; });
    result[HeadMetric::effectiveKeys] = rows.mean([&](int i) { return std::optional(std::exp(rows.entropy(i))); });
    result[HeadMetric::meanDistance] = rows.mean([&](int i) {
        double distance = 0.0;
        for (int j = 0; j < rows.keys; ++j) distance += rows.weight(i, j) * std::abs(i - j);
        return rows.whole(i) > 0.0 ? std::optional(distance / rows.whole(i)) : std::nullopt;
    });
    const auto [visible, queries] = rows.countedMean([&](int i) { return std::optional<double>(rows.visible(i)); });
    result.visibleKeys = std::isnan(visible) ? 0.0 : visible;
    result.queries = queries;
}

}  // namespace

std::string headMetricName(HeadMetric metric) {
    static constexpr std::array<const char*, headMetricCount> names{"agreement", "normalised_entropy", "effective_keys", "mean_distance",
                                                                    "diagonal",  "previous_token",     "next_token",     "duplicate_token",
                                                                    "induction", "first_token",        "asymmetry"};
    return names[static_cast<std::size_t>(metric)];
}

bool isMass(HeadMetric metric) {
    switch (metric) {
        case HeadMetric::entropy:
        case HeadMetric::effectiveKeys:
        case HeadMetric::meanDistance:
        case HeadMetric::symmetry:
            return false;
        default:
            return true;
    }
}

HeadMetrics headMetrics(const Trace& trace, const AttentionBlock& block, int head, const std::optional<Sources>& sources) {
    const HeadRows rows(trace, block, head);
    HeadMetrics result;
    result.values.fill(undefined);
    measureSpread(rows, result);
    if (!areShares(block)) result[HeadMetric::entropy] = result[HeadMetric::effectiveKeys] = undefined;  // of shares alone
    const bool ofTarget = block.side == "decoder" && !trace.targetTokens.empty();
    // Vectors are no tokens that could come twice.
    const Comparable comparable{block.cross || trace.find("vectors") ? nullptr : &trace.tokensOf(ofTarget), block.slotCount == 0};
    if (!comparable.places) result[HeadMetric::meanDistance] = undefined;
    const Masses masses = massesOf(rows, sources, comparable), even = massesOf(rows.even(), sources, comparable);
    for (const HeadMetric metric : headMetricList) {
        if (!isMass(metric)) continue;
        const auto i = static_cast<std::size_t>(metric);
        std::tie(result.values[i], result.counted[i]) = masses[i];
        result.even[i] = even[i].first;
    }
    if (block.cross) return result;
    result[HeadMetric::symmetry] = symmetryIndex(trace.at(block.name + ".scores"), head);
    return result;
}

std::vector<HeadMetrics> allHeadMetrics(const Model& model, const TaskConfig& task, const Trace& trace) {
    std::vector<HeadMetrics> result;
    for (const AttentionBlock& block : model.attentionBlocks()) {
        const auto sources = answerSources(task, model.config().architecture, block, trace);
        for (int head = 0; head < block.heads; ++head) result.push_back(headMetrics(trace, block, head, sources));
    }
    return result;
}

double enoughMass(const HeadMetrics& metrics, HeadMetric mass) {
    return (1.0 + metrics.evenMass(mass)) / 2.0;
}

bool tells(const HeadMetrics& metrics, HeadMetric mass) {
    return metrics[mass] >= enoughMass(metrics, mass) && metrics.evenMass(mass) <= tellingEven &&
           metrics.queriesOf(mass) >= enoughQueries * metrics.queries;
}

HeadKind headKind(const HeadMetrics& metrics) {
    // A query that sees one key has no choice.
    if (metrics.visibleKeys > 1.0 && metrics[HeadMetric::effectiveKeys] >= almostEven * metrics.visibleKeys) return HeadKind::uniform;
    if (tells(metrics, HeadMetric::agreement)) return HeadKind::answer;
    HeadKind kind = HeadKind::mixed;
    double most = 0.0;
    for (const HeadKind other : {HeadKind::previousToken, HeadKind::nextToken, HeadKind::induction, HeadKind::duplicateToken,
                                 HeadKind::diagonal, HeadKind::firstToken}) {
        const double mass = metrics[*metricOf(other)];
        if (!tells(metrics, *metricOf(other)) || mass <= most) continue;
        most = mass;
        kind = other;
    }
    return kind;
}

std::optional<HeadMetric> metricOf(HeadKind kind) {
    // In the order of HeadKind; uniform and mixed heads are named after no metric.
    static constexpr std::array metrics{HeadMetric::agreement, HeadMetric::previousToken, HeadMetric::nextToken, HeadMetric::duplicateToken,
                                        HeadMetric::induction, HeadMetric::firstToken,    HeadMetric::diagonal};
    static_assert(metrics.size() == static_cast<std::size_t>(HeadKind::uniform));
    const auto index = static_cast<std::size_t>(kind);
    return index < metrics.size() ? std::optional(metrics[index]) : std::nullopt;
}

}  // namespace lab
