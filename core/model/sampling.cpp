#include "core/model/sampling.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/base/random.h"
#include "core/ops/softmax_row.h"

namespace lab {
namespace {

SamplingDraft draftOf(std::span<const float> logits, std::span<const int> past, const Sampling& sampling) {
    SamplingDraft draft;
    draft.logits.assign(logits.begin(), logits.end());
    draft.cutBy.assign(logits.size(), nullptr);
    for (const SamplingRule* rule : SamplingRule::table()) {
        const bool heats = draft.weights.empty() && rule->cuts;  // the first of those that cut makes weights of logits
        if (!draft.settled && (heats || rule->works(sampling))) rule->apply(*rule, sampling, past, draft);
    }
    return draft;
}

/// The first whose running sum exceeds the uniform number's share of the whole.
int drawnFrom(const SamplingDraft& draft, double uniform) {
    std::vector<double> sums;
    sums.reserve(draft.left.size());
    double sum = 0;
    for (const int id : draft.left) sums.push_back(sum += draft.weights[static_cast<std::size_t>(id)]);
    const auto found = std::upper_bound(sums.begin(), sums.end(), uniform * sum);
    return draft.left[static_cast<std::size_t>(std::min(found - sums.begin(), std::ssize(sums) - 1))];
}

int chosenFrom(const SamplingDraft& draft, const Sampling& sampling, std::uint64_t position) {
    if (draft.settled) return draft.left.front();
    return drawnFrom(draft, RandomStream(sampling.seed, "generate").uniform(position));
}

std::vector<double> shares(std::vector<double> weights, double sum) {
    if (sum > 0)
        for (double& weight : weights) weight /= sum;
    return weights;
}

/// What is left, adding up to 1.
std::vector<double> sharesLeft(const SamplingDraft& draft) {
    double sum = 0;
    for (const int id : draft.left) sum += draft.weights[static_cast<std::size_t>(id)];
    std::vector<double> result(draft.weights.size(), 0.0);
    for (const int id : draft.left) result[static_cast<std::size_t>(id)] = draft.weights[static_cast<std::size_t>(id)] / sum;
    return result;
}

/// Bits of softmax(logits): log2 of the sum and the mean distance from the largest, which spares a logarithm for each.
double entropyOf(const SoftmaxRow& row, std::span<const float> logits) {
    double distance = 0;
    for (std::size_t i = 0; i < logits.size(); ++i)
        if (row.exponentials[i] > 0) distance += row.exponentials[i] * (row.largest - static_cast<double>(logits[i]));
    return std::log2(row.sum) + distance / row.sum * std::numbers::log2e;
}

}  // namespace

Sampling Sampling::ofText() {
    Sampling sampling;
    sampling.temperature = 0.8;
    sampling.topK = 40;
    sampling.topP = 0.95;
    sampling.minP = 0.05;
    return sampling;
}

const SamplingRule* SamplingRule::find(std::string_view name) {
    const auto found = std::ranges::find(table(), name, &SamplingRule::name);
    return found == table().end() ? nullptr : *found;
}

Message problemOf(const Sampling& sampling) {
    for (const SamplingRule* rule : SamplingRule::table()) {
        const double value = rule->value(sampling);
        if (!rule->limits.contains(value))
            return located(std::string(rule->name),
                           Message(LAB_TEXT("sampling", "%1 is not allowed; it must be %2")).arg(value).arg(rule->limits.text()));
    }
    return {};
}

NextToken nextToken(std::span<const float> logits, std::span<const int> past, const Sampling& sampling, std::uint64_t position) {
    assert(!logits.empty());
    SamplingDraft draft = draftOf(logits, past, sampling);
    SoftmaxRow row = softmaxRow(logits);
    NextToken next;
    next.token = chosenFrom(draft, sampling, position);
    next.entropyBefore = entropyOf(row, logits);
    next.before = shares(std::move(row.exponentials), row.sum);
    next.after = sharesLeft(draft);
    next.entropyAfter = entropyBits(next.after);
    next.heated = shares(std::move(draft.heated), std::accumulate(draft.heated.begin(), draft.heated.end(), 0.0));
    next.cutBy = std::move(draft.cutBy);
    return next;
}

int nextTokenOnly(std::span<const float> logits, std::span<const int> past, const Sampling& sampling, std::uint64_t position) {
    return chosenFrom(draftOf(logits, past, sampling), sampling, position);
}

double NextToken::surprise(int other) const {
    return -std::log2(before[static_cast<std::size_t>(other)]);
}

double entropyBits(std::span<const double> probabilities) {
    double bits = 0;
    for (const double p : probabilities)
        if (p > 0) bits -= p * std::log2(p);
    return bits;
}

std::vector<int> likeliestBefore(const NextToken& next, std::size_t most, std::optional<int> also) {
    std::vector<int> ids(next.before.size());
    std::iota(ids.begin(), ids.end(), 0);
    const auto likelier = [&](int a, int b) {
        const double x = next.before[static_cast<std::size_t>(a)], y = next.before[static_cast<std::size_t>(b)];
        return x > y || (x == y && a < b);
    };
    const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(most, ids.size()));
    std::partial_sort(ids.begin(), end, ids.end(), likelier);
    if (also && std::find(ids.begin(), end, *also) == end && end != ids.begin()) *(end - 1) = *also;
    ids.erase(end, ids.end());
    return ids;
}

}  // namespace lab
