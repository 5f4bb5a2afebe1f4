#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/limits.h"
#include "core/base/message.h"

namespace lab {

/// How the next token is chosen from its logits. SamplingRule::table() has a rule for each number, in the order in which they work.
struct Sampling {
    double temperature = 0;  ///< 0: the largest logit (lowest id wins), and nothing is cut
    std::uint64_t seed = 42;
    int topK = 0;            ///< 0: all
    double topP = 1;         ///< 1: all
    double minP = 0;         ///< 0: all
    double repetition = 1;   ///< 1: none
    double frequency = 0;    ///< 0: none
    double presence = 0;     ///< 0: none
    int penaltyWindow = 64;  ///< so many of the last tokens are what the three penalties look at

    /// What most texts are written with: temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, no penalty.
    static Sampling ofText();

    bool operator==(const Sampling&) const = default;
};

struct SamplingRule;

/// One row of logits on its way through the rules; [classes] each.
struct SamplingDraft {
    std::vector<double> logits;                ///< with what the penalties take
    std::vector<double> weights;               ///< from the temperature on: exp((logit - largest) / temperature), 0 where cut
    std::vector<double> heated{};              ///< the same with nothing cut
    std::vector<int> left{};                   ///< from the temperature on: tokens that are not cut, the lowest id first
    std::vector<const SamplingRule*> cutBy{};  ///< null: still there
    bool settled = false;                      ///< one token is left, and no later rule works
};

/// One step of the chain, in the order of Hugging Face's generation: penalties, temperature, cuts.
struct SamplingRule {
    std::string_view name;  ///< "top_k"; on the command line "--top-k"
    SourceText label, help;
    SourceText hint;  ///< what a number does, in two or three words
    Limits limits;
    Limits usual;    ///< where it is mostly chosen from, both ends included
    double off = 0;  ///< the value that does nothing
    bool integer = false;
    bool cuts = false;  ///< takes tokens away; the others change logits
    double (*value)(const Sampling& sampling) = nullptr;
    void (*set)(Sampling& sampling, double value) = nullptr;
    void (*apply)(const SamplingRule& self, const Sampling& sampling, std::span<const int> past, SamplingDraft& draft) = nullptr;

    bool works(const Sampling& sampling) const { return value(sampling) != off; }

    static std::span<const SamplingRule* const> table();
    /// Null when there is no such rule.
    static const SamplingRule* find(std::string_view name);
};

/// The first number that its rule does not allow, as a sentence that names it; empty: all are fine.
Message problemOf(const Sampling& sampling);

/// What the next token is drawn from, and how it came about.
struct NextToken {
    std::vector<double> before;                ///< softmax of the logits as they are: what the model thinks; adds up to 1
    std::vector<double> heated;                ///< behind penalties and temperature; at temperature 0 all on one token
    std::vector<double> after;                 ///< behind the cuts, adds up to 1: what is drawn from
    std::vector<const SamplingRule*> cutBy{};  ///< null: not cut
    int token = 0;
    double entropyBefore = 0;  ///< bits
    double entropyAfter = 0;   ///< bits

    /// -log2 before[t], bits: of the token, or of another.
    double surprise() const { return surprise(token); }
    double surprise(int other) const;
};

/// Chooses with one uniform number, number `position` of the stream (seed, "generate"): the same for the same seed, whoever asks, in any
/// order. `logits` [classes], one of them finite; `past`: the tokens so far, oldest first. top-k keeps exactly k by (logit, id); top-p
/// (Holtzman et al. 2019, arXiv 1904.09751) the fewest whose sum reaches p, with the one that crosses it, of what top-k left; min-p (Nguyen
/// et al. 2024, arXiv 2407.01082) what has at least m times the largest probability. repetition (Keskar et al. 2019, arXiv 1909.05858)
/// divides a positive logit and multiplies a negative one.
NextToken nextToken(std::span<const float> logits, std::span<const int> past, const Sampling& sampling, std::uint64_t position);
/// Its token alone, at less cost.
int nextTokenOnly(std::span<const float> logits, std::span<const int> past, const Sampling& sampling, std::uint64_t position);

/// -sum p log2 p, bits.
double entropyBits(std::span<const double> probabilities);

/// The `most` likeliest tokens before the cuts, the likeliest first, of equals the lowest id; `also` is among them, at its place or last.
std::vector<int> likeliestBefore(const NextToken& next, std::size_t most, std::optional<int> also = std::nullopt);

}  // namespace lab
