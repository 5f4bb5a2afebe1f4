#include "core/memory/hopfield_net.h"

#include <QtTest>
#include <cmath>
#include <numeric>
#include <set>

#include "core/memory/icons.h"
#include "tests/core/memory/memory_testing.h"

using namespace lab;
using namespace lab::memory_testing;

class HopfieldNetTest : public QObject {
    Q_OBJECT

private slots:
    void energyAndFieldsAreThoseOfTheTwin() {
        for (const StorageRule* rule : storageRules()) {
            const HopfieldNet net = randomNet(*rule, 5, 31, 2);
            for (std::uint64_t seed = 0; seed < 20; ++seed) {
                const States state = stateAtRandom(31, seed);
                QVERIFY(std::abs(net.energy(state) - slowEnergy(net, state)) < 1e-12);
                const std::vector<double> fields = net.fields(state);
                for (int i = 0; i < 31; ++i) {
                    QVERIFY(std::abs(net.field(state, i) - slowField(net, state, i)) < 1e-13);
                    QVERIFY(std::abs(fields[static_cast<std::size_t>(i)] - slowField(net, state, i)) < 1e-13);
                }
            }
        }
    }

    void fieldPartsAddUpToTheField() {
        for (const StorageRule* rule : storageRules()) {
            const HopfieldNet net = randomNet(*rule, 6, 40, 4, 0.3);
            const States state = stateAtRandom(40, 9);
            for (int i = 0; i < 40; ++i) {
                const std::vector<double> parts = net.fieldParts(state, i);
                QCOMPARE(parts.size(), std::size_t(6));
                QVERIFY(std::abs(std::accumulate(parts.begin(), parts.end(), 0.0) - net.field(state, i)) < 1e-12);
            }
        }
    }

    /// xi_i m - s_i / N.
    void hebbsPartIsTheOverlapTimesThePixel() {
        const HopfieldNet net(storageRule("hebb"), iconPatterns());
        const States state = withNoise(iconPatterns().front(), 0.3, 5).states;
        for (int i = 0; i < net.units(); ++i) {
            const std::vector<double> parts = net.fieldParts(state, i);
            for (std::size_t k = 0; k < parts.size(); ++k) {
                const States& x = net.patterns()[k].states;
                const double expected = x[static_cast<std::size_t>(i)] * overlap(x, state) -
                                        static_cast<double>(state[static_cast<std::size_t>(i)]) / net.units();
                QVERIFY(std::abs(parts[k] - expected) < 1e-12);
            }
        }
    }

    void aWeightTellsItsPatterns() {
        for (const StorageRule* rule : storageRules()) {
            const HopfieldNet net = randomNet(*rule, 8, 30, 6);
            for (int i = 0; i < 30; i += 7)
                for (int j = 0; j < 30; j += 3) {
                    const std::vector<PatternShare> shares = net.patternsOfWeight(i, j);
                    QCOMPARE(shares.size(), std::size_t(8));
                    double sum = 0;
                    std::set<int> patterns;
                    for (std::size_t k = 0; k < shares.size(); ++k) {
                        sum += shares[k].share;
                        patterns.insert(shares[k].pattern);
                        if (k > 0) QVERIFY(std::abs(shares[k].share) <= std::abs(shares[k - 1].share));
                    }
                    QCOMPARE(patterns.size(), std::size_t(8));
                    QVERIFY(std::abs(sum - net.weight(i, j)) < 1e-12);
                }
        }
    }

    void fewPatternsAreFixedPoints() {
        for (const StorageRule* rule : storageRules()) {
            const HopfieldNet net = randomNet(*rule, 3, 200, 8);
            for (const Pattern& pattern : net.patterns()) {
                QVERIFY(net.isFixedPoint(pattern.states));
                QVERIFY(net.isFixedPoint(inverted(pattern).states));
                States moved = pattern.states;
                moved[5] = static_cast<std::int8_t>(-moved[5]);
                QCOMPARE(net.isFixedPoint(moved), false);
                QCOMPARE(net.wanted(moved, 5), pattern.states[5]);
            }
        }
    }

    /// (+ +) and (+ -) cancel: every weight is 0, and no unit leaves its state.
    void aFieldOfZeroKeepsTheState() {
        const HopfieldNet net(storageRule("hebb"), {{"a", 1, 2, {1, 1}}, {"b", 1, 2, {1, -1}}});
        QCOMPARE(net.largestWeight(), 0.0);
        for (const States& state : {States{1, 1}, States{1, -1}, States{-1, 1}, States{-1, -1}}) {
            QVERIFY(net.isFixedPoint(state));
            QCOMPARE(net.wanted(state, 0), state[0]);
        }
    }

    void theDiagonalMovesNoDifferenceOfEnergy() {
        const auto patterns = randomPatterns(12, 1, 50, 0, 3);
        const HopfieldNet kept(storageRule("pseudo-inverse"), patterns), zero(storageRule("pseudo-inverse-zero-diagonal"), patterns);
        double trace = 0;
        for (int i = 0; i < 50; ++i) trace += kept.weight(i, i);
        QVERIFY(std::abs(trace - 12) < 1e-9);  // of a projection: its rank
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const States state = stateAtRandom(50, seed);
            QVERIFY(std::abs(kept.energy(state) - (zero.energy(state) - trace / 2)) < 1e-9);
        }
        QVERIFY(kept.energyNeverRises() && zero.energyNeverRises());
    }

    void aThousandUnitsAreStored() {
        for (const StorageRule* rule : storageRules()) {
            const HopfieldNet net = randomNet(*rule, 30, mostPatternPixels, 1);
            QVERIFY(net.isFixedPoint(net.patterns().front().states));
        }
    }
};

QTEST_APPLESS_MAIN(HopfieldNetTest)
#include "hopfield_net_test.moc"
