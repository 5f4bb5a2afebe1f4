#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/data/function_prompt.h"
#include "core/model/model.h"

namespace lab {

/// Nothing is updated while a model answers: its weights before and after.
struct InferenceEvidence {
    std::string before, after;  ///< SHA-256 of all weights' bytes
    double answer = 0;
    std::size_t weights = 0;

    bool isSame() const { return before == after; }
};
InferenceEvidence inferenceEvidence(const Model& model, const Weights& weights, const FunctionConfig& task, const FunctionPrompt& prompt);

/// Attention computes its similarities exactly, at once; gradient descent approaches a fit. Both of one model.
struct ExactAndFitted {
    int heads = 0, keys = 0;         ///< of the first layer; positions before the one that answers
    std::vector<double> scores;      ///< [heads, keys] as the model computed them for the query that answers
    std::vector<double> recomputed;  ///< the same from its queries and keys in double precision
    double largestDifference = 0;    ///< between the two: rounding
    double loss = 0;                 ///< what the weights, as trained so far, still cost on the other prompts
    double reachable = 0;            ///< of linear functions the loss of the best single step, else 0
};
/// Of models with scores of queries and keys, apart from terms that positions add to them; scores empty for others.
ExactAndFitted exactAndFitted(const Model& model, const Weights& weights, const FunctionConfig& task, const FunctionPrompt& prompt,
                              std::span<const FunctionPrompt> prompts);

}  // namespace lab
