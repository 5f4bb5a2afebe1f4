#include "core/incontext/prompt_look.h"

#include <QtTest>
#include <cmath>

#include "core/config/validation.h"
#include "core/incontext/construction.h"
#include "tests/regression_experiment.h"

using namespace lab;

namespace {

FunctionPrompt somePrompt(int dimensions, int points, std::int64_t i = 3) {
    FunctionConfig task;
    task.dimensions = dimensions;
    task.points = points;
    return drawPrompt(task, 7, FunctionPart::validation, i);
}

double across(std::span<const double> point, const std::vector<double>& direction) {
    const double along = placeAlong(point, direction);
    return placeAlong(point, point) - along * along;
}

}  // namespace

class PromptLookTest : public QObject {
    Q_OBJECT

private slots:
    void theAxisIsTheQuerysAndDoesNotTurnRound() {
        const FunctionPrompt prompt = somePrompt(3, 5);
        const std::vector<double> direction = promptDirection(prompt);
        QVERIFY(std::abs(placeAlong(direction, direction) - 1) < 1e-12);
        QVERIFY(across(prompt.query(), direction) < 1e-12);
        for (const double place : {0.4, 1e-7, 0.0, -1e-7, -0.4}) {
            const FunctionPrompt moved = queryAt(prompt, place);
            const std::vector<double> after = promptDirection(moved);
            QVERIFY(std::abs(placeAlong(after, direction) - 1) < 1e-9);
            QVERIFY(std::abs(placeAlong(moved.query(), direction) - place) < 2e-4);
        }
        QCOMPARE(promptDirection(queryAt(somePrompt(1, 4), 0)), std::vector<double>{1});
    }

    void aPairMovesAlongTheAxisOnly() {
        const FunctionPrompt prompt = somePrompt(3, 5);
        const std::vector<double> direction = promptDirection(prompt);
        const FunctionPrompt moved = withPair(prompt, 2, 0.25, -1.5);
        QVERIFY(std::abs(placeAlong(moved.point(2), direction) - 0.25) < 1e-12);
        QVERIFY(std::abs(across(moved.point(2), direction) - across(prompt.point(2), direction)) < 1e-12);
        QCOMPARE(moved.y[2], -1.5);
        QCOMPARE(moved.y[1], prompt.y[1]);
        QVERIFY(moved.truth.empty());
    }

    void pairsComeAndGo() {
        const FunctionPrompt prompt = somePrompt(2, 4);
        const FunctionPrompt more = withAddedPair(prompt, 0.3, 2);
        QCOMPARE(more.points(), 5);
        QCOMPARE(more.y[4], 2.0);
        QVERIFY(std::ranges::equal(more.query(), prompt.query()));
        const FunctionPrompt again = withoutPair(more, 4);
        QCOMPARE(again.x, prompt.x);
        QCOMPARE(std::vector<double>(again.y.begin(), again.y.begin() + 4), std::vector<double>(prompt.y.begin(), prompt.y.begin() + 4));
    }

    void theConstructionsLineIsTheStepsLine() {
        const Experiment experiment = resolved(regressionExperiment({.dimensions = 3, .points = 6}));
        const Model model(experiment.model);
        const Weights weights = constructedWeights(model, experiment);
        PromptQuestion question;
        question.task = experiment.task.functions;
        question.prompt = drawPrompt(question.task, 7, FunctionPart::validation, 1);
        const double eta = checkConstruction(model, experiment, std::span(&question.prompt, 1)).eta;
        question.methods = {{Solver::gradient, 1, eta}, {Solver::gradient, 4, eta}, {Solver::least_squares}};
        const PromptLook look = lookAtPrompt(model, weights, question);
        QCOMPARE(look.places.size(), 6U);
        QCOMPARE(look.answers.size(), look.along.size());
        QVERIFY(distanceFromLine(look, look.lines[0].slope) < 1e-5);  // vectors are floats
        QVERIFY(distanceFromLine(look, look.lines[1].slope) > 1e-2);
        QVERIFY(std::abs(look.answer - look.lines[0].answer) < 1e-6);
        QVERIFY(std::abs(look.slope - look.lines[0].slope) < 1e-4);
        QVERIFY(look.truth);
        QVERIFY(look.lines[2].fit < look.lines[1].fit && look.lines[1].fit < look.lines[0].fit);
        QVERIFY(look.evidence.isSame() && !look.evidence.before.empty());
    }

    void leastSquaresIsUndefinedBelowTheDimensions() {
        const Experiment experiment = resolved(regressionExperiment({.dimensions = 3, .points = 6}));
        const Model model(experiment.model);
        PromptQuestion question;
        question.task = experiment.task.functions;
        question.prompt = withPoints(drawPrompt(question.task, 7, FunctionPart::validation, 1), 2);
        question.methods = {{Solver::least_squares}};
        QVERIFY(!lookAtPrompt(model, constructedWeights(model, experiment), question).lines[0].defined);
    }
};

QTEST_APPLESS_MAIN(PromptLookTest)
#include "prompt_look_test.moc"
