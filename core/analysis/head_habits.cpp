#include "core/analysis/head_habits.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/analysis/weight_shares.h"

namespace lab {
namespace {

/// With the queries that have the number.
struct Mass {
    double share, even;
    int queries;
};

Mass massOf(const HabitShares& shares, const HabitRow& row) {
    if (row.habit == HeadHabit::separator) return {shares.separator, shares.evenSeparator, shares.separatorQueries};
    return {shares.metrics[*row.mass], shares.metrics.evenMass(*row.mass), shares.metrics.queriesOf(*row.mass)};
}

/// The rule of a single input's patterns (head_metrics.h), but for the number of queries.
bool tells(const Mass& mass) {
    return mass.share >= (1.0 + mass.even) / 2.0 && mass.even <= tellingEven && mass.queries >= enoughHabitQueries;
}

bool hasMass(const HabitRow& row) {
    return row.mass || row.habit == HeadHabit::separator;
}

}  // namespace

const std::array<HabitRow, 9>& habitTable() {
    static const std::array<HabitRow, 9> table{{{HeadHabit::previousToken, 'P', HeadMetric::previousToken},
                                                {HeadHabit::nextToken, 'N', HeadMetric::nextToken},
                                                {HeadHabit::firstToken, 'F', HeadMetric::firstToken},
                                                {HeadHabit::separator, 'E', std::nullopt},
                                                {HeadHabit::duplicateToken, '=', HeadMetric::duplicateToken},
                                                {HeadHabit::induction, 'I', HeadMetric::induction},
                                                {HeadHabit::diagonal, 'S', HeadMetric::diagonal},
                                                {HeadHabit::broad, 'B', std::nullopt},
                                                {HeadHabit::mixed, ' ', std::nullopt}}};
    return table;
}

const HabitRow& rowOf(HeadHabit habit) {
    return habitTable()[static_cast<std::size_t>(habit)];
}

double HabitShares::mass(HeadHabit habit) const {
    const HabitRow& row = rowOf(habit);
    return hasMass(row) ? massOf(*this, row).share : std::nan("");
}

HeadHabit HabitShares::habit() const {
    HeadHabit found = HeadHabit::mixed;
    double most = 0.0;
    for (const HabitRow& row : habitTable()) {
        if (!hasMass(row)) continue;
        const Mass mass = massOf(*this, row);
        if (!tells(mass) || mass.share <= most) continue;
        most = mass.share;
        found = row.habit;
    }
    const bool broad = metrics.visibleKeys > 1.0 && metrics[HeadMetric::effectiveKeys] >= broadShare * metrics.visibleKeys;
    return found == HeadHabit::mixed && broad ? HeadHabit::broad : found;
}

HabitGatherer::HabitGatherer(const Model& model) : m_model(model) {
    std::size_t heads = 0;
    for (const AttentionBlock& block : model.attentionBlocks()) heads += static_cast<std::size_t>(block.heads);
    m_sums.resize(heads);
}

void HabitGatherer::add(const Trace& trace, const std::vector<bool>& special) {
    ++m_inputs;
    auto sums = m_sums.begin();
    for (const AttentionBlock& block : m_model.attentionBlocks())
        for (int head = 0; head < block.heads; ++head, ++sums) {
            const HeadMetrics metrics = headMetrics(trace, block, head, std::nullopt);
            for (const HeadMetric metric : headMetricList) {
                const auto i = static_cast<std::size_t>(metric);
                if (!isMass(metric) || metrics.counted[i] == 0) continue;
                sums->values[i] += metrics.values[i] * metrics.counted[i];
                sums->even[i] += metrics.even[i] * metrics.counted[i];
                sums->counted[i] += metrics.counted[i];
            }
            const double keys = metrics[HeadMetric::effectiveKeys];
            if (!std::isnan(keys)) sums->keys += keys * metrics.queries;
            sums->visible += metrics.visibleKeys * metrics.queries;
            sums->queries += metrics.queries;
            if (!block.cross && block.slotCount == 0) addSeparator(*sums, trace, block, head, special);
        }
}

void HabitGatherer::addSeparator(Sums& sums, const Trace& trace, const AttentionBlock& block, int head, const std::vector<bool>& special) {
    const Tensor& weights = trace.at(block.name + ".weights");
    const std::vector<float> shares = weightShares(block, weights, head);
    const auto queries = static_cast<int>(weights.extent(1)), keys = static_cast<int>(weights.extent(2));
    const float* masked = trace.at(block.name + ".masked_scores").values.data() + std::ptrdiff_t{head} * queries * keys;
    if (std::cmp_not_equal(special.size(), keys)) return;
    for (int i = 0; i < queries; ++i) {
        double mass = 0;
        int visible = 0, separators = 0;
        for (int j = 0; j < keys; ++j) {
            if (std::isinf(masked[i * keys + j])) continue;
            ++visible;
            if (j == 0 || !special[static_cast<std::size_t>(j)]) continue;
            ++separators;
            mass += static_cast<double>(shares[static_cast<std::size_t>(i * keys + j)]);
        }
        if (separators == 0) continue;
        sums.separator += mass;
        sums.evenSeparator += static_cast<double>(separators) / visible;
        ++sums.separatorQueries;
    }
}

std::vector<HabitShares> HabitGatherer::shares() const {
    std::vector<HabitShares> result;
    for (const Sums& sums : m_sums) {
        HabitShares head;
        head.metrics.values.fill(std::nan(""));
        const auto mean = [](double sum, double count) { return count > 0 ? sum / count : std::nan(""); };
        for (const HeadMetric metric : headMetricList) {
            const auto i = static_cast<std::size_t>(metric);
            if (!isMass(metric)) continue;
            head.metrics.values[i] = mean(sums.values[i], sums.counted[i]);
            head.metrics.even[i] = mean(sums.even[i], sums.counted[i]);
            head.metrics.counted[i] = static_cast<int>(sums.counted[i]);
        }
        head.metrics[HeadMetric::effectiveKeys] = mean(sums.keys, sums.queries);
        head.metrics.visibleKeys = sums.queries > 0 ? sums.visible / sums.queries : 0.0;
        head.metrics.queries = static_cast<int>(sums.queries);
        head.separator = mean(sums.separator, sums.separatorQueries);
        head.evenSeparator = mean(sums.evenSeparator, sums.separatorQueries);
        head.separatorQueries = static_cast<int>(sums.separatorQueries);
        result.push_back(head);
    }
    return result;
}

}  // namespace lab
