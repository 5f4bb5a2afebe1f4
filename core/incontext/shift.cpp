#include "core/incontext/shift.h"

namespace lab {
namespace {

std::vector<ShiftPoint> measuredShift(const PromptAnswers& model, std::span<const FunctionPrompt> prompts,
                                      const std::vector<double>& scales, bool ofInput, const std::function<bool()>& cancelled) {
    std::vector<ShiftPoint> points;
    for (const double scale : scales) {
        if (cancelled && cancelled()) break;
        std::vector<FunctionPrompt> shifted;
        double zero = 0;
        for (const FunctionPrompt& prompt : prompts) {
            shifted.push_back(ofInput ? scaled(prompt, scale, 1) : scaled(prompt, 1, scale));
            const double truth = shifted.back().truth.empty() ? 0 : shifted.back().truth.back();
            zero += 0.5 * truth * truth / static_cast<double>(prompts.size());
        }
        points.push_back({scale, model.loss(shifted), zero});
    }
    return points;
}

/// The loss at every x of layout separate: all numbers of examples in one pass a prompt.
std::vector<double> lossesOnTheWay(const PromptAnswers& model, std::span<const FunctionPrompt> prompts,
                                   const std::function<bool()>& cancelled) {
    std::vector<double> losses;
    for (const FunctionPrompt& prompt : prompts) {
        if (cancelled && cancelled()) return {};
        const std::vector<double> answers = model.course(prompt);
        losses.resize(answers.size());
        for (std::size_t n = 0; n < answers.size() && n < prompt.truth.size(); ++n)
            losses[n] += 0.5 * (answers[n] - prompt.truth[n]) * (answers[n] - prompt.truth[n]) / static_cast<double>(prompts.size());
    }
    return losses;
}

}  // namespace

std::vector<ShiftPoint> measuredInputShift(const PromptAnswers& model, std::span<const FunctionPrompt> prompts,
                                           const std::vector<double>& scales, const std::function<bool()>& cancelled) {
    return measuredShift(model, prompts, scales, true, cancelled);
}

std::vector<ShiftPoint> measuredWeightShift(const PromptAnswers& model, std::span<const FunctionPrompt> prompts,
                                            const std::vector<double>& scales, const std::function<bool()>& cancelled) {
    return measuredShift(model, prompts, scales, false, cancelled);
}

std::vector<ExampleLoss> modelLossByExamples(const PromptAnswers& model, const FunctionConfig& task,
                                             std::span<const FunctionPrompt> prompts, const std::vector<int>& examples,
                                             const std::function<bool()>& cancelled) {
    std::vector<ExampleLoss> line;
    if (task.layout == PromptLayout::separate) {
        const std::vector<double> losses = lossesOnTheWay(model, prompts, cancelled);
        for (const int count : examples)
            if (count < std::ssize(losses)) line.push_back({count, losses[static_cast<std::size_t>(count)]});
        return line;
    }
    for (const int count : examples) {
        if (cancelled && cancelled()) break;
        std::vector<FunctionPrompt> fewer;
        for (const FunctionPrompt& prompt : prompts)
            if (count <= prompt.points()) fewer.push_back(withPoints(prompt, count));
        if (!fewer.empty()) line.push_back({count, model.loss(fewer)});
    }
    return line;
}

}  // namespace lab
