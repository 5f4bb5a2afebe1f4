#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/base/enum_names.h"
#include "core/base/message.h"
#include "core/data/function_prompt.h"

// What could be fitted to the points of a prompt. Losses are halves of squares everywhere, as the model's is.

namespace lab {

enum class Solver { gradient, gradient_plus, ridge, least_squares };

struct SolverSpec {
    std::string_view name;
    SourceText title;  ///< "gradient steps"
    SourceText help;
    bool takesSteps = false;
};

template <>
struct EnumRows<Solver> {
    static constexpr std::array<SolverSpec, 4> rows{
        {{"gradient", LAB_TEXT("incontext", "gradient descent"),
          LAB_TEXT("incontext", "k steps w <- w - eta / N sum (w . x - y) x over the points, from w = 0"), true},
         {"gradient-plus", LAB_TEXT("incontext", "GD++"),
          LAB_TEXT("incontext", "the same, while each step also turns every x into x - gamma / N X^T X x (von Oswald 2023)"), true},
         {"ridge", LAB_TEXT("incontext", "ridge"),
          LAB_TEXT("incontext", "(X^T X + lambda I)^-1 X^T y, the least squares that keep w small")},
         {"least-squares", LAB_TEXT("incontext", "least squares"),
          LAB_TEXT("incontext", "(X^T X)^-1 X^T y; undefined while there are fewer points than dimensions")}}};
};

/// A solver and its numbers.
struct Method {
    Solver solver = Solver::gradient;
    int steps = 1;
    double eta = 0;
    double gamma = 0;   ///< gradient_plus
    double lambda = 0;  ///< ridge

    bool operator==(const Method&) const = default;
};

/// w that the method fits to the points, so that its answer is w . x_q (of GD++ with what became of the query). Nothing: undefined, since
/// there are fewer points than dimensions or they do not span them.
std::optional<std::vector<double>> fittedWeights(const Method& method, const FunctionPrompt& prompt);
/// w before and after each step of gradient or gradient_plus: [steps + 1].
std::vector<std::vector<double>> weightsByStep(const Method& method, const FunctionPrompt& prompt);
/// 1 / (2 N) sum (w . x_i - y_i)^2 over the points: what gradient steps go down.
double fitLoss(const FunctionPrompt& prompt, const std::vector<double>& weights);
/// w . x of the query.
double answerOf(const FunctionPrompt& prompt, const std::vector<double>& weights);

}  // namespace lab
