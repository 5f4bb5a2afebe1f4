#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/head_metrics.h"
#include "core/analysis/run_comparison.h"
#include "core/tensor/batch.h"

namespace lab {

struct TaskConfig;

/// What one head does over many inputs. Shares of its weight are means over the queries of all inputs that have the number.
struct SurveyedHead {
    HeadPlace place;
    HeadMetrics metrics;  ///< means; of distance, entropy and the like over the inputs
    /// Mean weight on the tokens that frame the input behind its first one ([SEP]); NaN without any.
    double frame = std::numeric_limits<double>::quiet_NaN();
    /// Mean weight on other places of the same token, before or behind, of queries whose token comes twice, the frame aside.
    double sameToken = std::numeric_limits<double>::quiet_NaN();
    /// What switching the head off costs: nats a token, or where the model answers hidden states 1 - cosine of the mean-pooled vector
    /// with the one of the whole model.
    std::optional<double> cost;
};

struct HeadSurvey {
    int inputs = 0, tokens = 0;
    std::optional<double> loss;       ///< nats a token of the whole model; nothing where it answers hidden states
    std::vector<SurveyedHead> heads;  ///< block after block
};

/// What is asked of a survey.
struct SurveyQuestion {
    std::vector<int> frameTokens;  ///< ids that frame an input
    bool costs = false;            ///< each head is switched off in turn: as many passes over all inputs as there are heads
    std::function<bool()> cancelled = {};
    std::function<void(int done, int of)> told = {};
};

/// A pure function of weights and inputs, dropout off, one thread. Nothing when cancelled. Throws InputError for samples that the model
/// cannot take.
std::optional<HeadSurvey> surveyHeads(const Model& model, const Weights& weights, const TaskConfig& task,
                                      const std::vector<Sample>& samples, const SurveyQuestion& question);

/// Tokens drawn evenly from `alphabet`, `length` of them, and the same once more; `first`, where there is one, stands before. What comes
/// in the second half can be told from the first alone. Every token but the first is asked for.
std::vector<Sample> repeatedTokens(const std::vector<int>& alphabet, std::optional<int> first, int length, int count, std::uint64_t seed);

}  // namespace lab
