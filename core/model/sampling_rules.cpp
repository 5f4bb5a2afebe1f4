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

/// Cuts ids[first ..]; those before it are what is left.
void keepFirst(const SamplingRule& rule, SamplingDraft& draft, std::vector<int> ids, std::size_t first) {
    for (std::size_t i = first; i < ids.size(); ++i) {
        const auto id = static_cast<std::size_t>(ids[i]);
        draft.cutBy[id] = &rule;
        draft.weights[id] = 0;
    }
    ids.resize(first);
    std::ranges::sort(ids);
    draft.left = std::move(ids);
}

/// Larger logits first, lower ids first among equals.
struct Likelier {
    const SamplingDraft& draft;
    bool operator()(int a, int b) const {
        const double x = draft.logits[static_cast<std::size_t>(a)], y = draft.logits[static_cast<std::size_t>(b)];
        return x > y || (x == y && a < b);
    }
};

/// `ids` so that the likeliest `count` stand in front, in any order. A few of many are found by asking each whether it beats the last of
/// those found so far.
void likeliestInFront(std::vector<int>& ids, std::size_t count, const SamplingDraft& draft) {
    constexpr std::size_t few = 8;
    const auto middle = ids.begin() + static_cast<std::ptrdiff_t>(count);
    if (count * few < ids.size())
        std::partial_sort(ids.begin(), middle, ids.end(), Likelier{draft});
    else
        std::nth_element(ids.begin(), middle, ids.end(), Likelier{draft});
}

void heat(const SamplingRule& self, const Sampling& sampling, std::span<const int>, SamplingDraft& draft) {
    draft.left.resize(draft.logits.size());
    std::iota(draft.left.begin(), draft.left.end(), 0);
    if (sampling.temperature > 0) {
        draft.weights = draft.heated = softmaxRow(std::span<const double>(draft.logits), sampling.temperature).exponentials;
        return;
    }
    draft.weights.assign(draft.logits.size(), 1.0);
    std::vector<int> ids = draft.left;
    std::iter_swap(ids.begin(), std::ranges::min_element(ids, Likelier{draft}));
    keepFirst(self, draft, std::move(ids), 1);
    draft.heated = draft.weights;
    draft.settled = true;
}

void keepTopK(const SamplingRule& self, const Sampling& sampling, std::span<const int>, SamplingDraft& draft) {
    const auto k = static_cast<std::size_t>(sampling.topK);
    if (k >= draft.left.size()) return;
    std::vector<int> ids = draft.left;
    likeliestInFront(ids, k, draft);
    keepFirst(self, draft, std::move(ids), k);
}

/// Sorts only as far as the sum needs: the likeliest 64, then the next 128, ...
void keepTopP(const SamplingRule& self, const Sampling& sampling, std::span<const int>, SamplingDraft& draft) {
    std::vector<int> ids = draft.left;
    double all = 0;
    for (const int id : ids) all += draft.weights[static_cast<std::size_t>(id)];
    const double enough = sampling.topP * all;
    double sum = 0;
    std::size_t portion = 64;
    for (std::size_t sorted = 0, kept = 0; sorted < ids.size(); portion *= 2) {
        const auto from = ids.begin() + static_cast<std::ptrdiff_t>(sorted);
        sorted = std::min(ids.size(), sorted + portion);
        std::partial_sort(from, ids.begin() + static_cast<std::ptrdiff_t>(sorted), ids.end(), Likelier{draft});
        while (kept < sorted) {
            sum += draft.weights[static_cast<std::size_t>(ids[kept++])];
            if (sum >= enough) return keepFirst(self, draft, std::move(ids), kept);
        }
    }
}

void keepMinP(const SamplingRule& self, const Sampling& sampling, std::span<const int>, SamplingDraft& draft) {
    const auto weight = [&draft](int id) { return draft.weights[static_cast<std::size_t>(id)]; };
    const double least = sampling.minP * weight(*std::ranges::max_element(draft.left, {}, weight));
    std::vector<int> ids = draft.left;
    const auto gone = std::stable_partition(ids.begin(), ids.end(), [&](int id) { return weight(id) >= least; });
    const auto kept = static_cast<std::size_t>(gone - ids.begin());
    keepFirst(self, draft, std::move(ids), kept);
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
    .hint = LAB_TEXT("sampling", "1: none"),
    .limits = {.min = 0, .max = 100, .minOpen = true},
    .usual = {.min = 0.5, .max = 2},
    .off = 1,
    .value = valueOf<&Sampling::repetition>,
    .set = setTo<&Sampling::repetition>,
    .apply = penaliseRepetition};

constexpr SamplingRule frequency{
    .name = "frequency_penalty",
    .label = LAB_TEXT("sampling", "frequency"),
    .help = LAB_TEXT("sampling", "taken off a token's logit for each time it stands among the last 64; 0: none"),
    .hint = LAB_TEXT("sampling", "0: none"),
    .limits = {.min = -100, .max = 100},
    .usual = {.min = -2, .max = 2},
    .value = valueOf<&Sampling::frequency>,
    .set = setTo<&Sampling::frequency>,
    .apply = penaliseFrequency};

constexpr SamplingRule presence{.name = "presence_penalty",
                                .label = LAB_TEXT("sampling", "presence"),
                                .help = LAB_TEXT("sampling", "taken once off the logit of each of the last 64 tokens; 0: none"),
                                .hint = LAB_TEXT("sampling", "0: none"),
                                .limits = {.min = -100, .max = 100},
                                .usual = {.min = -2, .max = 2},
                                .value = valueOf<&Sampling::presence>,
                                .set = setTo<&Sampling::presence>,
                                .apply = penalisePresence};

constexpr SamplingRule temperature{
    .name = "temperature",
    .label = LAB_TEXT("sampling", "temperature"),
    .help = LAB_TEXT("sampling", "logits are divided by it: below 1 sharper, above 1 flatter; 0: always the most probable token"),
    .hint = LAB_TEXT("sampling", "below 1: sharper"),
    .limits = {.min = 0, .max = 100},
    .usual = {.min = 0.05, .max = 2},
    .off = 1,
    .cuts = true,
    .value = valueOf<&Sampling::temperature>,
    .set = setTo<&Sampling::temperature>,
    .apply = heat};

constexpr SamplingRule topK{.name = "top_k",
                            .label = LAB_TEXT("sampling", "top-k"),
                            .help = LAB_TEXT("sampling", "only the k most probable tokens are drawn from; 0: all"),
                            .hint = LAB_TEXT("sampling", "0: all"),
                            .limits = {.min = 0, .max = mostRows},
                            .usual = {.min = 1, .max = 1000},
                            .integer = true,
                            .cuts = true,
                            .value = valueOf<&Sampling::topK>,
                            .set = setTo<&Sampling::topK>,
                            .apply = keepTopK};

constexpr SamplingRule topP{
    .name = "top_p",
    .label = LAB_TEXT("sampling", "top-p"),
    .help = LAB_TEXT("sampling", "only the fewest most probable tokens whose probabilities add up to p or more are drawn from; 1: all"),
    .hint = LAB_TEXT("sampling", "1: all"),
    .limits = {.min = 0, .max = 1, .minOpen = true},
    .usual = {.min = 0.05, .max = 1},
    .off = 1,
    .cuts = true,
    .value = valueOf<&Sampling::topP>,
    .set = setTo<&Sampling::topP>,
    .apply = keepTopP};

constexpr SamplingRule minP{
    .name = "min_p",
    .label = LAB_TEXT("sampling", "min-p"),
    .help = LAB_TEXT("sampling", "only tokens with at least so large a share of the largest probability are drawn from; 0: all"),
    .hint = LAB_TEXT("sampling", "0: all"),
    .limits = {.min = 0, .max = 1},
    .usual = {.min = 0, .max = 0.5},
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
