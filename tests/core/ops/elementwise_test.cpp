#include "tests/core/ops/kernel_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

const std::vector<int> sizes = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 257};

/// The slow twins of the activations.
double gelu(double x) {
    return x * 0.5 * std::erfc(-x / std::sqrt(2.0));
}
double geluTanh(double x) {
    return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}
double silu(double x) {
    return x / (1 + std::exp(-x));
}
double eluPlusOne(double x) {
    return x > 0 ? x + 1 : std::exp(x);
}
double relu(double x) {
    return x > 0 ? x : 0;
}

template <class T>
using Forward = void (*)(std::int64_t, const T*, T*);
template <class T>
using Backward = void (*)(std::int64_t, const T*, const T*, T*);

template <class T>
void checkActivation(const Kernels<T>& k, double tolerance, Forward<T> forward, Backward<T> backward, double (*f)(double)) {
    for (const int n : sizes) {
        Guarded<T> x(1, n), y(1, n), dy(1, n), dx(1, n);
        x.fill(n, 4);
        dy.fill(n + 1);
        if (n > 8) x(0, 3) = 120, x(0, 4) = -120, x(0, 5) = T(-0.0), x(0, 6) = 9, x(0, 7) = -9;
        forward(n, x.data(), y.data());
        backward(n, x.data(), dy.data(), dx.data());
        QVERIFY(y.intact() && dx.intact());
        for (int i = 0; i < n; ++i) {
            const double v = x(0, i), h = 1e-5;
            LAB_NEAR(static_cast<double>(y(0, i)), f(v), tolerance);
            if (std::abs(v) < h) continue;  // relu's kink
            const double slope = (f(v + h) - f(v - h)) / (2 * h);
            LAB_NEAR(static_cast<double>(dx(0, i)), dy(0, i) * slope, std::max(tolerance, 1e-8));
        }
        backward(n, x.data(), dy.data(), dy.data());
        QVERIFY(row(dy, 0) == row(dx, 0));  // in place
    }
}

template <class T>
void checkSwiglu(const Kernels<T>& k, double tolerance) {
    for (const int n : sizes) {
        Guarded<T> gate(1, n), up(1, n), y(1, n), dy(1, n), dgate(1, n), dup(1, n);
        gate.fill(1, 3);
        up.fill(2, 2);
        dy.fill(3);
        k.swigluForward(n, gate.data(), up.data(), y.data());
        k.swigluBackward(n, gate.data(), up.data(), dy.data(), dgate.data(), dup.data());
        QVERIFY(y.intact() && dgate.intact() && dup.intact());
        for (int i = 0; i < n; ++i) {
            const double g = gate(0, i), u = up(0, i), d = dy(0, i), h = 1e-5;
            LAB_NEAR(static_cast<double>(y(0, i)), silu(g) * u, tolerance);
            LAB_NEAR(static_cast<double>(dgate(0, i)), d * u * (silu(g + h) - silu(g - h)) / (2 * h), std::max(tolerance, 1e-8));
            LAB_NEAR(static_cast<double>(dup(0, i)), d * silu(g), tolerance);
        }
    }
}

template <class T>
void checkSimple(const Kernels<T>& k, double tolerance, int n) {
    Guarded<T> x(1, n), y(1, n);
    x.fill(7);
    y.fill(8);
    const Guarded<T> x0 = x, y0 = y;
    k.add(n, x.data(), y.data());
    k.scale(n, T(2.5), x.data());
    QVERIFY(x.intact() && y.intact());
    double squares = 0;
    for (int i = 0; i < n; ++i) {
        QCOMPARE(y(0, i), x0(0, i) + y0(0, i));
        QCOMPARE(x(0, i), x0(0, i) * T(2.5));
        squares += static_cast<double>(x(0, i)) * static_cast<double>(x(0, i));
    }
    LAB_NEAR(k.sumOfSquares(n, x.data()), squares, tolerance);
}

template <class T>
void checkByRows(const Kernels<T>& k, double tolerance, int rows, int n) {
    Guarded<T> x(rows, n, 3), bias(1, n), sums(1, n);
    x.fill(9);
    bias.fill(10);
    sums.fill(11);
    const Guarded<T> x0 = x, sums0 = sums;
    k.addColumnSums(rows, n, x.data(), x.ld(), sums.data());
    k.addBias(rows, n, bias.data(), x.data(), x.ld());
    QVERIFY(x.intact() && sums.intact());
    for (int c = 0; c < n; ++c) {
        double expected = sums0(0, c);
        for (int r = 0; r < rows; ++r) {
            expected += x0(r, c);
            QCOMPARE(x(r, c), x0(r, c) + bias(0, c));
        }
        LAB_NEAR(static_cast<double>(sums(0, c)), expected, tolerance * std::sqrt(rows + 1.0));
    }
}

template <class T>
void checkDropout(const Kernels<T>& k, int n, double rate) {
    const DropoutKey key{0x123456789abcdef0, 0x0fedcba987654321};
    const RandomStream twin(key.key, key.sample);
    Guarded<T> x(1, n);
    x.fill(12);
    const Guarded<T> before = x;
    k.dropout(n, rate, key, x.data());
    QVERIFY(x.intact());
    const auto factor = static_cast<T>(1 / (1 - rate));
    for (int i = 0; i < n; ++i) {
        const bool kept = static_cast<double>(twin.bits(static_cast<std::uint64_t>(i))) >= rate * 0x1p32;
        QCOMPARE(x(0, i), kept ? before(0, i) * factor : T(0));
    }
}

}  // namespace

class ElementwiseTest : public QObject {
    Q_OBJECT

private slots:
    void activationsAndTheirSlopes() {
        forEachTable([](const auto& k, double tolerance) {
            checkActivation(k, tolerance, k.reluForward, k.reluBackward, relu);
            checkActivation(k, tolerance, k.geluForward, k.geluBackward, gelu);
            checkActivation(k, tolerance, k.geluTanhForward, k.geluTanhBackward, geluTanh);
            checkActivation(k, tolerance, k.eluPlusOneForward, k.eluPlusOneBackward, eluPlusOne);
            checkSwiglu(k, tolerance);
        });
    }

    void geluIsExactToAMillionth() {
        forEachTable([](const auto& k, double) { checkGelu(k); });
    }

    void nanIsNeverHidden() {
        forEachTable([](const auto& k, double) { checkNan(k); });
    }

    void sumsAndBiases() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int n : sizes) checkSimple(k, tolerance, n);
            checkSimple(k, tolerance, 10007);
            for (const int n : sizes) {
                for (const int rows : {0, 1, 2, 5, 30}) checkByRows(k, tolerance, rows, n);
            }
        });
    }

    void dropoutIsThePhiloxStreamOfItsKey() {
        forEachTable([](const auto& k, double) {
            for (const int n : {0, 1, 5, 255, 256, 257, 1030}) {
                for (const double rate : {0.0, 0.1, 0.5, 0.9}) checkDropout(k, n, rate);
            }
        });
    }

    void dropoutKeepsItsShare() {
        std::vector<float> x(100000, 1.0f);
        kernels<float>().dropout(100000, 0.25, {1, 2}, x.data());
        double sum = 0;
        for (const float v : x) sum += v;
        QVERIFY(std::abs(sum / 100000 - 1) < 0.01);
    }

private:
    template <class T>
    static void checkGelu(const Kernels<T>& k) {
        std::vector<T> x, ones;
        for (double v = -12; v < 12; v += 0.003) x.push_back(static_cast<T>(v)), ones.push_back(T(1));
        std::vector<T> y(x.size()), slope(x.size());
        k.geluForward(static_cast<std::int64_t>(x.size()), x.data(), y.data());
        k.geluBackward(static_cast<std::int64_t>(x.size()), x.data(), ones.data(), slope.data());
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double v = x[i], cumulative = 0.5 * std::erfc(-v / std::sqrt(2.0));
            LAB_NEAR(static_cast<double>(y[i]), v * cumulative, 1e-6);
            LAB_NEAR(static_cast<double>(slope[i]), cumulative + v * std::exp(-v * v / 2) / std::sqrt(2 * M_PI), 1e-6);
        }
    }

    template <class T>
    static void checkNan(const Kernels<T>& k) {
        for (const Forward<T> forward : {k.reluForward, k.geluForward, k.geluTanhForward, k.eluPlusOneForward}) {
            for (int at = 0; at < 19; ++at) {
                Guarded<T> x(1, 19), y(1, 19);
                x.fill(1);
                x(0, at) = std::numeric_limits<T>::quiet_NaN();
                forward(19, x.data(), y.data());
                for (int i = 0; i < 19; ++i) QCOMPARE(std::isnan(y(0, i)), i == at);
            }
        }
    }
};

QTEST_APPLESS_MAIN(ElementwiseTest)
#include "elementwise_test.moc"
