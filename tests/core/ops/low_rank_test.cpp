#include "core/ops/low_rank.h"

#include <QtTest>
#include <cmath>
#include <vector>

#include "core/base/random.h"

using namespace lab;

namespace {

template <class T>
std::vector<T> drawn(const char* name, std::size_t count) {
    const RandomStream random(3, name);
    std::vector<T> numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<T>(random.normal(i));
    return numbers;
}

/// A matrix with its adapter, and what is to become of their sum.
template <class T>
struct Adapted {
    explicit Adapted(LowRankShape of)
        : shape(of),
          weight(drawn<T>("w", count(of.outputs, of.inputs))),
          a(drawn<T>("a", count(of.rank, of.inputs))),
          b(drawn<T>("b", count(of.outputs, of.rank))),
          x(drawn<T>("x", count(rows, of.inputs))),
          wanted(drawn<T>("y", count(rows, of.outputs))),
          scratch(static_cast<std::size_t>(lowRankScratch(of))) {}

    static std::size_t count(int rows, int columns) { return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns); }

    std::vector<T> sum() {
        std::vector<T> result(weight.size(), std::nan(""));
        lowRankForward(kernels<T>(), shape, weight.data(), a.data(), b.data(), scratch.data(), result.data());
        return result;
    }
    /// [rows, outputs] of x.
    std::vector<T> outputs() {
        const std::vector<T> s = sum();
        std::vector<T> y(wanted.size());
        kernels<T>().gemmByRows(rows, shape.outputs, shape.inputs, x.data(), shape.inputs, s.data(), shape.inputs, y.data(), shape.outputs,
                                {nullptr, nullptr, 0, false, nullptr, 0});
        return y;
    }
    /// Not linear in the outputs: sum of sin(y) times something.
    double loss() {
        const std::vector<T> y = outputs();
        double total = 0;
        for (std::size_t i = 0; i < y.size(); ++i) total += std::sin(static_cast<double>(y[i])) * static_cast<double>(wanted[i]);
        return total;
    }
    /// Adds to da and db; dy has a gap behind each row.
    void backward(const std::vector<T>& dy, std::vector<T>& da, std::vector<T>& db) const {
        const int gap = 3, lddy = shape.outputs + gap;
        std::vector<T> wide(count(rows, lddy), static_cast<T>(std::nan(""))), inner(count(rows, shape.rank));
        for (int r = 0; r < rows; ++r) std::copy_n(dy.data() + r * shape.outputs, shape.outputs, wide.data() + r * lddy);
        lowRankBackward(kernels<T>(), shape, rows, x.data(), wide.data(), lddy, a.data(), b.data(), inner.data(), da.data(), db.data());
    }

    static constexpr int rows = 6;

    LowRankShape shape;
    std::vector<T> weight, a, b, x, wanted, scratch;
};

const LowRankShape ranks[] = {{5, 3, 1, 2.0}, {16, 16, 4, 0.5}, {7, 33, 3, -1.25}, {64, 17, 8, 4.0}, {1, 1, 1, 1.0}};

}  // namespace

class LowRankTest : public QObject {
    Q_OBJECT

private slots:
    void shapes_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(ranks)); ++i)
            QTest::addRow("%d x %d rank %d", ranks[i].outputs, ranks[i].inputs, ranks[i].rank) << i;
    }

    void sumIsTheDefinition_data() { shapes_data(); }
    void sumIsTheDefinition() {
        QFETCH(int, index);
        Adapted<double> exact(ranks[index]);
        Adapted<float> floats(ranks[index]);
        const std::vector<double> found = exact.sum();
        const std::vector<float> rounded = floats.sum();
        const auto [outputs, inputs, rank, factor] = ranks[index];
        for (int o = 0; o < outputs; ++o)
            for (int i = 0; i < inputs; ++i) {
                const auto at = static_cast<std::size_t>(o * inputs + i);
                double expected = exact.weight[at];
                for (int r = 0; r < rank; ++r)
                    expected +=
                        factor * exact.b[static_cast<std::size_t>(o * rank + r)] * exact.a[static_cast<std::size_t>(r * inputs + i)];
                QVERIFY(std::abs(found[at] - expected) <= 1e-12 * (1 + std::abs(expected)));
                QVERIFY(std::abs(static_cast<double>(rounded[at]) - expected) <= 1e-5 * (1 + std::abs(expected)));
            }
    }

    void zerosAddNothing_data() { shapes_data(); }
    void zerosAddNothing() {
        QFETCH(int, index);
        Adapted<float> adapted(ranks[index]);
        std::fill(adapted.b.begin(), adapted.b.end(), 0.0f);
        QVERIFY(adapted.sum() == adapted.weight);
    }

    void gradientsEqualCentralDifferences_data() { shapes_data(); }
    void gradientsEqualCentralDifferences() {
        QFETCH(int, index);
        Adapted<double> adapted(ranks[index]);
        std::vector<double> dy = adapted.outputs();
        for (std::size_t i = 0; i < dy.size(); ++i) dy[i] = std::cos(dy[i]) * adapted.wanted[i];
        std::vector<double> da(adapted.a.size(), 0.5), db(adapted.b.size(), 0.5);
        adapted.backward(dy, da, db);
        for (double& each : da) each -= 0.5;
        for (double& each : db) each -= 0.5;
        compare(adapted, adapted.a, da);
        compare(adapted, adapted.b, db);
    }

    void floatGradientsAreTheDoublesRounded() {
        for (const LowRankShape& shape : ranks) {
            Adapted<double> exact(shape);
            Adapted<float> floats(shape);
            std::vector<double> da(exact.a.size()), db(exact.b.size());
            std::vector<float> fa(exact.a.size()), fb(exact.b.size());
            exact.backward(exact.wanted, da, db);
            floats.backward(floats.wanted, fa, fb);
            for (std::size_t i = 0; i < da.size(); ++i)
                QVERIFY(std::abs(static_cast<double>(fa[i]) - da[i]) <= 1e-4 * (1 + std::abs(da[i])));
            for (std::size_t i = 0; i < db.size(); ++i)
                QVERIFY(std::abs(static_cast<double>(fb[i]) - db[i]) <= 1e-4 * (1 + std::abs(db[i])));
        }
    }

private:
    static void compare(Adapted<double>& adapted, std::vector<double>& of, const std::vector<double>& gradient) {
        constexpr double h = 1e-6;
        for (std::size_t i = 0; i < of.size(); ++i) {
            const double kept = of[i];
            of[i] = kept + h;
            const double up = adapted.loss();
            of[i] = kept - h;
            const double down = adapted.loss();
            of[i] = kept;
            const double expected = (up - down) / (2 * h);
            QVERIFY2(std::abs(gradient[i] - expected) <= 1e-6 + 1e-6 * std::abs(expected),
                     qPrintable(QString("%1: %2, central difference %3").arg(i).arg(gradient[i]).arg(expected)));
        }
    }
};

QTEST_APPLESS_MAIN(LowRankTest)
#include "low_rank_test.moc"
