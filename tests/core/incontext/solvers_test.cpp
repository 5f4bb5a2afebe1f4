// Solvers against their definitions, closed forms against known figures, lines of losses against a slow twin.

#include "core/incontext/solvers.h"

#include <QtTest>
#include <cmath>

#include "core/incontext/closed_form.h"
#include "core/incontext/loss_lines.h"
#include "tests/core/incontext/incontext_testing.h"

using namespace lab;
using lab::testing::promptsOf;

namespace {

FunctionConfig taskOf(int dimensions, int points) {
    FunctionConfig task;
    task.dimensions = dimensions;
    task.points = points;
    return task;
}

FunctionConfig normalTask(int dimensions, int points, double noise = 0) {
    FunctionConfig task = taskOf(dimensions, points);
    task.inputs = InputDraw::normal;
    task.noise = noise;
    return task;
}

bool near(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance;
}

/// One step by the formula, with plain loops.
std::vector<double> slowStep(const FunctionPrompt& prompt, std::vector<double> w, double eta) {
    std::vector<double> next = w;
    for (int p = 0; p < prompt.points(); ++p) {
        double rest = -prompt.y[static_cast<std::size_t>(p)];
        for (std::size_t i = 0; i < w.size(); ++i) rest += w[i] * prompt.point(p)[i];
        for (std::size_t i = 0; i < w.size(); ++i) next[i] -= eta / prompt.points() * rest * prompt.point(p)[i];
    }
    return next;
}

/// The mean loss over tasks drawn one by one and fitted one by one, over all queries.
double slowLoss(const FunctionConfig& task, const Method& method, std::uint64_t seed, int tasks) {
    const double variance = momentsOf(task)->variance;
    double sum = 0;
    for (int t = 0; t < tasks; ++t) {
        const FunctionPrompt prompt = drawPrompt(task, seed, FunctionPart::study, t);
        const auto w = *fittedWeights(method, prompt);
        for (std::size_t i = 0; i < w.size(); ++i) sum += 0.5 * variance * (w[i] - prompt.weights[i]) * (w[i] - prompt.weights[i]);
    }
    return sum / tasks;
}

}  // namespace

class SolversTest : public QObject {
    Q_OBJECT

private slots:
    void gradientStepsFollowTheFormula() {
        for (const FunctionPrompt& prompt : promptsOf(taskOf(3, 7), 10)) {
            std::vector<double> w(3);
            const auto course = weightsByStep({Solver::gradient, 5, 2.5}, prompt);
            QCOMPARE(course.size(), std::size_t{6});
            for (const auto& step : course) {
                for (std::size_t i = 0; i < 3; ++i) QVERIFY(near(step[i], w[i], 1e-13));
                w = slowStep(prompt, w, 2.5);
            }
            QVERIFY(fitLoss(prompt, course.back()) < fitLoss(prompt, course.front()));
        }
    }

    void withoutTurningGDPlusPlusIsPlain() {
        for (const FunctionPrompt& prompt : promptsOf(taskOf(4, 5), 10)) {
            const auto plain = *fittedWeights({Solver::gradient, 4, 3}, prompt),
                       plus = *fittedWeights({Solver::gradient_plus, 4, 3, 0}, prompt);
            for (std::size_t i = 0; i < 4; ++i) QVERIFY(near(plain[i], plus[i], 1e-13));
        }
    }

    void leastSquaresNeedAsManyPointsAsDimensions() {
        for (const FunctionPrompt& prompt : promptsOf(taskOf(4, 4), 10)) {
            const auto w = *fittedWeights({Solver::least_squares}, prompt);
            for (std::size_t i = 0; i < 4; ++i) QVERIFY(near(w[i], prompt.weights[i], 1e-6));
            QVERIFY(!fittedWeights({Solver::least_squares}, withPoints(prompt, 3)));
            FunctionPrompt twice = prompt;  // one point told twice spans nothing new
            std::copy_n(twice.x.begin(), 4, twice.x.begin() + 4);
            QVERIFY(!fittedWeights({Solver::least_squares}, twice));
            QVERIFY(fittedWeights({.solver = Solver::ridge, .lambda = 0.1}, withPoints(prompt, 3)));
        }
    }

    /// At the ridge's w the gradient of its own loss is 0.
    void ridgeSolvesItsEquation() {
        const double lambda = 0.3;
        for (const FunctionPrompt& prompt : promptsOf(normalTask(3, 6, 0.5), 10)) {
            const auto w = *fittedWeights({.solver = Solver::ridge, .lambda = lambda}, prompt);
            const auto moved = slowStep(prompt, w, prompt.points());  // w - sum (w x - y) x
            for (std::size_t i = 0; i < 3; ++i) QVERIFY(near(w[i] - moved[i] + lambda * w[i], 0, 1e-10));
        }
    }

    void theReleasedTaskHasItsClosedForm() {
        const FunctionMoments moments = *momentsOf(taskOf(10, 10));
        QVERIFY(near(bestOneStep(moments), 6.0606, 1e-4));
        QVERIFY(near(bestOneStepLoss(moments), 0.20623, 1e-5));
        QVERIFY(near(zeroLoss(moments), 5.0 / 12, 1e-12));
    }

    /// c = N / (N + d + 1 + s^2) and risk d (1 - c), which is twice the loss.
    void normalInputsHaveTheirClosedForm() {
        for (const int points : {10, 20, 40})
            for (const double noise : {0.0, 0.5, 2.0}) {
                const FunctionMoments moments = *momentsOf(normalTask(10, points, noise));
                const double c = points / (points + 10 + 1 + noise * noise);
                QVERIFY(near(bestOneStep(moments), c, 1e-12));
                QVERIFY(near(2 * bestOneStepLoss(moments), 10 * (1 - c), 1e-12));
                QVERIFY(near(std::pow(worseThanZeroFrom(moments), 2), 2 + noise * noise / (points + 11), 1e-12));
            }
        const std::array known{0.476, 0.645, 0.784};
        for (int i = 0; i < 3; ++i)
            QVERIFY(near(bestOneStep(*momentsOf(normalTask(10, 10 << i))), known[static_cast<std::size_t>(i)], 6e-4));
    }

    /// d a^2 ((1 - c a^2)^2 + c^2 a^4 (d + 1) / N) of unit normal x, as a risk; scaling w changes no ratio.
    void shiftedInputsFollowTheCurve() {
        const int d = 10, points = 20;
        const FunctionMoments moments = *momentsOf(normalTask(d, points));
        const double c = bestOneStep(moments);
        for (const ShiftPoint& point : inputShift(moments, c, {0.5, 1, 1.3, 1.5, 2})) {
            const double a2 = point.scale * point.scale;
            QVERIFY(near(2 * point.loss, d * a2 * (std::pow(1 - c * a2, 2) + c * c * a2 * a2 * (d + 1) / points), 1e-9));
            QCOMPARE(point.ratio() > 1, point.scale > std::sqrt(2.0));
        }
        for (const ShiftPoint& point : weightShift(moments, c, {0.3, 1, 3})) QVERIFY(near(point.ratio(), 1 - c, 1e-12));
    }

    void whatIsDrawnHasTheseMoments() {
        for (const FunctionConfig& task : {taskOf(3, 6), normalTask(3, 6, 0.7)}) {
            const FunctionMoments moments = *momentsOf(task);
            const double eta = bestOneStep(moments);
            const double drawn = slowLoss(task, {Solver::gradient, 1, eta}, 11, 20'000);
            QVERIFY2(std::abs(drawn / oneStepLoss(moments, eta) - 1) < 0.02, qPrintable(QString::number(drawn)));
        }
        FunctionConfig sparse = taskOf(6, 8);
        sparse.function = FunctionKind::sparse;
        sparse.nonzero = 2;
        const double eta = bestOneStep(*momentsOf(sparse));
        QVERIFY(std::abs(slowLoss(sparse, {Solver::gradient, 1, eta}, 11, 20'000) / oneStepLoss(*momentsOf(sparse), eta) - 1) < 0.03);
    }

    void linesAreWhatFittingEachTaskGives() {
        const FunctionConfig task = normalTask(4, 6, 0.3);
        constexpr int tasks = 500;
        const TaskSpectra spectra(task, 5, tasks);
        for (const Method& method :
             {Method{Solver::gradient, 1, 0.5}, Method{Solver::gradient, 7, 0.3}, Method{Solver::gradient_plus, 3, 0.4, 0.1},
              Method{.solver = Solver::ridge, .lambda = 0.4}, Method{.solver = Solver::least_squares}}) {
            const double slow = slowLoss(task, method, 5, tasks);
            QVERIFY2(std::abs(*spectra.loss(method) / slow - 1) < 1e-6, qPrintable(QString::number(*spectra.loss(method) - slow)));
        }
    }

    void theBestIsLowerThanItsNeighbours() {
        const TaskSpectra spectra(taskOf(6, 8), 2, 1000);
        for (const int steps : {1, 3, 8}) {
            const Method best = spectra.best(Solver::gradient, steps);
            for (const double factor : {0.9, 1.1}) {
                Method other = best;
                other.eta *= factor;
                QVERIFY(*spectra.loss(other) > *spectra.loss(best));
            }
            const Method plus = spectra.best(Solver::gradient_plus, steps);
            QVERIFY(steps == 1 ? near(*spectra.loss(plus), *spectra.loss(best), 1e-9) : *spectra.loss(plus) < *spectra.loss(best));
        }
    }

    void moreStepsAndMoreExamplesCostLess() {
        const auto steps = lossBySteps(taskOf(5, 6), Solver::gradient, 4, {500});
        QCOMPARE(steps.size(), std::size_t{4});
        for (std::size_t i = 1; i < steps.size(); ++i) QVERIFY(*steps[i].loss < *steps[i - 1].loss);
        const auto examples = lossByExamples(taskOf(5, 6), Solver::least_squares, 1, {1, 4, 5, 12}, {500});
        QCOMPARE(examples.size(), std::size_t{4});
        QVERIFY(!examples[0].loss && !examples[1].loss && examples[2].loss && *examples[3].loss < 1e-9);
        const auto one = lossByExamples(taskOf(5, 6), Solver::gradient, 1, {1, 4, 12}, {500});
        QVERIFY(*one[0].loss > *one[1].loss && *one[1].loss > *one[2].loss);
    }

    void functionsThatAreNotLinearAreMeasuredAtTheirQueries() {
        FunctionConfig relu = normalTask(3, 8);
        relu.function = FunctionKind::relu;
        QVERIFY(!momentsOf(relu));
        const TaskSpectra spectra(relu, 1, 2000);
        const Method best = spectra.best(Solver::gradient);
        double sum = 0, zero = 0;
        for (int t = 0; t < 2000; ++t) {
            const FunctionPrompt prompt = drawPrompt(relu, 1, FunctionPart::study, t);
            sum += 0.5 * std::pow(answerOf(prompt, *fittedWeights(best, prompt)) - prompt.truth.back(), 2) / 2000;
            zero += 0.5 * std::pow(prompt.truth.back(), 2) / 2000;
        }
        QVERIFY(near(*spectra.loss(best), sum, 1e-9) && sum < zero);
    }
};

QTEST_APPLESS_MAIN(SolversTest)
#include "solvers_test.moc"
