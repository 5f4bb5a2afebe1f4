#include "tests/core/ops/kernel_testing.h"

using namespace lab;
using namespace lab::testing;

// The fused attention kernels against a twin in double, whose gradients are written out per element.

namespace {

struct Case {
    int queries, keys, headDim;
    bool causal = false, biased = false, sloped = false, shared = false, addToKeys = false;
    double factor = 0.4;
};

std::vector<Case> cases() {
    std::vector<Case> all;
    for (const int n : {0, 1, 2, 10, 16, 17, 31, 33, 64, 70, 130}) {
        const int dim = n % 2 ? 7 : 16;
        all.push_back({n, n, dim});
        all.push_back({n, n, dim, true});
        all.push_back({n, n, 8, false, true, false, true, false, -0.6});
        all.push_back({n, n, 5, true, true, true, false, true});
        all.push_back({n, n, 4, false, false, true, false, true});
    }
    for (const int keys : {0, 3, 20, 90}) all.push_back({13, keys, 12, false, keys > 3});
    all.push_back({0, 9, 4});
    return all;
}

double at(const std::vector<double>& m, int columns, int r, int c) {
    return m[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(c)];
}

template <class T>
double product(const Guarded<T>& a, int i, const Guarded<T>& b, int j) {
    double sum = 0;
    for (int c = 0; c < a.columns(); ++c) sum += static_cast<double>(a(i, c)) * static_cast<double>(b(j, c));
    return sum;
}

/// weights [queries, keys]
template <class T>
std::vector<double> twinWeights(const Case& s, const Guarded<T>& q, const Guarded<T>& k, const Guarded<T>& bias, double slope) {
    std::vector<double> all;
    for (int i = 0; i < s.queries; ++i) {
        std::vector<double> z;
        double top = -1e300, sum = 0;
        for (int j = 0; j < s.keys; ++j) {
            const bool hidden = s.causal && j > i;
            z.push_back(hidden ? -1e300
                               : static_cast<double>(T(s.factor)) * product(q, i, k, j) + (s.biased ? bias(0, j) : 0) -
                                     slope * std::abs(i - j));
            top = std::max(top, z.back());
        }
        for (double& v : z) sum += v = std::exp(v - top);
        for (const double v : z) all.push_back(v / sum);
    }
    return all;
}

template <class T>
struct Arrays {
    Guarded<T> q, k, v, bias, out, dout, dq, dk, dv, sums;

    explicit Arrays(const Case& s)
        : q(s.queries, s.headDim, 3),
          k(s.keys, s.headDim, 5),
          v(s.keys, s.headDim, 1),
          bias(1, s.keys),
          out(s.queries, s.headDim, 2),
          dout(s.queries, s.headDim, 4),
          dq(s.queries, s.headDim, 1),
          dk(s.keys, s.headDim, 3),
          dv(s.keys, s.headDim, 2),
          sums(1, s.keys) {
        q.fill(1);
        k.fill(2);
        v.fill(3);
        bias.fill(4);
        dout.fill(5);
        dk.fill(6);
        dv.fill(7);
        sums.fill(8);
    }
};

template <class T>
void compareGradients(const Kernels<T>& k, const Case& s, const Arrays<T>& a, const Arrays<T>& before, const std::vector<double>& w,
                      double product0, double tolerance) {
    std::vector<double> ds;  // of factor q k + bias
    double products = 0;
    for (int i = 0; i < s.queries; ++i) {
        double mean = 0;
        for (int j = 0; j < s.keys; ++j) mean += at(w, s.keys, i, j) * product(a.dout, i, a.v, j);
        for (int j = 0; j < s.keys; ++j) {
            ds.push_back(at(w, s.keys, i, j) * (product(a.dout, i, a.v, j) - mean));
            products += ds.back() * product(a.q, i, s.shared ? a.q : a.k, j);
        }
    }
    const auto keys = [&](int j, int c) { return static_cast<double>(s.shared ? a.q(j, c) : a.k(j, c)); };
    for (int c = 0; c < s.headDim; ++c) {
        for (int i = 0; i < s.queries && !s.shared; ++i) {
            double sum = 0;
            for (int j = 0; j < s.keys; ++j) sum += s.factor * at(ds, s.keys, i, j) * keys(j, c);
            LAB_NEAR(static_cast<double>(a.dq(i, c)), sum, tolerance);
        }
        for (int j = 0; j < s.keys; ++j) {
            double dk = s.addToKeys ? before.dk(j, c) : 0, dv = s.addToKeys ? before.dv(j, c) : 0;
            for (int i = 0; i < s.queries; ++i) {
                dk += s.factor * at(ds, s.keys, i, j) * static_cast<double>(a.q(i, c));
                dv += at(w, s.keys, i, j) * static_cast<double>(a.dout(i, c));
                if (s.shared) dk += s.factor * at(ds, s.keys, j, i) * keys(i, c);
            }
            LAB_NEAR(static_cast<double>(a.dk(j, c)), dk, tolerance);
            LAB_NEAR(static_cast<double>(a.dv(j, c)), dv, tolerance);
        }
    }
    if (!s.biased) return;
    for (int j = 0; j < s.keys; ++j) {
        double sum = before.sums(0, j);
        for (int i = 0; i < s.queries; ++i) sum += at(ds, s.keys, i, j);
        LAB_NEAR(static_cast<double>(a.sums(0, j)), sum, tolerance);
    }
    LAB_NEAR(product0, 1.5 + products, tolerance * 10);
}

template <class T>
void check(const Kernels<T>& k, const Case& s, double tolerance) {
    Arrays<T> a(s);
    const Arrays<T> before(s);
    const double slope = s.sloped ? 0.25 : 0;
    const Guarded<T>& key = s.shared ? a.q : a.k;
    const AttentionHead<T> head{s.queries,  s.keys,     s.headDim,  s.causal, T(s.factor), T(slope), s.biased ? a.bias.data() : nullptr,
                                a.q.data(), key.data(), a.v.data(), a.q.ld(), key.ld(),    a.v.ld()};
    Guarded<T> stored(1, static_cast<int>(attentionStored(s.queries, s.keys, s.causal)));
    Guarded<T> scratch(1, static_cast<int>(attentionScratch(s.keys, s.headDim)));
    k.attentionForward(head, stored.data(), a.out.data(), a.out.ld(), scratch.data());
    QVERIFY(stored.intact() && scratch.intact() && a.out.intact());
    const std::vector<double> w = twinWeights(s, a.q, key, a.bias, slope);
    for (int i = 0; i < s.queries; ++i) {
        for (int c = 0; c < s.headDim; ++c) {
            double sum = 0;
            for (int j = 0; j < s.keys; ++j) sum += at(w, s.keys, i, j) * static_cast<double>(a.v(j, c));
            LAB_NEAR(static_cast<double>(a.out(i, c)), sum, tolerance);
        }
    }
    double products = 1.5;
    Guarded<T>& dq = s.shared ? a.dk : a.dq;
    const AttentionHeadGradient<T> gradient{a.dout.data(),
                                            dq.data(),
                                            a.dk.data(),
                                            a.dv.data(),
                                            a.dout.ld(),
                                            dq.ld(),
                                            a.dk.ld(),
                                            a.dv.ld(),
                                            s.addToKeys,
                                            s.biased ? a.sums.data() : nullptr,
                                            s.biased ? &products : nullptr};
    k.attentionBackward(head, stored.data(), gradient, scratch.data());
    QVERIFY(scratch.intact() && a.dq.intact() && a.dk.intact() && a.dv.intact() && a.sums.intact());
    compareGradients(k, s, a, before, w, products, 10 * tolerance);
}

}  // namespace

class AttentionTest : public QObject {
    Q_OBJECT

private slots:
    void headsOfAllKinds() {
        forEachTable([](const auto& k, double tolerance) {
            for (const Case& s : cases()) {
                check(k, s, tolerance);
                if (QTest::currentTestFailed())
                    QFAIL(qPrintable(QStringLiteral("%1: %2 queries, %3 keys, head_dim %4, causal %5, biased %6, sloped %7, shared %8")
                                         .arg(k.isa)
                                         .arg(s.queries)
                                         .arg(s.keys)
                                         .arg(s.headDim)
                                         .arg(s.causal)
                                         .arg(s.biased)
                                         .arg(s.sloped)
                                         .arg(s.shared)));
            }
        });
    }

    void nanReachesTheOutput() {
        forEachTable([](const auto& k, double) { checkNan(k); });
    }

private:
    template <class T>
    static void checkNan(const Kernels<T>& k) {
        const Case s{20, 20, 8};
        Arrays<T> a(s);
        a.k(7, 3) = std::numeric_limits<T>::quiet_NaN();
        const AttentionHead<T> head{20,         20,         8,          false,    T(1),     T(0),    nullptr,
                                    a.q.data(), a.k.data(), a.v.data(), a.q.ld(), a.k.ld(), a.v.ld()};
        std::vector<T> stored(static_cast<std::size_t>(attentionStored(20, 20, false)));
        std::vector<T> scratch(static_cast<std::size_t>(attentionScratch(20, 8)));
        k.attentionForward(head, stored.data(), a.out.data(), a.out.ld(), scratch.data());
        for (int i = 0; i < 20; ++i) QVERIFY(std::isnan(a.out(i, 0)));
    }
};

QTEST_APPLESS_MAIN(AttentionTest)
#include "attention_test.moc"
