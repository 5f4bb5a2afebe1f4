// A model beside gradient steps: its answers, its products, how alike they are, and where its distribution shifts.

#include <QtTest>
#include <cmath>

#include "core/base/errors.h"
#include "core/incontext/construction.h"
#include "core/incontext/loss_lines.h"
#include "core/incontext/products.h"
#include "core/incontext/report.h"
#include "core/incontext/shift.h"
#include "core/incontext/similarity.h"
#include "core/model/initialise.h"
#include "tests/core/incontext/incontext_testing.h"

using namespace lab;
using lab::testing::constructionOf;
using lab::testing::promptsOf;

namespace {

/// A layer that is no step: weights drawn at random.
struct DrawnLayer {
    Experiment experiment;
    Model model;
    Weights weights;

    explicit DrawnLayer(int heads = 1, int layers = 1)
        : experiment(drawn(heads, layers)), model(experiment.model), weights(initialWeights(model, 9)) {}

    static Experiment drawn(int heads, int layers) {
        Experiment experiment = constructionOf(layers, 3, 5, heads);
        experiment.model.init = Initialisation::drawn_slots;
        return experiment;
    }
    const FunctionConfig& task() const { return experiment.task.functions; }
};

double numberOf(const std::vector<InContextFigure>& figures, std::string_view measure, std::string_view of = "model") {
    for (const InContextFigure& figure : figures)
        if (figure.measure == measure && figure.of == of && figure.value) return *figure.value;
    return std::nan("");
}

}  // namespace

class ModelBesideStepsTest : public QObject {
    Q_OBJECT

private slots:
    /// What the products say one layer answers is what the model answers.
    void productsAreAllThatOneLayerDoes() {
        const DrawnLayer layer;
        const auto heads = headProducts(layer.model, layer.weights);
        QCOMPARE(heads.size(), std::size_t{1});
        const PromptAnswers answers(layer.model, layer.weights, layer.task());
        const int size = heads.front().size;
        const auto cell = [size](const std::vector<double>& matrix, int row, int column) {
            return matrix[static_cast<std::size_t>(row * size + column)];
        };
        for (const FunctionPrompt& prompt : promptsOf(layer.task(), 20)) {
            const auto slotOf = [&](int p, int i) {
                return i < size - 1          ? prompt.point(p)[static_cast<std::size_t>(i)]
                       : p < prompt.points() ? prompt.y[static_cast<std::size_t>(p)]
                                             : 0;
            };
            double slot = 0;
            for (int p = 0; p < prompt.points(); ++p) {
                double meets = 0, adds = 0;
                for (int i = 0; i < size; ++i) {
                    adds += cell(heads.front().adding, size - 1, i) * slotOf(p, i);
                    for (int j = 0; j < size; ++j) meets += slotOf(p, i) * cell(heads.front().meeting, i, j) * slotOf(prompt.points(), j);
                }
                slot += meets * adds;
            }
            QVERIFY(std::abs(answers.at(prompt) + slot) < 1e-6);
        }
    }

    void theConstructionsProductsAreReadBack() {
        for (const int heads : {1, 5}) {
            const Experiment experiment = constructionOf(2, 4, 6, heads);
            const Model model(experiment.model);
            const Weights weights = constructedWeights(model, experiment, 4.5);
            const auto products = headProducts(model, weights);
            QCOMPARE(products.size(), static_cast<std::size_t>(2 * heads));
            const HeadProducts wanted = constructedProducts(4, 6, 4.5);
            std::vector<double> meeting(wanted.meeting.size());
            for (const HeadProducts& one : products) {
                for (std::size_t i = 0; i < wanted.adding.size(); ++i) QVERIFY(std::abs(one.adding[i] - wanted.adding[i]) < 1e-6);
                for (std::size_t i = 0; i < meeting.size() && one.layer == 0; ++i) meeting[i] += one.meeting[i];
            }
            QCOMPARE(meeting, wanted.meeting);  // the heads share it
        }
    }

    void etaIsReadOffTheWeights() {
        const Experiment experiment = constructionOf(1, 4, 6);
        const Model model(experiment.model);
        Weights weights = constructedWeights(model, experiment, 4.5);
        auto step = effectiveStep(model, weights, experiment.task.functions);
        QVERIFY(step && std::abs(step->eta - 4.5) < 1e-5 && step->largestOff == 0 && step->diagonalSpread < 1e-9);
        // The same step, its factors shared out otherwise.
        for (const auto& [name, factor] : {std::pair{".query.weight", -2.0f}, std::pair{".value.weight", -0.5f}}) {
            const Parameter& p = *model.layout().find(model.attentionBlocks().front().name + name);
            for (std::size_t i = 0; i < p.size; ++i) at(weights, p)[i] *= factor;
        }
        step = effectiveStep(model, weights, experiment.task.functions);
        QVERIFY(step && std::abs(step->eta - 4.5) < 1e-5);
        const Experiment deep = constructionOf(2);
        QVERIFY(!effectiveStep(Model(deep.model), initialWeights(Model(deep.model), 1), deep.task.functions));
    }

    /// Judged by its products a layer costs what its answers cost.
    void lossInCommonIsTheLossOfTheModel() {
        for (const int heads : {1, 2}) {
            const DrawnLayer layer(heads);
            const auto common = lossInCommon(layer.model, layer.weights, layer.task(), 20'000);
            QVERIFY(common.has_value());
            const double measured = PromptAnswers(layer.model, layer.weights, layer.task()).loss(studyPrompts(layer.task(), 1, 20'000));
            QVERIFY2(std::abs(common->loss / measured - 1) < 0.04, qPrintable(QString("%1 %2").arg(common->loss).arg(measured)));
        }
        const Experiment best = constructionOf(1, 3, 5);
        const Model model(best.model);
        const auto common = lossInCommon(model, initialWeights(model, 1), best.task.functions, 1000);
        QVERIFY(std::abs(common->difference) < 1e-6 && common->standardError < 1e-6);
        QVERIFY(std::abs(common->loss - bestOneStepLoss(*momentsOf(best.task.functions))) < 1e-6);
    }

    void productsOfOtherModelsAreRefused() {
        Message why;
        Experiment softmax = DrawnLayer::drawn(1, 1);
        softmax.model.attention.kernel.kind = KernelKind::softmax;
        const Model model(softmax.model);
        QVERIFY(headProducts(model, initialWeights(model, 1), &why).empty() && !why.empty());
        QVERIFY(!lossInCommon(model, initialWeights(model, 1), softmax.task.functions, 100));
    }

    void theConstructionIsAlikeAndOthersAreNot() {
        const Experiment experiment = constructionOf(2, 3, 5);
        const Model model(experiment.model);
        const FunctionConfig& task = experiment.task.functions;
        const auto prompts = promptsOf(task, 50);
        const Method steps{Solver::gradient, 2, *experiment.model.init_step * task.points};
        const auto same = similarity(PromptAnswers(model, initialWeights(model, 1), task), steps, prompts);
        QVERIFY(same && same->answers < 1e-6 && same->cosine > 1 - 1e-6 && same->sensitivities < 1e-5);
        QVERIFY(std::abs(same->loss / same->methodLoss - 1) < 1e-5);
        const DrawnLayer other(1, 2);
        const auto unlike = similarity(PromptAnswers(other.model, other.weights, other.task()), steps, prompts);
        QVERIFY(unlike && unlike->answers > 0.05 && unlike->cosine < 0.9 && unlike->sensitivities > 0.05);
        QVERIFY(!similarity(PromptAnswers(model, initialWeights(model, 1), task), {.solver = Solver::least_squares},
                            std::vector{withPoints(prompts.front(), 2)}));
    }

    void answersAlongALineAreThoseAtItsPoints() {
        const DrawnLayer layer;
        const PromptAnswers answers(layer.model, layer.weights, layer.task());
        const FunctionPrompt prompt = promptsOf(layer.task(), 1).front();
        const std::vector<double> queries{0, 0, 0, 0.5, -1, 0.25};
        const auto line = answers.along(prompt, queries);
        QCOMPARE(line.size(), std::size_t{2});
        QVERIFY(std::abs(line[0]) < 1e-9);  // nothing meets the query 0
        QCOMPARE(line[1], answers.at(askedAt(prompt, std::span(queries).subspan(3))));
    }

    void scaledInputsCostWhatTheCurveSays() {
        const Experiment experiment = constructionOf(1, 3, 6);
        const Model model(experiment.model);
        const FunctionConfig& task = experiment.task.functions;
        const PromptAnswers answers(model, initialWeights(model, 1), task);
        const auto prompts = studyPrompts(task, 3, 20'000);
        const std::vector<double> scales{0.5, 1, 2};
        const auto measured = measuredInputShift(answers, prompts, scales);
        const auto derived = inputShift(*momentsOf(task), *experiment.model.init_step * task.points, scales);
        for (std::size_t i = 0; i < scales.size(); ++i) QVERIFY(std::abs(measured[i].ratio() / derived[i].ratio() - 1) < 0.05);
        const auto w = measuredWeightShift(answers, prompts, scales);
        for (const ShiftPoint& point : w) QVERIFY(std::abs(point.ratio() / w[1].ratio() - 1) < 1e-5);
    }

    void fewerExamplesCostMore() {
        const Experiment experiment = constructionOf(1, 3, 8);
        const Model model(experiment.model);
        const PromptAnswers answers(model, initialWeights(model, 1), experiment.task.functions);
        const auto line =
            modelLossByExamples(answers, experiment.task.functions, studyPrompts(experiment.task.functions, 3, 1000), {1, 4, 8, 9});
        QCOMPARE(line.size(), std::size_t{3});
        QVERIFY(line[0].loss > line[1].loss && line[1].loss > line[2].loss);
    }

    void theReportHasEveryMeasure() {
        const Experiment experiment = constructionOf(1, 3, 5);
        const Model model(experiment.model);
        double progress = 0;
        const auto figures = inContextFigures(model, initialWeights(model, 1), experiment,
                                              {.tasks = 500, .mostSteps = 2, .progress = [&](double share) { progress = share; }});
        QCOMPARE(progress, 1.0);
        QVERIFY(std::abs(numberOf(figures, "effective-eta") - *experiment.model.init_step * 5) < 1e-5);
        QVERIFY(std::abs(numberOf(figures, "loss-in-common") - numberOf(figures, "closed-form", "gradient")) < 1e-5);
        QVERIFY(numberOf(figures, "construction-difference", "construction") < 1e-13);
        QCOMPARE(numberOf(figures, "weights-unchanged"), 1.0);
        QVERIFY(numberOf(figures, "loss-by-steps", "gradient-plus") <= numberOf(figures, "closed-form", "zero"));
        Experiment other;
        const Experiment tokens = resolved(other);
        QVERIFY_EXCEPTION_THROWN(inContextFigures(Model(tokens.model), {}, tokens, {}), InputError);
    }
};

QTEST_APPLESS_MAIN(ModelBesideStepsTest)
#include "model_beside_steps_test.moc"
