#include "core/analysis/induction.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis/head_metrics.h"
#include "core/config/experiment.h"
#include "core/model/sample_input.h"

namespace lab {
namespace {

constexpr double inductionNone = std::numeric_limits<double>::quiet_NaN();

/// A mean that grows; of nothing it is no number.
class InductionMean {
public:
    void add(double value) {
        if (!std::isfinite(value)) return;
        m_sum += value;
        ++m_count;
    }
    double value() const { return m_count > 0 ? m_sum / m_count : inductionNone; }

private:
    double m_sum = 0;
    int m_count = 0;
};

struct InductionHeadMeans {
    InductionMean previousToken, induction;
};

/// -ln of the softmax at one position's target, in double precision.
double inductionLossAt(const Tensor& logits, std::size_t position, int target) {
    const auto classes = static_cast<std::size_t>(logits.extent(1));
    const float* row = logits.values.data() + position * classes;
    const double largest = static_cast<double>(*std::max_element(row, row + classes));
    double sum = 0;
    for (std::size_t c = 0; c < classes; ++c) sum += std::exp(static_cast<double>(row[c]) - largest);
    return largest + std::log(sum) - static_cast<double>(row[target]);
}

/// The loss of position i is that of token i + 1.
void addInductionLosses(std::vector<InductionMean>& means, const Trace& trace, const std::vector<int>& targets) {
    means.resize(std::max(means.size(), targets.size()));
    for (std::size_t i = 0; i + 1 < targets.size(); ++i)
        if (targets[i] >= 0) means[i + 1].add(inductionLossAt(trace.at("logits"), i, targets[i]));
}

void addInductionHeads(std::vector<InductionHeadMeans>& means, const std::vector<HeadMetrics>& metrics) {
    means.resize(metrics.size());
    for (std::size_t h = 0; h < metrics.size(); ++h) {
        means[h].previousToken.add(metrics[h][HeadMetric::previousToken]);
        means[h].induction.add(metrics[h][HeadMetric::induction]);
    }
}

std::vector<InductionHead> inductionHeadsOf(const Model& model, const std::vector<InductionHeadMeans>& means) {
    std::vector<InductionHead> heads;
    const auto& blocks = model.attentionBlocks();
    for (std::size_t b = 0; b < blocks.size(); ++b)
        for (int h = 0; h < blocks[b].heads && heads.size() < means.size(); ++h) {
            const InductionHeadMeans& mean = means[heads.size()];
            heads.push_back({static_cast<int>(b), h, mean.previousToken.value(), mean.induction.value()});
        }
    return heads;
}

double inductionMeanOver(std::span<const double> losses, const TokenRange& range) {
    InductionMean mean;
    for (int t = range.first; t <= range.last; ++t) mean.add(losses[static_cast<std::size_t>(t)]);
    return mean.value();
}

}  // namespace

bool predictsEveryToken(const Experiment& experiment) {
    return experiment.task.kind->framing == Framing::nextToken && experiment.model.architecture == Architecture::decoder;
}

const InductionHead* InductionMeasures::strongest(double InductionHead::*share) const {
    const InductionHead* found = nullptr;
    for (const InductionHead& head : heads)
        if (std::isfinite(head.*share) && (!found || head.*share > found->*share)) found = &head;
    return found;
}

std::optional<InductionMeasures> inductionMeasures(const Model& model, const Weights& weights, const TaskConfig& task,
                                                   std::span<const Sample> samples, const std::function<bool()>& cancelled) {
    std::vector<InductionMean> losses;
    std::vector<InductionHeadMeans> heads;
    TraceMemory memory;
    for (const Sample& sample : samples) {
        if (cancelled && cancelled()) return std::nullopt;
        const Trace trace = model.trace(weights, inputOf(sample), {}, memory);
        addInductionLosses(losses, trace, sample.targets);
        addInductionHeads(heads, allHeadMetrics(model, task, trace));
    }
    InductionMeasures measures;
    for (const InductionMean& loss : losses) measures.lossOfToken.push_back(loss.value());
    measures.score = inContextScore(measures.lossOfToken);
    measures.heads = inductionHeadsOf(model, heads);
    return measures;
}

TokenRange earlyTokens(int n) {
    return {1, n / 4 - 1};
}

TokenRange lateTokens(int n) {
    return {n - n / 4 + 1, n - 1};
}

std::optional<double> inContextScore(std::span<const double> lossOfToken) {
    const auto n = static_cast<int>(lossOfToken.size());
    const double score = inductionMeanOver(lossOfToken, lateTokens(n)) - inductionMeanOver(lossOfToken, earlyTokens(n));
    return std::isfinite(score) ? std::optional(score) : std::nullopt;
}

}  // namespace lab
