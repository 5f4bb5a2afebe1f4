#include "core/incontext/report.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/incontext/closed_form.h"
#include "core/incontext/construction.h"
#include "core/incontext/evidence.h"
#include "core/incontext/loss_lines.h"
#include "core/incontext/products.h"
#include "core/incontext/shift.h"
#include "core/incontext/similarity.h"

namespace lab {
namespace {

/// What is asked of a sensitivity costs two passes a dimension.
constexpr int tasksOfSlopes = 1000;

class InContextStudy {
public:
    InContextStudy(const Model& model, const Weights& weights, const Experiment& experiment, const InContextQuestion& question)
        : m_model(model),
          m_weights(weights),
          m_experiment(experiment),
          m_task(experiment.task.functions),
          m_question(question),
          m_answers(model, weights, m_task),
          m_prompts(studyPrompts(m_task, question.seed, question.tasks)) {}

    std::vector<InContextFigure> figures() {
        using Part = void (InContextStudy::*)();
        constexpr Part parts[] = {&InContextStudy::addLosses,   &InContextStudy::addCommon,   &InContextStudy::addSteps,
                                  &InContextStudy::addExamples, &InContextStudy::addLikeness, &InContextStudy::addShift,
                                  &InContextStudy::addMixture,  &InContextStudy::addProofs};
        double done = 0;
        for (const Part part : parts) {
            if (isCancelled()) break;
            (this->*part)();
            if (m_question.progress) m_question.progress(++done / std::size(parts));
        }
        return std::move(m_figures);
    }

private:
    bool isCancelled() const { return m_question.cancelled && m_question.cancelled(); }
    void add(const char* measure, std::string of, std::optional<double> at, std::optional<double> value,
             std::optional<Method> method = std::nullopt) {
        m_figures.push_back({measure, std::move(of), at, value, method});
    }
    std::span<const FunctionPrompt> some() const {
        return std::span(m_prompts).first(std::min<std::size_t>(m_prompts.size(), tasksOfSlopes));
    }

    void addLosses() {
        add("loss", "model", m_model.config().num_layers, m_answers.loss(m_prompts));
        const auto moments = momentsOf(m_task);
        if (!moments) return;
        add("closed-form", "zero", std::nullopt, zeroLoss(*moments));
        add("closed-form", "gradient", 1, bestOneStepLoss(*moments), Method{Solver::gradient, 1, bestOneStep(*moments)});
        add("worse-than-zero-from", "gradient", std::nullopt, worseThanZeroFrom(*moments));
    }

    void addCommon() {
        if (const auto common = lossInCommon(m_model, m_weights, m_task, m_question.tasks, m_question.seed, m_question.cancelled)) {
            add("loss-in-common", "model", 1, common->loss);
            add("loss-in-common-difference", "model", 1, common->difference);
            add("loss-in-common-standard-error", "model", 1, common->standardError);
        }
        if (const auto step = effectiveStep(m_model, m_weights, m_task)) {
            add("effective-eta", "model", std::nullopt, step->eta);
            add("effective-rate-spread", "model", std::nullopt, step->diagonalSpread);
            add("effective-rate-off-diagonal", "model", std::nullopt, step->largestOff);
        }
    }

    void addSteps() {
        const TaskSpectra spectra(m_task, m_question.seed, m_question.tasks, 0, m_question.cancelled);
        if (spectra.tasks() == 0) return;
        for (const Solver solver : {Solver::gradient, Solver::gradient_plus})
            for (int steps = 1; steps <= m_question.mostSteps && !isCancelled(); ++steps) {
                const Method method = spectra.best(solver, steps);
                add("loss-by-steps", std::string(nameOf(solver)), steps, spectra.loss(method), method);
                if (solver == Solver::gradient && steps == m_model.config().num_layers) m_method = method;
            }
        for (const Solver solver : {Solver::ridge, Solver::least_squares}) {
            const Method method = spectra.best(solver);
            add("loss-by-steps", std::string(nameOf(solver)), std::nullopt, spectra.loss(method), method);
        }
    }

    void addExamples() {
        std::vector<int> examples;
        for (int n = 1; n <= m_task.points; n = std::max(n + 1, n * 5 / 4)) examples.push_back(n);
        if (examples.back() != m_task.points) examples.push_back(m_task.points);
        for (const ExampleLoss& point : modelLossByExamples(m_answers, m_task, m_prompts, examples, m_question.cancelled))
            add("loss-by-examples", "model", point.examples, point.loss);
        const LossQuestion question{m_question.tasks, m_question.seed, m_question.cancelled};
        for (const Solver solver : {Solver::gradient, Solver::ridge, Solver::least_squares})
            for (const LossPoint& point : lossByExamples(m_task, solver, 1, examples, question))
                add("loss-by-examples", std::string(nameOf(solver)), point.at, point.loss, point.method);
    }

    void addLikeness() {
        if (!m_method) m_method = Method{Solver::gradient, m_model.config().num_layers};
        const auto likeness = similarity(m_answers, *m_method, some(), m_question.cancelled);
        if (!likeness) return;
        add("similarity-answers", "model", m_method->steps, likeness->answers, m_method);
        add("similarity-cosine", "model", m_method->steps, likeness->cosine, m_method);
        add("similarity-sensitivities", "model", m_method->steps, likeness->sensitivities, m_method);
    }

    void addShift() {
        const std::vector<double> scales = {0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2};
        for (const ShiftPoint& point : measuredInputShift(m_answers, m_prompts, scales, m_question.cancelled))
            add("input-scaled-loss-share", "model", point.scale, point.ratio());
        for (const ShiftPoint& point : measuredWeightShift(m_answers, m_prompts, scales, m_question.cancelled))
            add("weight-scaled-loss-share", "model", point.scale, point.ratio());
        const auto moments = momentsOf(m_task);
        if (!moments) return;
        for (const ShiftPoint& point : inputShift(*moments, bestOneStep(*moments), scales))
            add("input-scaled-loss-share", "gradient", point.scale, point.ratio());
        for (const ShiftPoint& point : weightShift(*moments, bestOneStep(*moments), scales))
            add("weight-scaled-loss-share", "gradient", point.scale, point.ratio());
    }

    void addMixture() {
        if (!whyNotConstructed(m_experiment).empty()) return;
        constexpr int points = 11, prompts = 100;
        const Weights constructed = constructedWeights(m_model, m_experiment, m_method ? std::optional(m_method->eta) : std::nullopt);
        for (const InterpolatedLoss& point :
             interpolatedLosses(m_model, m_weights, constructed, m_task, some(), points, m_question.cancelled))
            add("interpolated-loss", "model", point.share, point.loss);
        const auto check = checkConstruction(m_model, m_experiment, some().first(std::min<std::size_t>(some().size(), prompts)));
        add("construction-difference", "construction", check.layers, check.largestDifference,
            Method{Solver::gradient, check.layers, check.eta});
    }

    void addProofs() {
        const InferenceEvidence evidence = inferenceEvidence(m_model, m_weights, m_task, m_prompts.front());
        add("weights-unchanged", "model", std::nullopt, evidence.isSame() ? 1 : 0);
        const ExactAndFitted both = exactAndFitted(m_model, m_weights, m_task, m_prompts.front(), some());
        if (!both.scores.empty()) add("scores-difference", "model", std::nullopt, both.largestDifference);
    }

    const Model& m_model;
    const Weights& m_weights;
    const Experiment& m_experiment;
    const FunctionConfig& m_task;
    const InContextQuestion& m_question;
    PromptAnswers m_answers;
    std::vector<FunctionPrompt> m_prompts;
    std::optional<Method> m_method;  ///< as many gradient steps as the model has layers
    std::vector<InContextFigure> m_figures;
};

}  // namespace

std::vector<InContextFigure> inContextFigures(const Model& model, const Weights& weights, const Experiment& experiment,
                                              const InContextQuestion& question) {
    if (experiment.task.kind->source != TaskSource::functions || !answersPrompts(model.config(), experiment.task.functions))
        throw InputError(LAB_TEXT("incontext", "This model was not trained on task regression, whose points it would have to read."));
    return InContextStudy(model, weights, experiment, question).figures();
}

}  // namespace lab
