#include "core/model/sampling.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/random.h"
#include "core/ops/softmax_row.h"

namespace lab {
namespace {

SamplingDraft draftOf(std::span<const float> logits, std::span<const int> past, const Sampling& sampling) {
    SamplingDraft draft{{logits.begin(), logits.end()}, {}, std::vector<const SamplingRule*>(logits.size(), nullptr)};
    for (const SamplingRule* rule : SamplingRule::table()) {
        const bool heats = draft.weights.empty() && rule->cuts;  // the first of those that cut makes weights of logits
        if (!draft.settled && (heats || rule->works(sampling))) rule->apply(*rule, sampling, past, draft);
    }
    return draft;
}

int drawnFrom(std::vector<double> weights, std::uint64_t seed, std::uint64_t position) {
    std::partial_sum(weights.begin(), weights.end(), weights.begin());
    const double uniform = RandomStream(seed, "generate").uniform(position);
    const auto found = std::upper_bound(weights.begin(), weights.end(), uniform * weights.back());
    return static_cast<int>(std::min<std::ptrdiff_t>(found - weights.begin(), std::ssize(weights) - 1));
}

int chosenFrom(const SamplingDraft& draft, const Sampling& sampling, std::uint64_t position) {
    if (draft.settled) return static_cast<int>(std::ranges::max_element(draft.weights) - draft.weights.begin());
    return drawnFrom(draft.weights, sampling.seed, position);
}

std::vector<double> shares(std::vector<double> weights) {
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    if (sum > 0)
        for (double& weight : weights) weight /= sum;
    return weights;
}

template <class T>
std::vector<double> softmaxOf(std::span<const T> logits, double temperature = 1) {
    return shares(softmaxRow(logits, temperature).exponentials);
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
    const SamplingDraft draft = draftOf(logits, past, sampling);
    NextToken next;
    next.token = chosenFrom(draft, sampling, position);
    next.before = softmaxOf(logits);
    next.after = shares(draft.weights);
    next.heated = draft.settled ? next.after : softmaxOf(std::span<const double>(draft.logits), sampling.temperature);
    next.cutBy = draft.cutBy;
    return next;
}

int nextTokenOnly(std::span<const float> logits, std::span<const int> past, const Sampling& sampling, std::uint64_t position) {
    return chosenFrom(draftOf(logits, past, sampling), sampling, position);
}

double NextToken::surprise(int other) const {
    return -std::log2(before[static_cast<std::size_t>(other)]);
}

double NextToken::entropyBefore() const {
    return entropyBits(before);
}

double NextToken::entropyAfter() const {
    return entropyBits(after);
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
