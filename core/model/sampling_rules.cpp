// The rules of sampling, one row each, in the order in which they work.

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "core/model/sampling.h"
#include "core/ops/softmax_row.h"

namespace lab {
namespace {

/// How often each token stands among the last ones that penalties look at.
std::map<int, int> countsOf(std::span<const int> past, const Sampling& sampling, std::size_t classes) {
    std::map<int, int> counts;
    for (const int token : past.last(std::min(past.size(), static_cast<std::size_t>(sampling.penaltyWindow))))
        if (token >= 0 && static_cast<std::size_t>(token) < classes) ++counts[token];
    return counts;
}

void penaliseRepetition(const SamplingRule&, const Sampling& sampling, std::span<const int> past, SamplingDraft& draft) {
    for (const auto& [token, count] : countsOf(past, sampling, draft.logits.size())) {
        double& logit = draft.logits[static_cast<std::size_t>(token)];
        logit = logit > 0 ? logit / sampling.repetition : logit * sampling.repetition;
    }
}

void penaliseFrequency(const SamplingRule&, const Sampling& sampling, std::span<const int> past, SamplingDraft& draft) {
    for (const auto& [token, count] : countsOf(past, sampling, draft.logits.size()))
        draft.logits[static_cast<std::size_t>(token)] -= sampling.frequency * count;
}

void penalisePresence(const SamplingRule&, const Sampling& sampling, std::span<const int> past, SamplingDraft& draft) {
    for (const auto& [token, count] : countsOf(past, sampling, draft.logits.size()))
        draft.logits[static_cast<std::size_t>(token)] -= sampling.presence;
}

/// Takes away what is still there and does not stay.
template <class Stays>
void cutUnless(const SamplingRule& rule, SamplingDraft& draft, Stays stays) {
    for (std::size_t i = 0; i < draft.weights.size(); ++i) {
        if (draft.cutBy[i] || stays(i)) continue;
        draft.cutBy[i] = &rule;
        draft.weights[i] = 0;
    }
}

void heat(const SamplingRule& self, const Sampling& sampling, std::span<const int>, SamplingDraft& draft) {
    if (sampling.temperature > 0) {
        draft.weights = softmaxRow(std::span<const double>(draft.logits), sampling.temperature).exponentials;
        return;
    }
    const auto best = static_cast<std::size_t>(std::ranges::max_element(draft.logits) - draft.logits.begin());
    draft.weights.assign(draft.logits.size(), 0.0);
    draft.weights[best] = 1;
    cutUnless(self, draft, [best](std::size_t i) { return i == best; });
    draft.settled = true;
}

/// Larger logits first, lower ids first among equals.
struct Likelier {
    const SamplingDraft& draft;
    bool operator()(int a, int b) const {
        const double x = draft.logits[static_cast<std::size_t>(a)], y = draft.logits[static_cast<std::size_t>(b)];
        return x > y || (x == y && a < b);
    }
};

std::vector<int> leftOf(const SamplingDraft& draft) {
    std::vector<int> ids;
    ids.reserve(draft.cutBy.size());
    for (std::size_t i = 0; i < draft.cutBy.size(); ++i)
        if (!draft.cutBy[i]) ids.push_back(static_cast<int>(i));
    return ids;
}

/// Cuts ids[first ..].
void cutFrom(const SamplingRule& rule, SamplingDraft& draft, const std::vector<int>& ids, std::size_t first) {
    for (std::size_t i = first; i < ids.size(); ++i) {
        const auto id = static_cast<std::size_t>(ids[i]);
        draft.cutBy[id] = &rule;
        draft.weights[id] = 0;
    }
}

void keepTopK(const SamplingRule& self, const Sampling& sampling, std::span<const int>, SamplingDraft& draft) {
    std::vector<int> ids = leftOf(draft);
    const auto k = static_cast<std::size_t>(sampling.topK);
    if (k >= ids.size()) return;
    std::nth_element(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(k), ids.end(), Likelier{draft});
    cutFrom(self, draft, ids, k);
}

/// Sorts only as far as the sum needs: the likeliest 64, then the next 128, ...
void keepTopP(const SamplingRule& self, const Sampling& sampling, std::span<const int>, SamplingDraft& draft) {
    std::vector<int> ids = leftOf(draft);
    const double enough = sampling.topP * std::accumulate(draft.weights.begin(), draft.weights.end(), 0.0);
    double sum = 0;
    std::size_t portion = 64;
    for (std::size_t sorted = 0, kept = 0; sorted < ids.size(); portion *= 2) {
        const auto from = ids.begin() + static_cast<std::ptrdiff_t>(sorted);
        sorted = std::min(ids.size(), sorted + portion);
        std::partial_sort(from, ids.begin() + static_cast<std::ptrdiff_t>(sorted), ids.end(), Likelier{draft});
        while (kept < sorted) {
            sum += draft.weights[static_cast<std::size_t>(ids[kept++])];
            if (sum >= enough) return cutFrom(self, draft, ids, kept);
        }
    }
}

void keepMinP(const SamplingRule& self, const Sampling& sampling, std::span<const int>, SamplingDraft& draft) {
    const double least = sampling.minP * *std::ranges::max_element(draft.weights);
    cutUnless(self, draft, [&](std::size_t i) { return draft.weights[i] >= least; });
}

/// Reads and writes the rule's number.
template <auto member>
double valueOf(const Sampling& sampling) {
    return static_cast<double>(sampling.*member);
}
template <auto member>
void setTo(Sampling& sampling, double value) {
    sampling.*member = static_cast<std::remove_reference_t<decltype(sampling.*member)>>(value);
}

constexpr SamplingRule repetition{
    .name = "repetition_penalty",
    .label = LAB_TEXT("sampling", "repetition"),
    .help = LAB_TEXT("sampling", "a positive logit of one of the last 64 tokens is divided by it, a negative one multiplied; 1: none"),
    .limits = {.min = 0, .max = 100, .minOpen = true},
    .off = 1,
    .value = valueOf<&Sampling::repetition>,
    .set = setTo<&Sampling::repetition>,
    .apply = penaliseRepetition};

constexpr SamplingRule frequency{
    .name = "frequency_penalty",
    .label = LAB_TEXT("sampling", "frequency"),
    .help = LAB_TEXT("sampling", "taken off a token's logit for each time it stands among the last 64; 0: none"),
    .limits = {.min = -100, .max = 100},
    .value = valueOf<&Sampling::frequency>,
    .set = setTo<&Sampling::frequency>,
    .apply = penaliseFrequency};

constexpr SamplingRule presence{.name = "presence_penalty",
                                .label = LAB_TEXT("sampling", "presence"),
                                .help = LAB_TEXT("sampling", "taken once off the logit of each of the last 64 tokens; 0: none"),
                                .limits = {.min = -100, .max = 100},
                                .value = valueOf<&Sampling::presence>,
                                .set = setTo<&Sampling::presence>,
                                .apply = penalisePresence};

constexpr SamplingRule temperature{
    .name = "temperature",
    .label = LAB_TEXT("sampling", "temperature"),
    .help = LAB_TEXT("sampling", "logits are divided by it: below 1 sharper, above 1 flatter; 0: always the most probable token"),
    .limits = {.min = 0, .max = 100},
    .off = 1,
    .cuts = true,
    .value = valueOf<&Sampling::temperature>,
    .set = setTo<&Sampling::temperature>,
    .apply = heat};

constexpr SamplingRule topK{.name = "top_k",
                            .label = LAB_TEXT("sampling", "top-k"),
                            .help = LAB_TEXT("sampling", "only the k most probable tokens are drawn from; 0: all"),
                            .limits = {.min = 0, .max = mostRows},
                            .integer = true,
                            .cuts = true,
                            .value = valueOf<&Sampling::topK>,
                            .set = setTo<&Sampling::topK>,
                            .apply = keepTopK};

constexpr SamplingRule topP{
    .name = "top_p",
    .label = LAB_TEXT("sampling", "top-p"),
    .help = LAB_TEXT("sampling", "only the fewest most probable tokens whose probabilities add up to p or more are drawn from; 1: all"),
    .limits = {.min = 0, .max = 1, .minOpen = true},
    .off = 1,
    .cuts = true,
    .value = valueOf<&Sampling::topP>,
    .set = setTo<&Sampling::topP>,
    .apply = keepTopP};

constexpr SamplingRule minP{
    .name = "min_p",
    .label = LAB_TEXT("sampling", "min-p"),
    .help = LAB_TEXT("sampling", "only tokens with at least so large a share of the largest probability are drawn from; 0: all"),
    .limits = {.min = 0, .max = 1},
    .cuts = true,
    .value = valueOf<&Sampling::minP>,
    .set = setTo<&Sampling::minP>,
    .apply = keepMinP};

constexpr std::array<const SamplingRule*, 7> rules{&repetition, &frequency, &presence, &temperature, &topK, &topP, &minP};

}  // namespace

std::span<const SamplingRule* const> SamplingRule::table() {
    return rules;
}

}  // namespace lab
