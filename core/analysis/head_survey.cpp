#include "core/analysis/head_survey.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/head_switches.h"
#include "core/analysis/sentence_similarity.h"
#include "core/base/random.h"
#include "core/config/model_config.h"
#include "core/model/sample_input.h"

namespace lab {
namespace {

/// A mean that grows; of nothing it is no number.
struct SurveyMean {
    double sum = 0, weight = 0;
    void add(double value, double times = 1) {
        if (!std::isfinite(value) || times <= 0) return;
        sum += value * times;
        weight += times;
    }
    double value() const { return weight > 0 ? sum / weight : std::numeric_limits<double>::quiet_NaN(); }
};

/// All that is told of one head, input by input.
class HeadSums {
public:
    void add(const HeadMetrics& metrics) {
        for (const HeadMetric metric : headMetricList) {
            const auto i = static_cast<std::size_t>(metric);
            const double times = isMass(metric) ? metrics.counted[i] : 1;
            m_values[i].add(metrics.values[i], times);
            m_even[i].add(metrics.even[i], times);
            m_result.counted[i] += metrics.counted[i];
        }
        m_result.queries += metrics.queries;
        m_visible.add(metrics.visibleKeys, metrics.queries);
    }

    HeadMetrics metrics() const {
        HeadMetrics result = m_result;
        for (std::size_t i = 0; i < headMetricCount; ++i) {
            result.values[i] = m_values[i].value();
            result.even[i] = m_even[i].value();
        }
        result.visibleKeys = m_visible.value();
        return result;
    }

    SurveyMean frame, sameToken;

private:
    std::array<SurveyMean, headMetricCount> m_values, m_even;
    SurveyMean m_visible;
    HeadMetrics m_result;
};

bool isFrame(const SurveyQuestion& question, int token) {
    return std::ranges::find(question.frameTokens, token) != question.frameTokens.end();
}

/// Of a block that looks at its own tokens.
void addPlaces(const Trace& trace, const AttentionBlock& block, int head, const SurveyQuestion& question, HeadSums& sums) {
    const std::vector<int>& tokens = trace.tokens;
    const Tensor& weights = trace.at(block.name + ".weights");
    const std::size_t n = tokens.size();
    if (block.cross || block.slotCount > 0 || weights.extent(1) != weights.extent(2)) return;
    const float* first = weights.values.data() + static_cast<std::size_t>(head) * n * n;
    const bool framed = std::any_of(tokens.begin() + 1, tokens.end(), [&](int token) { return isFrame(question, token); });
    for (std::size_t i = 0; i < n; ++i) {
        double frame = 0, same = 0;
        bool twice = false;
        for (std::size_t j = 0; j < n; ++j) {
            const double weight = static_cast<double>(first[i * n + j]);
            if (j > 0 && isFrame(question, tokens[j])) frame += weight;
            if (j == i || tokens[j] != tokens[i] || isFrame(question, tokens[i])) continue;
            if (j > i && block.visibility.causal()) continue;
            twice = true;
            same += weight;
        }
        if (framed) sums.frame.add(frame);
        if (twice) sums.sameToken.add(same);
    }
}

bool answersHiddenStates(const Model& model) {
    return !specOf(model.config().output.kind).projects;
}

/// The mean-pooled vectors of all samples, in order.
class PooledTap final : public HeadSwitches {
public:
    using HeadSwitches::HeadSwitches;
    void tensor(const std::string& name, const std::vector<int>& shape, float* values) override {
        if (name != "logits") return;
        const std::size_t size = static_cast<std::size_t>(shape[0]) * static_cast<std::size_t>(shape[1]);
        pooled.push_back(meanRow(Tensor{{shape[0], shape[1]}, std::vector<float>(values, values + size)}));
    }
    std::vector<std::vector<double>> pooled;
};

/// What the model answers while some heads are off: its loss, or its vectors.
struct Answered {
    double loss = 0;
    std::vector<std::vector<double>> pooled;
};

std::optional<Answered> answered(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                 const std::vector<Intervention>& off, const std::function<bool()>& cancelled) {
    if (!answersHiddenStates(model)) {
        const auto score = evaluateWith(model, weights, samples, off, cancelled);
        return score ? std::optional(Answered{score->loss, {}}) : std::nullopt;
    }
    PooledTap tap(off);
    if (!evaluateTapped(model, weights, samples, tap, cancelled)) return std::nullopt;
    return Answered{0, std::move(tap.pooled)};
}

double costOf(const Answered& whole, const Answered& without) {
    if (whole.pooled.empty()) return without.loss - whole.loss;
    SurveyMean lost;
    for (std::size_t i = 0; i < whole.pooled.size(); ++i) lost.add(1 - cosineOf(whole.pooled[i], without.pooled[i]));
    return lost.value();
}

/// False when cancelled.
bool addCosts(const Model& model, const Weights& weights, const std::vector<Sample>& samples, const SurveyQuestion& question,
              HeadSurvey& survey) {
    const auto whole = answered(model, weights, samples, {}, question.cancelled);
    if (!whole) return false;
    if (!answersHiddenStates(model)) survey.loss = whole->loss;
    int done = 0;
    for (SurveyedHead& head : survey.heads) {
        const auto off = ablationOf(model, {head.place.block, head.place.head}, Intervention::Kind::headOff);
        const auto without = answered(model, weights, samples, off, question.cancelled);
        if (!without) return false;
        head.cost = costOf(*whole, *without);
        if (question.told) question.told(++done, static_cast<int>(survey.heads.size()));
    }
    return true;
}

}  // namespace

std::optional<HeadSurvey> surveyHeads(const Model& model, const Weights& weights, const TaskConfig& task,
                                      const std::vector<Sample>& samples, const SurveyQuestion& question) {
    HeadSurvey survey;
    for (const HeadPlace& place : headPlaces(model)) survey.heads.emplace_back().place = place;
    std::vector<HeadSums> sums(survey.heads.size());
    TraceMemory memory;
    for (const Sample& sample : samples) {
        if (question.cancelled && question.cancelled()) return std::nullopt;
        const Trace trace = model.trace(weights, inputOf(sample), {}, memory);
        const std::vector<HeadMetrics> metrics = allHeadMetrics(model, task, trace);
        for (std::size_t h = 0; h < sums.size(); ++h) {
            sums[h].add(metrics[h]);
            const HeadPlace& place = survey.heads[h].place;
            addPlaces(trace, model.attentionBlocks()[static_cast<std::size_t>(place.block)], place.head, question, sums[h]);
        }
        ++survey.inputs;
        survey.tokens += static_cast<int>(sample.tokens.size());
        if (question.told) question.told(survey.inputs, static_cast<int>(samples.size()));
    }
    for (std::size_t h = 0; h < sums.size(); ++h) {
        survey.heads[h].metrics = sums[h].metrics();
        survey.heads[h].frame = sums[h].frame.value();
        survey.heads[h].sameToken = sums[h].sameToken.value();
    }
    if (question.costs && !addCosts(model, weights, samples, question, survey)) return std::nullopt;
    return survey;
}

std::vector<Sample> repeatedTokens(const std::vector<int>& alphabet, std::optional<int> first, int length, int count, std::uint64_t seed) {
    const RandomStream random(seed, "repeated tokens");
    std::vector<Sample> samples;
    std::uint64_t drawn = 0;
    for (int s = 0; s < count; ++s) {
        std::vector<int> half;
        for (int i = 0; i < length; ++i) half.push_back(alphabet[random.below(drawn++, static_cast<std::uint32_t>(alphabet.size()))]);
        Sample sample;
        if (first) sample.tokens.push_back(*first);
        for (int twice = 0; twice < 2; ++twice) sample.tokens.insert(sample.tokens.end(), half.begin(), half.end());
        sample.targets.assign(sample.tokens.begin() + 1, sample.tokens.end());
        sample.targets.push_back(-1);
        samples.push_back(std::move(sample));
    }
    return samples;
}

}  // namespace lab
