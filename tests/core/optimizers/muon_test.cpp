#include "core/config/model_config.h"
#include "core/optimizers/shared_parameters.h"
#include "tests/core/optimizers/rule_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

using Rows = std::vector<std::vector<double>>;

constexpr double momentum = 0.95, decay = 0.1, rate = 0.02, clip = 0.5;

Rows product(const Rows& a, const Rows& b) {
    Rows c(a.size(), std::vector<double>(b.front().size(), 0.0));
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t k = 0; k < b.size(); ++k)
            for (std::size_t j = 0; j < b.front().size(); ++j) c[i][j] += a[i][k] * b[k][j];
    return c;
}

Rows transposed(const Rows& a) {
    Rows b(a.front().size(), std::vector<double>(a.size()));
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < a.front().size(); ++j) b[j][i] = a[i][j];
    return b;
}

/// The definition on paper: X <- a X + b (X X^T) X + c (X X^T)^2 X, five times, whichever side is longer.
Rows orthogonalised(Rows x) {
    double squares = 0;
    for (const auto& row : x)
        for (const double e : row) squares += e * e;
    for (auto& row : x)
        for (double& e : row) e /= std::max(1e-7, std::sqrt(squares));
    for (int i = 0; i < 5; ++i) {
        const Rows gram = product(x, transposed(x)), cubic = product(gram, x), quintic = product(gram, cubic);
        for (std::size_t r = 0; r < x.size(); ++r)
            for (std::size_t c = 0; c < x[r].size(); ++c) x[r][c] = 3.4445 * x[r][c] - 4.7750 * cubic[r][c] + 2.0315 * quintic[r][c];
    }
    return x;
}

OptimizerConfig muon() {
    return configOf("muon", {{optimizer::momentum, momentum}, {optimizer::weightDecay, decay}});
}

template <class T>
void checkMatrix(const Kernels<T>& k, double tolerance, int rows, int columns) {
    Updated<T> p(muon(), k, rows, columns, true);
    const Updated<T> before = p;
    p.update({3, rate, 1, clip});
    QVERIFY(p.intact());
    Rows ahead(rows, std::vector<double>(columns));
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < columns; ++c) {
            const double g = clip * p.gradient(r, c), m = momentum * before.first(r, c) + (1 - momentum) * g;
            ahead[r][c] = momentum * m + (1 - momentum) * g;
            LAB_NEAR(static_cast<double>(p.first(r, c)), m, tolerance);
            QCOMPARE(p.second(r, c), before.second(r, c));
        }
    const Rows step = orthogonalised(ahead);
    const double adjusted = rate * std::sqrt(std::max(1.0, static_cast<double>(rows) / columns));
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < columns; ++c)
            LAB_NEAR(static_cast<double>(p.weights(r, c)), before.weights(r, c) * (1 - rate * decay) - adjusted * step[r][c], tolerance);
}

}  // namespace

class MuonTest : public QObject {
    Q_OBJECT

private slots:
    void aHiddenMatrixGetsAnOrthogonalStep() {
        forEachTable([](const auto& k, double tolerance) {
            for (const auto& [rows, columns] : {std::pair{1, 1}, {1, 9}, {9, 1}, {5, 5}, {7, 16}, {16, 7}, {33, 20}})
                checkMatrix(k, tolerance, rows, columns);
        });
    }

    void singularValuesComeNearOne() {
        const auto& k = kernels<double>();
        Updated<double> p(configOf("muon", {{optimizer::momentum, 0.0}}), k, 12, 5, true);
        p.weights.fill(0, 0.0);
        p.update({1, 1.0, 1, 1.0});
        Rows step(12, std::vector<double>(5));
        for (int r = 0; r < 12; ++r)
            for (int c = 0; c < 5; ++c) step[r][c] = p.weights(r, c) / std::sqrt(12.0 / 5.0);
        const Rows gram = product(transposed(step), step);
        double trace = 0;
        for (int i = 0; i < 5; ++i) trace += gram[i][i];
        QVERIFY(trace > 5 * 0.5 && trace < 5 * 1.5);  // the quintic leaves each between 0.7 and 1.2
    }

    void aMatrixWithoutGradientOnlyDecays() {
        const auto& k = kernels<float>();
        Updated<float> p(muon(), k, 4, 6, true);
        p.gradient.fill(0, 0.0);
        p.first.fill(0, 0.0);
        const Updated<float> before = p;
        p.update({1, rate, 1, 1.0});
        for (int r = 0; r < 4; ++r)
            for (int c = 0; c < 6; ++c)
                LAB_NEAR(static_cast<double>(p.weights(r, c)), static_cast<double>(before.weights(r, c)) * (1 - rate * decay), 1e-6);
    }

    /// The schedule's factor is 0.25 here.
    void theRestGoesByAdamwAtItsOwnRate() {
        OptimizerConfig config = muon();
        config.numbers.set("adamw_learning_rate", 0.004);
        const OptimizerConfig adamw = configOf("adamw", {{optimizer::weightDecay, decay}});
        const auto& k = kernels<float>();
        for (const int rows : {0, 3}) {
            Updated<float> p(config, k, rows, 21), other(adamw, k, rows, 21);
            p.update({5, rate, 0.25, clip});
            other.update({5, 0.001, 1, clip});
            for (int r = 0; r < p.weights.rows(); ++r)
                for (int c = 0; c < 21; ++c) QCOMPARE(p.weights(r, c), other.weights(r, c));
        }
    }
};

QTEST_APPLESS_MAIN(MuonTest)
#include "muon_test.moc"
