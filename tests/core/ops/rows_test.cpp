#include "tests/core/ops/kernel_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

const std::vector<int> widths = {1, 2, 3, 4, 7, 8, 10, 16, 17, 32, 33, 64, 96, 130};

// ---- slow twins, in double

std::vector<double> norm(const std::vector<double>& z, bool centred, double epsilon) {
    double mean = 0, squares = 0;
    for (const double v : z) mean += v / static_cast<double>(z.size());
    if (!centred) mean = 0;
    for (const double v : z) squares += (v - mean) * (v - mean) / static_cast<double>(z.size());
    std::vector<double> hat;
    for (const double v : z) hat.push_back((v - mean) / std::sqrt(squares + epsilon));
    return hat;
}

std::vector<double> softmax(std::vector<double> x) {
    const double top = x.empty() ? 0 : *std::max_element(x.begin(), x.end());
    double sum = 0;
    for (double& v : x) sum += v = std::isinf(top) ? 0 : std::exp(v - top);
    for (double& v : x) v = sum > 0 ? v / sum : 0;
    return x;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

/// Central differences of sum_i weights_i f(x)_i.
template <class Function>
std::vector<double> slopes(std::vector<double> x, const std::vector<double>& weights, Function f) {
    std::vector<double> result;
    const double h = 1e-5;
    for (double& v : x) {
        const double at = v;
        v = at + h;
        const double above = dot(weights, f(x));
        v = at - h;
        result.push_back((above - dot(weights, f(x))) / (2 * h));
        v = at;
    }
    return result;
}

template <class T>
std::vector<double> normInput(const Guarded<T>& x, const Guarded<T>& residual, const Guarded<T>& bias, int r, bool useResidual,
                              bool useBias) {
    std::vector<double> z = row(x, r);
    for (int c = 0; c < x.columns(); ++c) z[c] += (useResidual ? residual(r, c) : 0) + (useBias ? bias(0, c) : 0);
    return z;
}

template <class T>
void checkNormForward(const Kernels<T>& k, double tolerance, int rows, int n, bool centred, bool useResidual, bool useBias) {
    Guarded<T> x(rows, n), residual(rows, n), bias(1, n), gamma(1, n), beta(1, n), hat(rows, n), inverse(1, rows), y(rows, n);
    x.fill(1, 2);
    residual.fill(2);
    bias.fill(3);
    gamma.fill(4);
    beta.fill(5);
    const T* res = useResidual ? residual.data() : nullptr;
    const T* b = useBias ? bias.data() : nullptr;
    const auto run = [&](T* hatOut, T* out) {
        if (centred) {
            k.layerNormForward(rows, n, T(1e-5), x.data(), res, b, gamma.data(), beta.data(), hatOut, inverse.data(), out);
        } else {
            k.rmsNormForward(rows, n, T(1e-5), x.data(), res, b, gamma.data(), hatOut, inverse.data(), out);
        }
    };
    run(hat.data(), y.data());
    QVERIFY(hat.intact() && inverse.intact() && y.intact());
    for (int r = 0; r < rows; ++r) {
        const auto expected = norm(normInput(x, residual, bias, r, useResidual, useBias), centred, 1e-5);
        for (int c = 0; c < n; ++c) {
            LAB_NEAR(static_cast<double>(hat(r, c)), expected[c], 5 * tolerance);
            LAB_NEAR(static_cast<double>(y(r, c)), expected[c] * gamma(0, c) + (centred ? beta(0, c) : 0), 5 * tolerance);
        }
    }
    const Guarded<T> expectedY = y;
    run(x.data(), residual.data());  // xhat over x, y over the residual
    QVERIFY(x.intact() && residual.intact());
    for (int r = 0; r < rows; ++r) QVERIFY(row(x, r) == row(hat, r) && row(residual, r) == row(expectedY, r));
}

template <class T>
void checkNormBackward(const Kernels<T>& k, double tolerance, int rows, int n, bool centred) {
    Guarded<T> x(rows, n), gamma(1, n), beta(1, n), hat(rows, n), inverse(1, rows), y(rows, n), dy(rows, n), dz(rows, n), dgamma(1, n),
        dbeta(1, n);
    x.fill(1, 2);
    gamma.fill(4);
    beta.fill(5);
    dy.fill(6);
    dgamma.fill(7);
    dbeta.fill(8);
    const Guarded<T> dgamma0 = dgamma, dbeta0 = dbeta, dy0 = dy;
    const auto backward = [&](T* out) {
        if (centred) {
            k.layerNormBackward(rows, n, dy.data(), hat.data(), inverse.data(), gamma.data(), out, dgamma.data(), dbeta.data());
        } else {
            k.rmsNormBackward(rows, n, dy.data(), hat.data(), inverse.data(), gamma.data(), out, dgamma.data());
        }
    };
    if (centred) {
        k.layerNormForward(rows, n, T(1e-2), x.data(), nullptr, nullptr, gamma.data(), beta.data(), hat.data(), inverse.data(), y.data());
    } else {
        k.rmsNormForward(rows, n, T(1e-2), x.data(), nullptr, nullptr, gamma.data(), hat.data(), inverse.data(), y.data());
    }
    backward(dz.data());
    QVERIFY(dz.intact() && dgamma.intact() && dbeta.intact());
    for (int c = 0; c < n; ++c) {
        double sumGamma = dgamma0(0, c), sumBeta = dbeta0(0, c);
        for (int r = 0; r < rows; ++r) sumGamma += static_cast<double>(dy(r, c)) * static_cast<double>(hat(r, c));
        for (int r = 0; r < rows && centred; ++r) sumBeta += dy(r, c);
        LAB_NEAR(static_cast<double>(dgamma(0, c)), sumGamma, 5 * tolerance);
        LAB_NEAR(static_cast<double>(dbeta(0, c)), sumBeta, 5 * tolerance);
    }
    for (int r = 0; r < rows; ++r) {
        std::vector<double> weights;
        for (int c = 0; c < n; ++c) weights.push_back(static_cast<double>(dy0(r, c)) * static_cast<double>(gamma(0, c)));
        const auto expected = slopes(row(x, r), weights, [&](const auto& z) { return norm(z, centred, 1e-2); });
        for (int c = 0; c < n; ++c) LAB_NEAR(static_cast<double>(dz(r, c)), expected[c], std::max(20 * tolerance, 1e-7));
    }
    backward(dy.data());
    for (int r = 0; r < rows; ++r) QVERIFY(row(dy, r) == row(dz, r));
}

template <class T>
void checkSoftmax(const Kernels<T>& k, double tolerance, int rows, int n, bool useBias) {
    Guarded<T> x(rows, n, 2), bias(1, n), dx(rows, n, 1);
    x.fill(1, 4);
    bias.fill(2);
    for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < n; ++c) {
            if ((r + 2 * c) % 5 == 0 || r == 3) x(r, c) = -infinity;
        }
    }
    const Guarded<T> before = x;
    const double factor = 0.37;
    k.softmaxForward(rows, n, T(factor), useBias ? bias.data() : nullptr, x.data(), x.ld());
    QVERIFY(x.intact());
    dx.fill(3);
    const Guarded<T> dp = dx;
    k.softmaxBackward(rows, n, T(factor), x.data(), x.ld(), dx.data(), dx.ld());
    QVERIFY(dx.intact());
    for (int r = 0; r < rows; ++r) {
        const auto scores = [&](const std::vector<double>& z) {
            std::vector<double> s;
            for (int c = 0; c < n; ++c) s.push_back(static_cast<double>(T(factor)) * z[c] + (useBias ? bias(0, c) : 0));
            return softmax(s);
        };
        const auto expected = scores(row(before, r));
        std::vector<double> finite = row(before, r);
        const auto gradient = slopes(finite, row(dp, r), scores);
        for (int c = 0; c < n; ++c) {
            LAB_NEAR(static_cast<double>(x(r, c)), expected[c], tolerance);
            if (std::isinf(before(r, c))) {
                QCOMPARE(x(r, c), T(0));
                QCOMPARE(dx(r, c), T(0));
            } else {
                LAB_NEAR(static_cast<double>(dx(r, c)), gradient[c], std::max(tolerance, 1e-8));
            }
        }
    }
}

template <class T>
void checkRotation(const Kernels<T>& k, double tolerance, int rows, int pairs, bool interleaved) {
    Guarded<T> x(rows, 2 * pairs, 3), cosines(rows, pairs), sines(rows, pairs);
    x.fill(1);
    for (int r = 0; r < rows; ++r) {
        for (int p = 0; p < pairs; ++p) cosines(r, p) = std::cos(T(r + p)), sines(r, p) = std::sin(T(r + p));
    }
    const Guarded<T> before = x;
    k.rotate(rows, pairs, interleaved, false, cosines.data(), sines.data(), x.data(), x.ld());
    QVERIFY(x.intact());
    for (int r = 0; r < rows; ++r) {
        for (int p = 0; p < pairs; ++p) {
            const int first = interleaved ? 2 * p : p, second = interleaved ? 2 * p + 1 : p + pairs;
            const double a = before(r, first), b = before(r, second), c = cosines(r, p), s = sines(r, p);
            LAB_NEAR(static_cast<double>(x(r, first)), a * c - b * s, tolerance);
            LAB_NEAR(static_cast<double>(x(r, second)), a * s + b * c, tolerance);
        }
    }
    k.rotate(rows, pairs, interleaved, true, cosines.data(), sines.data(), x.data(), x.ld());
    for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < 2 * pairs; ++c) LAB_NEAR(static_cast<double>(x(r, c)), static_cast<double>(before(r, c)), tolerance);
    }
}

}  // namespace

class RowsTest : public QObject {
    Q_OBJECT

private slots:
    void normsOfAllWidths() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int n : widths) {
                for (const bool centred : {false, true}) {
                    for (int use = 0; use < 4; ++use) checkNormForward(k, tolerance, 5, n, centred, use & 1, use & 2);
                    checkNormForward(k, tolerance, 0, n, centred, true, true);
                }
            }
        });
    }

    void normGradients() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int n : widths) {
                for (const bool centred : {false, true}) checkNormBackward(k, tolerance, n < 20 ? 37 : 3, n, centred);
            }
        });
    }

    void softmaxWithMaskedEntries() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int n : widths) {
                for (const bool useBias : {false, true}) checkSoftmax(k, tolerance, 6, n, useBias);
            }
            checkSoftmax(k, tolerance, 3, 0, true);
            checkSoftmax(k, tolerance, 0, 8, false);
        });
    }

    void softmaxOfLargeScoresStaysFinite() {
        forEachTable([](const auto& k, double tolerance) { checkLarge(k, tolerance); });
    }

    void rotationsThereAndBack() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int pairs : {0, 1, 2, 4, 7, 8, 16, 20}) {
                for (const bool interleaved : {false, true}) checkRotation(k, tolerance, 3, pairs, interleaved);
            }
        });
    }

private:
    template <class T>
    static void checkLarge(const Kernels<T>& k, double tolerance) {
        std::vector<T> x = {T(1e30), T(-1e30), T(1e30), -std::numeric_limits<T>::infinity()};
        k.softmaxForward(1, 4, T(1), nullptr, x.data(), 4);
        const double expected[] = {0.5, 0, 0.5, 0};
        for (int i = 0; i < 4; ++i) LAB_NEAR(static_cast<double>(x[i]), expected[i], tolerance);
        x = {T(1), std::numeric_limits<T>::quiet_NaN()};
        k.softmaxForward(1, 2, T(1), nullptr, x.data(), 2);
        QVERIFY(std::isnan(x[0]) && std::isnan(x[1]));
    }
};

QTEST_APPLESS_MAIN(RowsTest)
#include "rows_test.moc"
