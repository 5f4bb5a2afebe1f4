#include "core/analysis/softmax_steps.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/layers/attention/linear_kernel.h"
#include "core/ops/softmax_row.h"

namespace lab {
namespace {

/// Row `row` of head `head` of a [H, rows, width] tensor.
const float* rowOfHead(const Tensor& tensor, int head, int row) {
    assert(tensor.shape.size() == 3 && head < tensor.extent(0) && row < tensor.extent(1));
    return tensor.values.data() + (head * tensor.extent(1) + row) * tensor.extent(2);
}

void fillProducts(SoftmaxSteps& steps, const Trace& trace, const AttentionBlock& block, KernelKind kernel, int head, int query, int key) {
    if (specOf(kernel).drawn) {
        steps.dot = steps.scaled = steps.score;
        return;
    }
    const Tensor* first = trace.find(block.name + ".global_query");
    const bool apart = first && query < first->extent(1);  // Longformer's first queries have projections of their own
    const Tensor& queries = apart ? *first : trace.at(block.name + ".query");
    const Tensor& keys = trace.at(block.name + (apart ? ".global_key" : ".key"));
    const float* q = rowOfHead(queries, head, query);
    const float* k = rowOfHead(keys, head / (block.heads / block.kvHeads), key);
    const bool linear = specOf(kernel).features;
    for (std::int64_t p = 0; p < queries.extent(2); ++p) {
        steps.query.push_back(linear ? linearFeature(q[p]) : static_cast<double>(q[p]));
        steps.key.push_back(linear ? linearFeature(k[p]) : static_cast<double>(k[p]));
        steps.products.push_back(steps.query.back() * steps.key.back());
        steps.dot += steps.products.back();
    }
    steps.scale = !specOf(kernel).scaled ? 1.0 : 1.0 / std::sqrt(static_cast<double>(queries.extent(2)));
    steps.scaled = steps.scale * steps.dot;
}

/// Of the row, [H, rows].
float sunkShare(const Trace& trace, const AttentionBlock& block, int head, int row) {
    const Tensor& sunk = trace.at(block.name + ".sunk");
    return sunk.values[static_cast<std::size_t>(head * sunk.extent(1) + row)];
}

void fillPosition(SoftmaxSteps& steps, const SoftmaxQuestion& question) {
    if (steps.products.empty()) return;
    if (question.positionMap) steps.positionFactor = question.positionFactor.value_or(std::numeric_limits<double>::quiet_NaN());
    steps.positionTerm = steps.uncapped - steps.positionFactor * steps.scaled;
}

}  // namespace

SoftmaxSteps softmaxSteps(const Trace& trace, const AttentionBlock& block, const SoftmaxQuestion& question, int head, int query, int key) {
    const Tensor& maskedScores = trace.at(block.name + ".masked_scores");
    const float* row = rowOfHead(maskedScores, head, query);
    assert(key < maskedScores.extent(2));

    SoftmaxSteps steps;
    steps.score = rowOfHead(trace.at(block.name + ".scores"), head, query)[key];
    steps.weightInTrace = rowOfHead(trace.at(block.name + ".weights"), head, query)[key];
    steps.masked = std::isinf(row[key]);
    const Tensor* uncapped = trace.find(block.name + ".before_soft_cap");
    steps.uncapped = uncapped ? static_cast<double>(rowOfHead(*uncapped, head, query)[key]) : steps.score;
    fillProducts(steps, trace, block, question.kernel, head, query, key);
    fillPosition(steps, question);

    const std::span<const float> scores(row, static_cast<std::size_t>(maskedScores.extent(2)));
    const SoftmaxRow softmax = softmaxRow(scores);
    steps.rowMax = std::isinf(softmax.largest) ? 0.0 : softmax.largest;
    if (specOf(question.kernel).scores) {
        // Of the trace's share of the sink, which says what stands beside the keys in the sum.
        const double sunk = block.sink ? static_cast<double>(sunkShare(trace, block, head, query)) : 0.0;
        steps.sinkPart = sunk < 1.0 ? softmax.sum * sunk / (1.0 - sunk) : 0.0;
        steps.rowSum = softmax.sum + steps.sinkPart;
        steps.exponential = softmax.exponentials[static_cast<std::size_t>(key)];
        steps.weight = sunk < 1.0 ? softmax.probability(static_cast<std::size_t>(key)) * (1.0 - sunk) : 0.0;
    } else {
        for (const float score : scores) steps.rowSum += std::isinf(score) ? 0.0 : static_cast<double>(score);
        steps.exponential = steps.masked ? 0.0 : static_cast<double>(row[key]);
        if (const Tensor* decay = specOf(question.kernel).decays() ? trace.find(block.name + ".decay") : nullptr)
            steps.decay = static_cast<double>(rowOfHead(*decay, head, query)[key]);
        steps.weight = steps.exponential * steps.decay;
        if (specOf(question.kernel).rowsSumToOne)
            steps.weight = steps.rowSum > 0.0 ? steps.exponential / (steps.rowSum + epsilonOf(question.kernel)) : 0.0;
    }
    if (const Tensor* shares = trace.find(block.name + ".softmax_weights")) {
        const bool first = head % 2 == 0;
        const double other = static_cast<double>(rowOfHead(*shares, head ^ 1, query)[key]);
        const auto lambda = static_cast<double>(trace.at(block.name + ".lambda").values.front());
        steps.difference = {steps.weight, other, lambda, first};
        steps.weight = first ? steps.weight - lambda * other : other - lambda * steps.weight;
    }
    return steps;
}

namespace {

void sortByWeight(std::vector<RowWeight>& entries) {
    std::stable_sort(entries.begin(), entries.end(), [](const RowWeight& a, const RowWeight& b) { return a.weight > b.weight; });
    double sum = 0.0;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) entry->fromHere = sum += entry->weight;
}

}  // namespace

std::vector<RowWeight> rowByWeight(const Trace& trace, const AttentionBlock& block, int head, int query) {
    const Tensor& weights = trace.at(block.name + ".weights");
    const float* weight = rowOfHead(weights, head, query);
    const float* score = rowOfHead(trace.at(block.name + ".scores"), head, query);
    const float* allowed = rowOfHead(trace.at(block.name + ".masked_scores"), head, query);
    std::vector<RowWeight> row;
    for (int j = 0; j < weights.extent(2); ++j) row.push_back({j, score[j], weight[j], std::isinf(allowed[j]), 0.0});
    sortByWeight(row);
    return row;
}

std::vector<RowWeight> columnByWeight(const Trace& trace, const AttentionBlock& block, int head, int key) {
    const Tensor& weights = trace.at(block.name + ".weights");
    const Tensor& scores = trace.at(block.name + ".scores");
    const Tensor& allowed = trace.at(block.name + ".masked_scores");
    std::vector<RowWeight> column;
    for (int i = 0; i < weights.extent(1); ++i)
        column.push_back(
            {i, rowOfHead(scores, head, i)[key], rowOfHead(weights, head, i)[key], std::isinf(rowOfHead(allowed, head, i)[key]), 0.0});
    sortByWeight(column);
    return column;
}

std::optional<double> positionFactor(const ParameterLayout& layout, const Weights& weights, const AttentionBlock& block) {
    const Parameter* map = layout.find(block.name + ".position_map.weight");
    if (!map) return std::nullopt;
    const float* values = at(weights, *map);
    double sum = 0.0;
    for (std::size_t c = 0; c < map->size; ++c) sum += values[c];
    return sum;
}

}  // namespace lab
