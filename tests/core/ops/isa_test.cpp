#include "core/base/errors.h"
#include "tests/core/ops/kernel_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// A small chain through many kernels; shift moves every array, so that alignment differs.
std::vector<float> chain(const Kernels<float>& k, int shift) {
    const int rows = 21, n = 45;
    Guarded<float> x(rows, n, 0, shift), w(n, n, 0, shift), y(rows, n, 0, shift), gamma(1, n, 0, shift), hat(rows, n, 0, shift),
        inverse(1, rows, 0, shift), dgamma(1, n, 0, shift), rectified(2, n, 0, shift);
    x.fill(1);
    w.fill(2);
    gamma.fill(3);
    dgamma.fill(4, 0.01);
    rectified.fill(5);
    k.reluForward(2 * n, rectified.data(), rectified.data());
    k.gemm(rows, n, n, x.data(), n, w.data(), n, y.data(), n, false);
    k.softmaxForward(rows, n, 0.3f, nullptr, y.data(), n);
    k.layerNormForward(rows, n, 1e-5f, y.data(), x.data(), gamma.data(), gamma.data(), gamma.data(), hat.data(), inverse.data(), y.data());
    k.layerNormBackward(rows, n, x.data(), hat.data(), inverse.data(), gamma.data(), x.data(), dgamma.data(), gamma.data());
    k.gemmTransposedA(n, n, rows, x.data(), n, y.data(), n, w.data(), n, true);
    k.dropout(n * n, 0.1, {3, 4}, w.data());
    std::vector<float> result(w.data(), w.data() + n * n);
    result.insert(result.end(), gamma.data(), gamma.data() + n);
    result.insert(result.end(), rectified.data(), rectified.data() + 2 * n);
    result.push_back(static_cast<float>(k.sumOfSquares(n * n, w.data())));
    return result;
}

}  // namespace

class IsaTest : public QObject {
    Q_OBJECT

private slots:
    void bitsDoNotDependOnAlignment() {
        for (const char* isa : {"generic", "v3", "v4"}) {
            const Kernels<float>* k = kernelsFor(isa);
            if (!k) continue;
            const auto expected = chain(*k, 0);
            for (int shift = 1; shift < 17; ++shift) QVERIFY(chain(*k, shift) == expected);
        }
    }

    void instructionSetsAgree() {
        const auto expected = chain(*kernelsFor("generic"), 0);
        for (const char* isa : {"v3", "v4"}) {
            const Kernels<float>* found = kernelsFor(isa);
            if (!found) continue;
            const Kernels<float>& k = *found;
            const auto actual = chain(k, 0);
            for (std::size_t i = 0; i < actual.size(); ++i) {
                LAB_NEAR(static_cast<double>(actual[i]), static_cast<double>(expected[i]), 1e-4);
            }
        }
    }

    void tablesAreComplete() {
        forEachTable([](const auto& k, double) {
            const auto* pointers = reinterpret_cast<void* const*>(&k);
            for (std::size_t i = 0; i < sizeof(k) / sizeof(void*); ++i) QVERIFY(pointers[i]);
        });
    }

    void environmentForcesAnInstructionSet() {
        const QByteArray before = qgetenv("ATTENTION_LAB_ISA");
        qputenv("ATTENTION_LAB_ISA", "generic");
        QCOMPARE(std::string(selectIsa()), std::string("generic"));
        qputenv("ATTENTION_LAB_ISA", "v9");
        QVERIFY_THROWS_EXCEPTION(InputError, selectIsa());
        qputenv("ATTENTION_LAB_ISA", before);
    }

    void unknownNamesHaveNoTable() {
        QVERIFY(!kernelsFor("sse9"));
        QVERIFY(!kernelsFor(""));
    }
};

QTEST_APPLESS_MAIN(IsaTest)
#include "isa_test.moc"
