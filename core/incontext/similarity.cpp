#include "core/incontext/similarity.h"

#include <cmath>

namespace lab {
namespace {

double lengthOf(const std::vector<double>& v) {
    double sum = 0;
    for (const double x : v) sum += x * x;
    return std::sqrt(sum);
}

double distanceOf(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> rest = a;
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= b[i];
    return lengthOf(rest);
}

/// 0 where one of them has no direction.
double cosineOf(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    const double lengths = lengthOf(a) * lengthOf(b);
    return lengths > 0 ? sum / lengths : 0;
}

}  // namespace

std::optional<Similarity> similarity(const PromptAnswers& model, const Method& method, std::span<const FunctionPrompt> prompts,
                                     const std::function<bool()>& cancelled) {
    if (prompts.empty()) return std::nullopt;
    const std::vector<double> answers = model.at(prompts);
    const auto count = static_cast<double>(prompts.size());
    Similarity mean;
    double squares = 0;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        if (cancelled && cancelled()) return std::nullopt;
        const auto fitted = fittedWeights(method, prompts[i]);
        if (!fitted) return std::nullopt;
        const double answer = answerOf(prompts[i], *fitted);
        squares += (answers[i] - answer) * (answers[i] - answer) / count;
        const std::vector<double> slopes = model.sensitivity(prompts[i]);
        mean.cosine += cosineOf(slopes, *fitted) / count;
        mean.sensitivities += distanceOf(slopes, *fitted) / count;
        if (prompts[i].truth.empty()) continue;
        const double truth = prompts[i].truth.back();
        mean.loss += 0.5 * (answers[i] - truth) * (answers[i] - truth) / count;
        mean.methodLoss += 0.5 * (answer - truth) * (answer - truth) / count;
    }
    mean.answers = std::sqrt(squares);
    return mean;
}

}  // namespace lab
