#include "core/analysis/head_survey.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/weight_shares.h"
#include "core/model/abandonable_trace.h"

namespace lab {
namespace {

constexpr double noShare = std::numeric_limits<double>::quiet_NaN();

bool hasShare(const HabitRow& row) {
    return row.mass || row.own;
}

bool isHabit(const WeightShare& found) {
    return found.share >= (1.0 + found.even) / 2.0 && found.even <= tellingEven && found.queries >= enoughHabitQueries;
}

/// What a query sees of places of one kind.
struct SeenPlaces {
    double weight = 0;
    int places = 0;
};

}  // namespace

const std::array<HabitRow, 9>& habitTable() {
    static const std::array<HabitRow, 9> table{{{HeadHabit::previousToken, "previous", 'P', HeadMetric::previousToken, nullptr},
                                                {HeadHabit::nextToken, "next", 'N', HeadMetric::nextToken, nullptr},
                                                {HeadHabit::firstToken, "first", 'F', HeadMetric::firstToken, nullptr},
                                                {HeadHabit::separator, "separator", 'E', std::nullopt, &SurveyedHead::separator},
                                                {HeadHabit::duplicateToken, "same", '=', std::nullopt, &SurveyedHead::sameToken},
                                                {HeadHabit::induction, "induction", 'I', HeadMetric::induction, nullptr},
                                                {HeadHabit::diagonal, "self", 'S', HeadMetric::diagonal, nullptr},
                                                {HeadHabit::broad, "broad", 'B', std::nullopt, nullptr},
                                                {HeadHabit::mixed, "mixed", ' ', std::nullopt, nullptr}}};
    return table;
}

const HabitRow& rowOf(HeadHabit habit) {
    return habitTable()[static_cast<std::size_t>(habit)];
}

WeightShare SurveyedHead::share(HeadHabit habit) const {
    const HabitRow& row = rowOf(habit);
    if (row.own) return this->*row.own;
    return row.mass ? WeightShare{metrics[*row.mass], metrics.evenMass(*row.mass), metrics.queriesOf(*row.mass)} : WeightShare();
}

HeadHabit SurveyedHead::habit() const {
    HeadHabit found = HeadHabit::mixed;
    double most = 0.0;
    for (const HabitRow& row : habitTable()) {
        const WeightShare at = share(row.habit);
        if (!hasShare(row) || !isHabit(at) || at.share <= most) continue;
        most = at.share;
        found = row.habit;
    }
    const bool broad = metrics.visibleKeys > 1.0 && metrics[HeadMetric::effectiveKeys] >= broadShare * metrics.visibleKeys;
    return found == HeadHabit::mixed && broad ? HeadHabit::broad : found;
}

int HeadSurvey::count(HeadHabit habit) const {
    return static_cast<int>(std::ranges::count(heads, habit, &SurveyedHead::habit));
}

void HeadSurveyor::Sum::add(double value, double ofEven, int times) {
    if (std::isnan(value) || times <= 0) return;
    share += value * times;
    even += ofEven * times;
    queries += times;
}

WeightShare HeadSurveyor::Sum::mean() const {
    return queries > 0 ? WeightShare{share / queries, even / queries, queries} : WeightShare();
}

HeadSurveyor::HeadSurveyor(const Model& model) : m_model(model), m_sums(headPlaces(model).size()) {}

void HeadSurveyor::add(const Trace& trace, const std::vector<bool>& special) {
    ++m_inputs;
    m_tokens += static_cast<int>(trace.tokens.size() + trace.targetTokens.size());
    auto sums = m_sums.begin();
    for (const AttentionBlock& block : m_model.attentionBlocks())
        for (int head = 0; head < block.heads; ++head, ++sums) {
            const HeadMetrics metrics = headMetrics(trace, block, head, std::nullopt);
            for (const HeadMetric metric : headMetricList) {
                if (metric == HeadMetric::symmetry) continue;
                const int times = isMass(metric) ? metrics.queriesOf(metric) : metrics.queries;
                sums->metrics[static_cast<std::size_t>(metric)].add(metrics[metric], metrics.evenMass(metric), times);
            }
            sums->visible.add(metrics.visibleKeys, 0.0, metrics.queries);
            sums->queries += metrics.queries;
            if (!block.cross && block.slotCount == 0) addPlaces(*sums, trace, block, head, special);
        }
}

void HeadSurveyor::addPlaces(Sums& sums, const Trace& trace, const AttentionBlock& block, int head, const std::vector<bool>& special) {
    const Tensor& weights = trace.at(block.name + ".weights");
    const std::vector<float> shares = weightShares(block, weights, head);
    const auto queries = static_cast<int>(weights.extent(1)), keys = static_cast<int>(weights.extent(2));
    const float* masked = trace.at(block.name + ".masked_scores").values.data() + std::ptrdiff_t{head} * queries * keys;
    const std::vector<int>& tokens = trace.tokensOf(block.side == "decoder" && !trace.targetTokens.empty());
    const bool comparable = queries == keys && std::cmp_equal(tokens.size(), keys) && !trace.find("vectors");
    const bool known = std::cmp_equal(special.size(), keys);
    const auto isSpecial = [&](int i) { return known && special[static_cast<std::size_t>(i)]; };
    const auto token = [&](int i) { return tokens[static_cast<std::size_t>(i)]; };
    for (int i = 0; i < queries; ++i) {
        SeenPlaces separators, same;
        int visible = 0;
        for (int j = 0; j < keys; ++j) {
            if (std::isinf(masked[i * keys + j])) continue;
            ++visible;
            const auto weight = static_cast<double>(shares[static_cast<std::size_t>(i * keys + j)]);
            if (j > 0 && isSpecial(j)) separators = {separators.weight + weight, separators.places + 1};
            if (comparable && j != i && token(j) == token(i) && !isSpecial(i)) same = {same.weight + weight, same.places + 1};
        }
        if (separators.places > 0) sums.separator.add(separators.weight, static_cast<double>(separators.places) / visible);
        if (same.places > 0) sums.sameToken.add(same.weight, static_cast<double>(same.places) / visible);
    }
}

HeadSurvey HeadSurveyor::survey() const {
    HeadSurvey survey{m_inputs, m_tokens, {}};
    const std::vector<HeadPlace> places = headPlaces(m_model);
    for (std::size_t h = 0; h < m_sums.size(); ++h) {
        const Sums& sums = m_sums[h];
        SurveyedHead head{places[h], {}, sums.separator.mean(), sums.sameToken.mean()};
        for (std::size_t i = 0; i < headMetricCount; ++i) {
            const WeightShare mean = sums.metrics[i].mean();
            head.metrics.values[i] = mean.share;
            head.metrics.even[i] = mean.even;
            head.metrics.counted[i] = mean.queries;
        }
        head.metrics[HeadMetric::symmetry] = noShare;
        head.metrics.visibleKeys = sums.queries > 0 ? sums.visible.mean().share : 0.0;
        head.metrics.queries = sums.queries;
        survey.heads.push_back(head);
    }
    return survey;
}

HeadSurvey surveyHeads(const Model& model, const Weights& weights, const std::vector<Input>& inputs, const SurveyQuestion& question) {
    HeadSurveyor surveyor(model);
    for (const Input& input : inputs) {
        const auto trace = traceUnlessAbandoned(model, weights, input, [&] { return question.cancelled && question.cancelled(); });
        if (!trace) break;
        surveyor.add(*trace, question.special ? question.special(trace->tokens) : std::vector<bool>());
        if (question.told) question.told(surveyor);
    }
    return surveyor.survey();
}

}  // namespace lab
