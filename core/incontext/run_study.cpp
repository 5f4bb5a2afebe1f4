#include "core/incontext/run_study.h"

#include <cmath>

#include "core/config/experiment.h"

namespace lab {
namespace {

constexpr int shiftSteps = 12;  ///< from 1/4 to 4, 1 among them

void studyBetween(RunStudy& study, const Model& model, const Weights& weights, const Experiment& experiment,
                  std::span<const FunctionPrompt> prompts, const StudyQuestion& question) {
    study.whyNotBetween = whyNotConstructed(experiment);
    if (!study.whyNotBetween.empty()) return;
    constexpr int points = 11;
    study.between = interpolatedLosses(model, weights, constructedWeights(model, experiment), experiment.task.functions, prompts, points,
                                       question.cancelled);
    if (!study.between.empty() || (question.cancelled && question.cancelled())) return;
    (void)headProducts(model, weights, &study.whyNotBetween);
    if (study.whyNotBetween.empty())
        study.whyNotBetween = LAB_TEXT("incontext", "Only models of one head a layer are mixed: heads have no order in which to meet.");
}

/// The mean of a head's meeting of x with x on the diagonal: its sign and size are the half of the product that a factor is shared out to.
double diagonalMean(const HeadProducts& head) {
    double sum = 0;
    for (int i = 0; i + 1 < head.size; ++i) sum += head.meeting[static_cast<std::size_t>(i * head.size + i)];
    return sum / std::max(head.size - 1, 1);
}

}  // namespace

std::vector<double> shiftScales() {
    std::vector<double> scales;
    for (int i = 0; i <= shiftSteps; ++i) scales.push_back(std::pow(2.0, -2 + 4.0 * i / shiftSteps));
    return scales;
}

RunStudy studyRun(const Model& model, const Weights& weights, const Experiment& experiment, const StudyQuestion& question) {
    const FunctionConfig& task = experiment.task.functions;
    const std::vector<FunctionPrompt> prompts = studyPrompts(task, question.seed, question.prompts);
    const PromptAnswers answers(model, weights, task);
    RunStudy study;
    study.prompts = question.prompts;
    study.loss = answers.loss(prompts);
    if (question.examples) {
        // Prompts of as many points as the largest count asks for, whatever the task has.
        FunctionConfig longest = task;
        for (const int count : question.exampleCounts) longest.points = std::max(longest.points, count);
        study.byExamples = modelLossByExamples(answers, longest, studyPrompts(longest, question.seed, question.prompts),
                                               question.exampleCounts, question.cancelled);
    }
    if (question.shift) {
        study.inputShift = measuredInputShift(answers, prompts, shiftScales(), question.cancelled);
        study.weightShift = measuredWeightShift(answers, prompts, shiftScales(), question.cancelled);
    }
    if (question.between) studyBetween(study, model, weights, experiment, prompts, question);
    if (question.products) study.products = headProducts(model, weights, &study.whyNoProducts);
    study.step = effectiveStep(model, weights, task);
    study.exact = exactAndFitted(model, weights, task, prompts.front(), prompts);
    return study;
}

ComparedProducts besideConstruction(const HeadProducts& head, int points, double eta) {
    ComparedProducts compared{head, constructedProducts(head.size - 1, points, eta), 1};
    const double own = diagonalMean(head), wanted = diagonalMean(compared.constructed);
    if (std::abs(own) < 1e-12 || wanted == 0) return compared;
    compared.factor = wanted / own;
    for (double& value : compared.model.meeting) value *= compared.factor;
    for (double& value : compared.model.adding) value /= compared.factor;
    return compared;
}

}  // namespace lab
