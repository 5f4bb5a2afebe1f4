#include "core/data/function_dataset.h"

#include <QtTest>
#include <cmath>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/data/loaded_task.h"

using namespace lab;

namespace {

Experiment regressionOf(PromptLayout layout, int dimensions = 3, int points = 4) {
    Experiment experiment;
    experiment.task.kind = "regression";
    experiment.task.functions.layout = layout;
    experiment.task.functions.dimensions = dimensions;
    experiment.task.functions.points = points;
    if (layout == PromptLayout::separate) experiment.model.architecture = Architecture::decoder;
    return experiment;
}

}  // namespace

class FunctionDatasetTest : public QObject {
    Q_OBJECT

private slots:
    void joinedPointsStandInOneVectorAndTheLastAnswers() {
        const LoadedTask task = loadTask(regressionOf(PromptLayout::joined), {});
        QCOMPARE(*task.experiment.model.input_dim, 4);
        QCOMPARE(*task.experiment.model.num_classes, 1);
        QCOMPARE(*task.experiment.model.max_seq_len, 5);
        const FunctionPrompt prompt = functionsOf(*task.dataset)->prompt(FunctionPart::train, 8);
        const Sample sample = task.dataset->trainSample(8);
        QCOMPARE(sample.tokens, std::vector<int>(5, vectorToken));
        for (int p = 0; p <= 4; ++p) {
            for (int i = 0; i < 3; ++i)
                QCOMPARE(sample.vectors[static_cast<std::size_t>(4 * p + i)],
                         static_cast<float>(prompt.point(p)[static_cast<std::size_t>(i)]));
            const double label = p < 4 ? prompt.y[static_cast<std::size_t>(p)] : 0;
            QCOMPARE(sample.vectors[static_cast<std::size_t>(4 * p + 3)], static_cast<float>(label));
            QCOMPARE(sample.targets[static_cast<std::size_t>(p)], p < 4 ? -1 : 0);
        }
        QCOMPARE(sample.values.back(), static_cast<float>(prompt.truth.back()));
    }

    void separatePointsStandInTurnAndEveryXAnswers() {
        const LoadedTask task = loadTask(regressionOf(PromptLayout::separate), {});
        QCOMPARE(*task.experiment.model.input_dim, 3);
        QCOMPARE(*task.experiment.model.max_seq_len, 9);
        const FunctionPrompt prompt = functionsOf(*task.dataset)->prompt(FunctionPart::validation, 2);
        const Sample sample = task.dataset->validationSample(2);
        QCOMPARE(sample.tokens.size(), std::size_t{9});
        for (int p = 0; p <= 4; ++p) {
            const auto at = static_cast<std::size_t>(2 * p);
            QCOMPARE(sample.targets[at], 0);
            QCOMPARE(sample.values[at], static_cast<float>(prompt.truth[static_cast<std::size_t>(p)]));
            QCOMPARE(sample.vectors[3 * at + 1], static_cast<float>(prompt.point(p)[1]));
            if (p == 4) break;
            QCOMPARE(sample.targets[at + 1], -1);
            QCOMPARE(sample.vectors[3 * at + 3], static_cast<float>(prompt.y[static_cast<std::size_t>(p)]));
            QCOMPARE(sample.vectors[3 * at + 4], 0.0f);
        }
    }

    void promptsComeBackFromWhatTheModelReads() {
        for (const PromptLayout layout : {PromptLayout::joined, PromptLayout::separate}) {
            const LoadedTask task = loadTask(regressionOf(layout), {});
            const FunctionConfig& functions = task.experiment.task.functions;
            const Sample sample = task.dataset->testSample(5);
            const auto prompt = promptOf(task.experiment.model, functions, sample.vectors, sample.values);
            QVERIFY(prompt.has_value());
            QCOMPARE(prompt->points(), 4);
            const Sample again = promptSample(task.experiment.model, functions, *prompt);
            QCOMPARE(again.vectors, sample.vectors);
            QCOMPARE(again.values.back(), sample.values.back());
            QVERIFY(!promptOf(task.experiment.model, functions, std::span(sample.vectors).first(5)));
        }
    }

    void samplesArePureFunctionsOfSeedPartAndNumber() {
        const FunctionConfig task = regressionOf(PromptLayout::joined).task.functions;
        const FunctionPrompt prompt = drawPrompt(task, 1, FunctionPart::train, 7);
        QVERIFY(prompt == drawPrompt(task, 1, FunctionPart::train, 7));
        QVERIFY(!(prompt == drawPrompt(task, 2, FunctionPart::train, 7)));
        QVERIFY(!(prompt == drawPrompt(task, 1, FunctionPart::test, 7)));
        QVERIFY(!(prompt == drawPrompt(task, 1, FunctionPart::train, 8)));
    }

    void functionsAreWhatTheyAreCalled() {
        FunctionConfig task = regressionOf(PromptLayout::joined, 8, 5).task.functions;
        task.function = FunctionKind::sparse;
        task.nonzero = 3;
        std::vector<int> used(8);
        for (int i = 0; i < 400; ++i) {
            const FunctionPrompt prompt = drawPrompt(task, 1, FunctionPart::train, i);
            QCOMPARE(std::ranges::count_if(prompt.weights, [](double w) { return w != 0; }), 3);
            for (std::size_t k = 0; k < 8; ++k) used[k] += prompt.weights[k] != 0;
        }
        for (const int count : used) QVERIFY2(count > 100 && count < 200, qPrintable(QString::number(count)));  // 150 on average
        task.function = FunctionKind::relu;
        double square = 0;
        task.inputs = InputDraw::normal;
        for (int i = 0; i < 2000; ++i) square += std::pow(drawPrompt(task, 1, FunctionPart::train, i).truth.back(), 2) / 2000;
        QVERIFY2(std::abs(square / 8 - 1) < 0.15, qPrintable(QString::number(square)));  // E = d
    }

    void noiseIsToldButNotAsked() {
        FunctionConfig task = regressionOf(PromptLayout::joined).task.functions;
        task.noise = 0.5;
        double square = 0;
        constexpr int prompts = 2000;
        for (int i = 0; i < prompts; ++i) {
            const FunctionPrompt prompt = drawPrompt(task, 1, FunctionPart::train, i);
            square += std::pow(prompt.y.front() - prompt.truth.front(), 2) / prompts;
            double product = 0;
            for (std::size_t k = 0; k < 3; ++k) product += prompt.weights[k] * prompt.query()[k];
            QCOMPARE(prompt.truth.back(), product);
        }
        QVERIFY(std::abs(square / 0.25 - 1) < 0.1);
    }

    void scalingKeepsTheNoise() {
        FunctionConfig task = regressionOf(PromptLayout::joined).task.functions;
        task.noise = 0.5;
        const FunctionPrompt prompt = drawPrompt(task, 1, FunctionPart::train, 3), shifted = scaled(prompt, 2, 3);
        for (std::size_t p = 0; p < prompt.y.size(); ++p) {
            QVERIFY(std::abs(shifted.truth[p] - 6 * prompt.truth[p]) < 1e-12);
            QVERIFY(std::abs((shifted.y[p] - shifted.truth[p]) - (prompt.y[p] - prompt.truth[p])) < 1e-12);
        }
        QCOMPARE(withPoints(prompt, 2).points(), 2);
        QCOMPARE(withPoints(prompt, 2).truth.back(), prompt.truth.back());
        const std::vector<double> elsewhere{1, 0, 0};
        QCOMPARE(askedAt(prompt, elsewhere).truth.back(), prompt.weights.front());
    }

    void wrongValuesGetTheirSentence() {
        const auto refusal = [](Experiment experiment) {
            const auto problems = problemsOf(experiment);
            return problems.empty() ? std::string() : problems.front().path + ": " + problems.front().message.english();
        };
        QCOMPARE(refusal(regressionOf(PromptLayout::joined)), std::string());
        Experiment sparse = regressionOf(PromptLayout::joined);
        sparse.task.functions.function = FunctionKind::sparse;
        sparse.task.functions.nonzero = 4;
        QVERIFY(refusal(sparse).starts_with("task.nonzero: 4 weights"));
        Experiment seen = regressionOf(PromptLayout::separate);
        seen.model.architecture = Architecture::encoder;
        QVERIFY(refusal(seen).starts_with("task.layout: separate tells"));
        Experiment none = regressionOf(PromptLayout::joined);
        none.task.functions.points = 0;
        QVERIFY(refusal(none).starts_with("task.points: 0 is out of range"));
        Experiment drawn = regressionOf(PromptLayout::joined);
        drawn.model.init = Initialisation::drawn_slots;
        QVERIFY(refusal(drawn).starts_with("model.output.kind: init slots"));
        drawn.model.output.kind = OutputKind::linear;
        drawn.model.d_model = 2;
        QVERIFY(refusal(drawn).starts_with("model.d_model: 2 is too small"));
    }
};

QTEST_APPLESS_MAIN(FunctionDatasetTest)
#include "function_dataset_test.moc"
