#include "core/optimizers/shared_parameters.h"
#include "tests/core/optimizers/rule_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

constexpr double decay = 0.1, rate = 0.01, clip = 0.5, least = 1e-30;

OptimizerConfig adafactor() {
    return configOf("adafactor", {{optimizer::weightDecay, decay}});
}

/// Algorithms 4 and 5 of the paper as they stand there, with its sums: R and C of a matrix [rows, columns], or V of a vector in `r`.
struct Definition {
    int rows, columns;
    std::vector<double> r = {}, c = {};

    /// What is taken off the weights at step t by the gradient g.
    std::vector<double> step(int t, const std::vector<double>& g) {
        const double beta = 1 - std::pow(t, -0.8);
        std::vector<double> u(g.size());
        if (rows > 1 && columns > 1) {
            r.resize(static_cast<std::size_t>(rows));
            c.resize(static_cast<std::size_t>(columns));
            std::vector<double> rowSums(r.size()), columnSums(c.size());
            for (std::size_t i = 0; i < g.size(); ++i) {
                rowSums[i / c.size()] += g[i] * g[i] + least;
                columnSums[i % c.size()] += g[i] * g[i] + least;
            }
            double sum = 0;
            for (std::size_t i = 0; i < r.size(); ++i) sum += r[i] = beta * r[i] + (1 - beta) * rowSums[i];
            for (std::size_t i = 0; i < c.size(); ++i) c[i] = beta * c[i] + (1 - beta) * columnSums[i];
            for (std::size_t i = 0; i < g.size(); ++i) u[i] = g[i] / std::sqrt(r[i / c.size()] * c[i % c.size()] / sum);
        } else {
            r.resize(g.size());
            for (std::size_t i = 0; i < g.size(); ++i) {
                r[i] = beta * r[i] + (1 - beta) * (g[i] * g[i] + least);
                u[i] = g[i] / std::sqrt(r[i]);
            }
        }
        double squares = 0;
        for (const double x : u) squares += x * x;
        const double longest = std::max(1.0, std::sqrt(squares / static_cast<double>(u.size())));
        for (double& x : u) x *= rate / longest;
        return u;
    }
};

template <class T>
void check(const Kernels<T>& k, double tolerance, int rows, int columns) {
    Updated<T> p(adafactor(), k, rows, columns);
    p.first.fill(0, 0.0);
    Definition definition{rows, columns};
    for (int t = 1; t <= 5; ++t) {
        p.gradient.fill(static_cast<std::uint64_t>(20 + t), t == 4 ? 3.0 : 0.3);  // the fourth is shortened
        const Updated<T> before = p;
        std::vector<double> g;
        for (int i = 0; i < p.weights.rows() * columns; ++i) g.push_back(clip * before.gradient(i / columns, i % columns));
        const std::vector<double> step = definition.step(t, g);
        p.update({t, rate, 1, clip});
        QVERIFY(p.intact());
        for (int i = 0; i < p.weights.rows() * columns; ++i) {
            const double w = before.weights(i / columns, i % columns), kept = rows > 0 ? 1 - rate * decay : 1.0;
            LAB_NEAR(static_cast<double>(p.weights(i / columns, i % columns)), w * kept - step[static_cast<std::size_t>(i)], tolerance);
        }
    }
}

}  // namespace

class AdafactorTest : public QObject {
    Q_OBJECT

private slots:
    void weightsMoveAsThePaperHasIt() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int n : {1, 5, 16, 31, 100}) {
                check(k, tolerance, 0, n);
                check(k, tolerance, 1, n);
                check(k, tolerance, 2, n);
                check(k, tolerance, 9, n);
            }
        });
    }

    /// The rows' means stand in the first numbers, the columns' behind them, and nothing else is kept.
    void aMatrixKeepsRowsAndColumns() {
        const auto& k = kernels<double>();
        Updated<double> p(adafactor(), k, 4, 6);
        p.first.fill(0, 0.0);
        p.update({1, rate, 1, 1.0});
        for (int i = 0; i < 24; ++i) {
            double mean = 0;
            for (int j = 0; i < 4 && j < 6; ++j) mean += p.gradient(i, j) * p.gradient(i, j) / 6;
            for (int j = 0; i >= 4 && i < 10 && j < 4; ++j) mean += p.gradient(j, i - 4) * p.gradient(j, i - 4) / 4;
            LAB_NEAR(p.first(i / 6, i % 6), mean, 1e-12);
        }
    }

    /// At the first step nothing is remembered: a vector moves by the rate in the gradient's direction, and no step's root mean square is
    /// above it.
    void stepsAreAtMostAsLongAsTheRate() {
        const auto& k = kernels<double>();
        Updated<double> vector(configOf("adafactor"), k, 0, 7), matrix(configOf("adafactor"), k, 8, 5);
        for (Updated<double>* p : {&vector, &matrix}) {
            p->first.fill(0, 0.0);
            for (int t = 1; t <= 6; ++t) {
                p->gradient.fill(static_cast<std::uint64_t>(40 + t), std::pow(10.0, t));
                const Updated<double> before = *p;
                p->update({t, rate, 1, 1.0});
                double squares = 0;
                const int size = p->weights.rows() * p->weights.columns();
                for (int i = 0; i < size; ++i) {
                    const int r = i / p->weights.columns(), c = i % p->weights.columns();
                    const double moved = p->weights(r, c) - before.weights(r, c);
                    squares += moved * moved;
                    if (p == &vector && t == 1) LAB_NEAR(moved, p->gradient(r, c) > 0 ? -rate : rate, 1e-9);
                }
                QVERIFY(std::sqrt(squares / size) <= rate * (1 + 1e-9));
            }
        }
    }

    /// 0 is the mark of a weight that has always been 0: training brings none there.
    void onlyWeightsThatWereZeroAreZero() {
        const auto& k = kernels<float>();
        Updated<float> p(configOf("adafactor"), k, 0, 3);
        p.first.fill(0, 0.0);
        for (int i = 0; i < 3; ++i) p.weights(0, i) = i == 0 ? 0.0f : 0.25f;
        p.gradient(0, 0) = p.gradient(0, 2) = 0.0f;
        p.gradient(0, 1) = 2.0f;
        p.update({1, 0.25, 1, 1.0});
        QCOMPARE(p.weights(0, 0), 0.0f);
        QVERIFY(p.weights(0, 1) != 0.0f && std::abs(p.weights(0, 1)) < 1e-6f);
        QCOMPARE(p.weights(0, 2), 0.25f);
    }
};

QTEST_APPLESS_MAIN(AdafactorTest)
#include "adafactor_test.moc"
