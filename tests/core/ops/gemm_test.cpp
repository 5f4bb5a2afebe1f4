#include "tests/core/ops/kernel_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

struct Shape {
    int M, N, K;
};

std::vector<Shape> shapes() {
    std::vector<Shape> all;
    for (const int M : {0, 1, 2, 5, 8, 17, 33}) {
        for (const int N : {0, 1, 3, 8, 10, 16, 17, 32, 47, 65}) {
            for (const int K : {0, 1, 7, 32}) all.push_back({M, N, K});
        }
    }
    all.push_back({19, 35, 513});
    all.push_back({150, 70, 257});
    // single rows, eight vectors at once
    all.push_back({1, 128, 7});
    all.push_back({1, 330, 270});
    all.push_back({1, 97, 577});
    // of large models, which are done by copies
    all.push_back({131, 141, 130});
    all.push_back({269, 150, 259});
    return all;
}

template <class T>
void checkProduct(const Kernels<T>& k, double tolerance, Shape s, bool transposed, bool accumulate) {
    const int gap = (s.M + s.N + s.K) % 3;
    Guarded<T> a(transposed ? s.K : s.M, transposed ? s.M : s.K, gap), b(s.K, s.N, 2 * gap), c(s.M, s.N, gap, 3);
    a.fill(1);
    b.fill(2);
    c.fill(3);
    const Guarded<T> before = c;
    (transposed ? k.gemmTransposedA : k.gemm)(s.M, s.N, s.K, a.data(), a.ld(), b.data(), b.ld(), c.data(), c.ld(), accumulate);
    QVERIFY(c.intact());
    for (int i = 0; i < s.M; ++i) {
        for (int j = 0; j < s.N; ++j) {
            double expected = accumulate ? static_cast<double>(before(i, j)) : 0.0;
            for (int d = 0; d < s.K; ++d) expected += static_cast<double>(transposed ? a(d, i) : a(i, d)) * static_cast<double>(b(d, j));
            LAB_NEAR(static_cast<double>(c(i, j)), expected, tolerance * std::sqrt(s.K + 1.0));
        }
    }
}

/// bit 0: bias, 1: addend, 2: relu, 3: gate
template <class T>
void checkFused(const Kernels<T>& k, double tolerance, Shape s, int options) {
    Guarded<T> a(s.M, s.K, 1), b(s.K, s.N, 2), c(s.M, s.N, 3), bias(1, s.N), addend(s.M, s.N, 1), gate(s.M, s.N, 2);
    a.fill(1);
    b.fill(2);
    c.fill(3);
    bias.fill(4);
    addend.fill(5);
    gate.fill(6);
    const GemmExtra<T> extra{options & 1 ? bias.data() : nullptr,
                             options & 2 ? addend.data() : nullptr,
                             addend.ld(),
                             (options & 4) != 0,
                             options & 8 ? gate.data() : nullptr,
                             gate.ld()};
    k.gemmFused(s.M, s.N, s.K, a.data(), a.ld(), b.data(), b.ld(), c.data(), c.ld(), extra);
    QVERIFY(c.intact());
    for (int i = 0; i < s.M; ++i) {
        for (int j = 0; j < s.N; ++j) {
            double expected = (options & 1 ? bias(0, j) : 0) + (options & 2 ? addend(i, j) : 0);
            for (int d = 0; d < s.K; ++d) expected += static_cast<double>(a(i, d)) * static_cast<double>(b(d, j));
            if (options & 4) expected = std::max(expected, 0.0);
            if (options & 8) expected = gate(i, j) > 0 ? expected : 0;
            LAB_NEAR(static_cast<double>(c(i, j)), expected, tolerance * std::sqrt(s.K + 1.0));
        }
    }
}

/// The product with W^T, W read by its rows, has the bits of that with a transposed copy.
template <class T>
void checkByRows(const Kernels<T>& k, Shape s, int options) {
    Guarded<T> a(s.M, s.K, 1), w(s.N, s.K, 2), copy(s.K, s.N), c(s.M, s.N, 3), expected(s.M, s.N, 3), bias(1, s.N), addend(s.M, s.N, 1);
    a.fill(1);
    w.fill(2);
    bias.fill(4);
    addend.fill(5);
    for (int n = 0; n < s.N; ++n)
        for (int d = 0; d < s.K; ++d) copy(d, n) = w(n, d);
    const GemmExtra<T> extra{
        options & 1 ? bias.data() : nullptr, options & 2 ? addend.data() : nullptr, addend.ld(), (options & 4) != 0, nullptr, 0};
    k.gemmByRows(s.M, s.N, s.K, a.data(), a.ld(), w.data(), w.ld(), c.data(), c.ld(), extra);
    k.gemmFused(s.M, s.N, s.K, a.data(), a.ld(), copy.data(), copy.ld(), expected.data(), expected.ld(), extra);
    QVERIFY(c.intact());
    for (int i = 0; i < s.M; ++i)
        for (int j = 0; j < s.N; ++j) QVERIFY(c(i, j) == expected(i, j));

    Guarded<T> panels(1, static_cast<int>(k.sizeOfPanels(s.M, s.K))), turned = addend;  // in place of what it adds
    k.turnRows(s.M, s.K, a.data(), a.ld(), panels.data());
    const GemmExtra<T> inPlace{extra.bias, options & 2 ? turned.data() : nullptr, turned.ld(),
                               extra.relu, options & 8 ? addend.data() : nullptr, addend.ld()};
    k.gemmOfPanels(s.M, s.N, s.K, panels.data(), w.data(), w.ld(), turned.data(), turned.ld(), inPlace);
    QVERIFY(panels.intact() && turned.intact());
    for (int i = 0; i < s.M; ++i)
        for (int j = 0; j < s.N; ++j) {
            const bool open = !inPlace.gate || addend(i, j) > 0;
            QVERIFY(turned(i, j) == (open ? expected(i, j) : T(0)));
        }
}

/// Rows of bytes times their scales.
template <class T>
void checkBytes(const Kernels<T>& k, double tolerance, int N, int K) {
    Guarded<T> a(1, K), y(1, N);
    a.fill(1);
    std::vector<signed char> w(static_cast<std::size_t>(N * K));
    std::vector<float> scales(static_cast<std::size_t>(N));
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = static_cast<signed char>(static_cast<int>(i * 37 % 255) - 127);
    for (std::size_t i = 0; i < scales.size(); ++i) scales[i] = 0.01f * static_cast<float>(i + 1);
    k.rowByBytes(N, K, a.data(), w.data(), scales.data(), y.data());
    QVERIFY(y.intact());
    for (int n = 0; n < N; ++n) {
        double sum = 0;
        for (int d = 0; d < K; ++d) sum += static_cast<double>(a(0, d)) * w[static_cast<std::size_t>(n * K + d)];
        const double scale = static_cast<double>(scales[static_cast<std::size_t>(n)]);
        LAB_NEAR(static_cast<double>(y(0, n)), scale * sum, 127 * scale * tolerance * std::sqrt(K + 1.0));
    }
}

}  // namespace

class GemmTest : public QObject {
    Q_OBJECT

private slots:
    void productsOfAllShapes() {
        forEachTable([](const auto& k, double tolerance) {
            for (const Shape& s : shapes()) {
                for (const bool transposed : {false, true}) {
                    checkProduct(k, tolerance, s, transposed, false);
                    checkProduct(k, tolerance, s, transposed, true);
                    if (QTest::currentTestFailed()) QFAIL(qPrintable(QStringLiteral("M %1 N %2 K %3").arg(s.M).arg(s.N).arg(s.K)));
                }
            }
        });
    }

    void productsWithEverythingFused() {
        forEachTable([](const auto& k, double tolerance) {
            for (const Shape& s : shapes()) {
                for (int options = 0; options < 16; ++options) {
                    const bool small = s.M < 20 && (s.K == 0 || s.K == 7 || s.K > 256);
                    if (small || (s.M > 200 && options == 15)) checkFused(k, tolerance, s, options);
                    if (QTest::currentTestFailed())
                        QFAIL(qPrintable(QStringLiteral("M %1 N %2 K %3 options %4").arg(s.M).arg(s.N).arg(s.K).arg(options)));
                }
            }
        });
    }

    void productsWithWeightsAsTheyLie() {
        forEachTable([](const auto& k, double) {
            for (const Shape& s : shapes())
                for (const int options : {0, 7, 15}) {
                    checkByRows(k, s, options);
                    if (QTest::currentTestFailed()) QFAIL(qPrintable(QStringLiteral("M %1 N %2 K %3").arg(s.M).arg(s.N).arg(s.K)));
                }
        });
    }

    void productsWithRowsOfBytes() {
        forEachTable([](const auto& k, double tolerance) {
            for (const int N : {0, 1, 3, 4, 9})
                for (const int K : {0, 1, 15, 16, 33, 300}) checkBytes(k, tolerance, N, K);
        });
    }

    /// Groups of sequences may be cut anywhere, so the bits of a row must come from the row alone.
    void rowsDoNotDependOnTheirNeighbours() {
        forEachTable([](const auto& k, double) {
            checkRows(k, {45, 37, 300});
            checkRows(k, {129, 150, 260});
            checkRows(k, {3, 300, 300});
        });
    }

    void transposesAnyShape() {
        forEachTable([](const auto& k, double) {
            for (const int rows : {0, 1, 3, 4, 8, 16, 17, 40}) {
                for (const int columns : {0, 1, 5, 8, 16, 19, 33}) checkTranspose(k, rows, columns);
            }
        });
    }

private:
    template <class T>
    static void checkRows(const Kernels<T>& k, Shape shape) {
        const auto [M, N, K] = shape;
        Guarded<T> a(M, K), b(K, N), all(M, N), single(1, N);
        a.fill(4);
        b.fill(5);
        k.gemm(M, N, K, a.data(), K, b.data(), N, all.data(), N, false);
        for (int i = 0; i < M; ++i) {
            k.gemm(1, N, K, a.data() + i * K, K, b.data(), N, single.data(), N, false);
            QVERIFY(row(single, 0) == row(all, i));
        }
    }

    template <class T>
    static void checkTranspose(const Kernels<T>& k, int rows, int columns) {
        Guarded<T> in(rows, columns, 3), out(columns, rows, 1);
        in.fill(6);
        k.transpose(rows, columns, in.data(), in.ld(), out.data(), out.ld());
        QVERIFY(out.intact());
        for (int r = 0; r < rows; ++r) {
            for (int c = 0; c < columns; ++c) QCOMPARE(out(c, r), in(r, c));
        }
    }
};

QTEST_APPLESS_MAIN(GemmTest)
#include "gemm_test.moc"
