// The weights of the construction are gradient steps, bit for bit but for rounding.

#include "core/incontext/construction.h"

#include <QtTest>

#include "core/incontext/closed_form.h"
#include "core/incontext/evidence.h"
#include "core/incontext/solvers.h"
#include "core/model/initialise.h"
#include "core/model/sample_input.h"
#include "tests/core/incontext/incontext_testing.h"

using namespace lab;
using lab::testing::constructionOf;
using lab::testing::promptsOf;

class ConstructionTest : public QObject {
    Q_OBJECT

private slots:
    /// k layers answer as k steps: with float weights read in double precision they differ by rounding alone.
    void everyLayerIsOneStep() {
        for (int layers = 1; layers <= 4; ++layers)
            for (const int heads : {1, 5}) {
                const Experiment experiment = constructionOf(layers, 4, 6, heads);
                const Model model(experiment.model);
                const auto check = checkConstruction(model, experiment, promptsOf(experiment.task.functions, 50));
                QCOMPARE(check.layers, layers);
                QVERIFY(check.largestAnswer > 0.1);
                QVERIFY2(check.largestDifference < 1e-14, qPrintable(QString::number(check.largestDifference)));
            }
    }

    /// What the program itself computes, in floats, is the same to float rounding.
    void theModelAsItRunsAgreesToFloatRounding() {
        for (int layers = 1; layers <= 4; ++layers) {
            const Experiment experiment = constructionOf(layers);
            const Model model(experiment.model);
            const Weights weights = initialWeights(model, 3);
            const FunctionConfig& task = experiment.task.functions;
            const Method steps{Solver::gradient, layers, *experiment.model.init_step * task.points};
            for (const FunctionPrompt& prompt : promptsOf(task, 30)) {
                const Trace trace = model.trace(weights, inputOf(promptSample(experiment.model, task, prompt)));
                const double answer = static_cast<double>(trace.at("logits").values.back());
                QVERIFY(std::abs(answer - answerOf(prompt, *fittedWeights(steps, prompt))) < 1e-6);
            }
        }
    }

    /// The y slots of the points hold what is left to be fitted after each layer.
    void slotsHoldTheResiduals() {
        const Experiment experiment = constructionOf(3);
        const Model model(experiment.model);
        const Weights weights = initialWeights(model, 1);
        const FunctionConfig& task = experiment.task.functions;
        const FunctionPrompt prompt = promptsOf(task, 1).front();
        const Trace trace = model.trace(weights, inputOf(promptSample(experiment.model, task, prompt)));
        const auto course = weightsByStep({Solver::gradient, 3, *experiment.model.init_step * task.points}, prompt);
        for (int layer = 0; layer < 3; ++layer) {
            const Tensor& stream = trace.at("encoder." + std::to_string(layer) + ".residual");
            for (int p = 0; p < prompt.points(); ++p) {
                double rest = prompt.y[static_cast<std::size_t>(p)];
                for (int i = 0; i < task.dimensions; ++i)
                    rest -= course[static_cast<std::size_t>(layer + 1)][static_cast<std::size_t>(i)] *
                            prompt.point(p)[static_cast<std::size_t>(i)];
                const float slot = stream.values[static_cast<std::size_t>((p + 1) * experiment.model.d_model - 1)];
                QVERIFY(std::abs(static_cast<double>(slot) - rest) < 1e-6);
            }
        }
    }

    void theTurningStepIsGDPlusPlus() {
        const Experiment experiment = constructionOf(3);
        const Model model(experiment.model);
        const FunctionConfig& task = experiment.task.functions;
        const Method method{Solver::gradient_plus, 3, 9, 1.5};
        const PromptAnswers answers(model, constructedWeights(model, experiment, method.eta, method.gamma), task);
        for (const FunctionPrompt& prompt : promptsOf(task, 20))
            QVERIFY(std::abs(answers.at(prompt) - answerOf(prompt, *fittedWeights(method, prompt))) < 1e-6);
    }

    /// With the best step and the tasks' own distribution the mean loss is the closed form's.
    void theStepIsTheBestOfTheTask() {
        const Experiment experiment = constructionOf(1, 10, 10);
        const auto moments = momentsOf(experiment.task.functions);
        QVERIFY(std::abs(*experiment.model.init_step - 0.6060606) < 1e-6);
        QVERIFY(std::abs(bestOneStepLoss(*moments) - 0.20623) < 1e-5);
        const Model model(experiment.model);
        const PromptAnswers answers(model, initialWeights(model, 1), experiment.task.functions);
        const double loss = answers.loss(studyPrompts(experiment.task.functions, 1, 20'000));
        QVERIFY2(std::abs(loss / 0.20623 - 1) < 0.04, qPrintable(QString::number(loss)));
    }

    void whatCannotBeBuiltSaysWhy() {
        QVERIFY(whyNotConstructed(constructionOf(2)).empty());
        Experiment softmax = constructionOf(1);
        softmax.model.attention.kernel.kind = KernelKind::softmax;
        QVERIFY(whyNotConstructed(softmax).english().find("product") != std::string::npos);
        Experiment net = constructionOf(1);
        net.model.d_ff = 8;
        QVERIFY(whyNotConstructed(net).english().find("feed-forward") != std::string::npos);
        Experiment full = constructionOf(1);
        full.model.attention.pattern.kind = "full";
        QVERIFY(whyNotConstructed(full).english().find("context") != std::string::npos);
    }

    /// Ends are the two models; between two that compute the same, whatever their factors, nothing changes.
    void mixingKeepsWhatIsTheSame() {
        const Experiment experiment = constructionOf(2);
        const Model model(experiment.model);
        const FunctionConfig& task = experiment.task.functions;
        const auto prompts = promptsOf(task, 40);
        const Weights constructed = constructedWeights(model, experiment);
        Weights same = constructed;
        for (const AttentionBlock& block : model.attentionBlocks()) {
            for (const char* grown : {".query.weight", ".output.weight"}) {
                const Parameter& p = *model.layout().find(block.name + grown);
                for (std::size_t i = 0; i < p.size; ++i) at(same, p)[i] *= -4;
            }
            for (const char* shrunk : {".key.weight", ".value.weight"}) {
                const Parameter& p = *model.layout().find(block.name + shrunk);
                for (std::size_t i = 0; i < p.size; ++i) at(same, p)[i] /= std::string_view(shrunk).starts_with(".key") ? -2.0f : -8.0f;
            }
        }
        const double loss = PromptAnswers(model, constructed, task).loss(prompts);
        for (const InterpolatedLoss& point : interpolatedLosses(model, same, constructed, task, prompts, 5))
            QVERIFY(std::abs(point.loss / loss - 1) < 1e-9);
        Experiment drawn = experiment;
        drawn.model.init = Initialisation::drawn_slots;
        const Weights other = initialWeights(Model(drawn.model), 5);
        const auto line = interpolatedLosses(model, other, constructed, task, prompts, 3);
        QVERIFY(std::abs(line.front().loss / PromptAnswers(model, other, task).loss(prompts) - 1) < 1e-9);
        QVERIFY(std::abs(line.back().loss / loss - 1) < 1e-9);
        QVERIFY(std::abs(line.front().loss / loss - 1) > 0.01);
    }

    void nothingIsUpdatedWhileItAnswers() {
        const Experiment experiment = constructionOf(2);
        const Model model(experiment.model);
        Weights weights = initialWeights(model, 1);
        const FunctionPrompt prompt = promptsOf(experiment.task.functions, 1).front();
        const InferenceEvidence evidence = inferenceEvidence(model, weights, experiment.task.functions, prompt);
        QVERIFY(evidence.isSame() && evidence.before.size() == 64 && evidence.answer != 0);
        weights.front() += 1e-6f;
        QVERIFY(inferenceEvidence(model, weights, experiment.task.functions, prompt).before != evidence.before);
    }

    void scoresAreExactWhileTheFitIsNot() {
        const Experiment experiment = constructionOf(1);
        const Model model(experiment.model);
        const FunctionConfig& task = experiment.task.functions;
        const auto prompts = promptsOf(task, 200);
        const auto both = exactAndFitted(model, initialWeights(model, 1), task, prompts.front(), prompts);
        QCOMPARE(std::ssize(both.scores), task.points);
        QVERIFY(both.largestDifference < 1e-6);
        for (int p = 0; p < task.points; ++p) {
            double product = 0;
            for (int i = 0; i < task.dimensions; ++i)
                product += prompts.front().point(p)[static_cast<std::size_t>(i)] * prompts.front().query()[static_cast<std::size_t>(i)];
            QVERIFY(std::abs(both.recomputed[static_cast<std::size_t>(p)] - product) < 1e-6);
        }
        QVERIFY(both.loss > 0.01 && both.reachable > 0.01);
    }
};

QTEST_APPLESS_MAIN(ConstructionTest)
#include "construction_test.moc"
