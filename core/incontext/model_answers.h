#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/data/function_prompt.h"
#include "core/model/model.h"

namespace lab {

/// A model with its weights as it answers prompts, in double precision: what it computes apart from rounding.
class PromptAnswers {
public:
    /// The model reads prompts of this task (its layout and dimensions; any number of points it has room for).
    PromptAnswers(const Model& model, const Weights& weights, const FunctionConfig& task);
    PromptAnswers(const Model& model, BasicWeights<double> weights, const FunctionConfig& task);

    /// What it answers at the query of each prompt.
    std::vector<double> at(std::span<const FunctionPrompt> prompts) const;
    double at(const FunctionPrompt& prompt) const;
    /// What it answers to the same points at each of `queries` ([count, dimensions]): the line of the page.
    std::vector<double> along(const FunctionPrompt& prompt, std::span<const double> queries) const;
    /// The answer at every x of layout separate: [points + 1], the i-th knows i points; of joined only the query's.
    std::vector<double> course(const FunctionPrompt& prompt) const;
    /// dy / dx_q of a prompt, [dimensions], by central differences.
    std::vector<double> sensitivity(const FunctionPrompt& prompt) const;
    /// The mean of half the squares over prompts whose truth is known.
    double loss(std::span<const FunctionPrompt> prompts) const;

private:
    std::vector<std::vector<double>> run(std::span<const FunctionPrompt> prompts) const;

    const Model& m_model;
    FunctionConfig m_task;
    BasicWeights<double> m_weights, m_transposed;
};

/// A prompt as the looking path is asked about it; nothing is asked of one whose truth is not known, so that it has no loss.
Input promptInput(const ModelConfig& model, const FunctionConfig& task, const FunctionPrompt& prompt);
/// Whether a model reads and answers prompts of this task.
bool answersPrompts(const ModelConfig& model, const FunctionConfig& task);

/// Prompts of the part study of a task, apart from all that is trained or validated on.
std::vector<FunctionPrompt> studyPrompts(const FunctionConfig& task, std::uint64_t seed, int count);

}  // namespace lab
