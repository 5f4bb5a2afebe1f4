#include "core/memory/recall.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <set>

#include "core/memory/icons.h"
#include "tests/core/memory/memory_testing.h"

using namespace lab;
using namespace lab::memory_testing;

namespace {

/// Goes through the recorded order again with every field summed anew.
void compareWithTwin(const HopfieldNet& net, const Recall& record) {
    States state = record.query;
    std::size_t flips = 0;
    QVERIFY(std::abs(record.energies.front() - slowEnergy(net, state)) < 1e-9);
    for (int update = 1; update <= record.updates(); ++update) {
        const int unit = record.order[static_cast<std::size_t>(update - 1)];
        std::int8_t& own = state[static_cast<std::size_t>(unit)];
        const double field = slowField(net, state, unit);
        if (field * own < -zeroField) {
            QVERIFY(flips < record.flips.size());
            const Flip& flip = record.flips[flips++];
            own = static_cast<std::int8_t>(-own);
            QCOMPARE(flip.update, update);
            QCOMPARE(flip.unit, unit);
            QCOMPARE(flip.to, own);
            QVERIFY(std::abs(flip.field - field) < 1e-9);
        }
        QVERIFY(std::abs(record.energies[static_cast<std::size_t>(update)] - slowEnergy(net, state)) < 1e-9);
        QCOMPARE(record.stateAfter(update), state);
    }
    QCOMPARE(flips, record.flips.size());
}

}  // namespace

class RecallTest : public QObject {
    Q_OBJECT

private slots:
    void everyUpdateIsThatOfTheTwin() {
        for (const StorageRule* rule : storageRules())
            for (std::uint64_t seed = 0; seed < 4; ++seed) {
                const HopfieldNet net = randomNet(*rule, 8, 40, seed);
                const Recall record = recall(net, stateAtRandom(40, seed + 100), RecallMode::asynchronous, seed);
                compareWithTwin(net, record);
                QCOMPARE(recalled(net, record.query, record.mode, record.seed), record.end());
                QCOMPARE(recall(net, record.query, record.mode, record.seed), record);
            }
    }

    void aSweepVisitsEveryUnitOnceInANewOrder() {
        const HopfieldNet net = randomNet(storageRule("hebb"), 20, 60, 3);
        const Recall record = recall(net, stateAtRandom(60, 4), RecallMode::asynchronous, 5);
        QCOMPARE(record.order.size(), static_cast<std::size_t>(record.updates()));
        QCOMPARE(record.updates(), record.sweeps * 60);
        std::set<std::vector<int>> orders;
        for (int sweep = 0; sweep < record.sweeps; ++sweep) {
            std::vector<int> order(record.order.begin() + sweep * 60, record.order.begin() + (sweep + 1) * 60);
            orders.insert(order);
            std::ranges::sort(order);
            for (int i = 0; i < 60; ++i) QCOMPARE(order[static_cast<std::size_t>(i)], i);
        }
        QVERIFY(record.sweeps >= 2);
        QCOMPARE(orders.size(), static_cast<std::size_t>(record.sweeps));
        QVERIFY(recall(net, record.query, RecallMode::asynchronous, 6).order != record.order);
    }

    /// Symmetric weights, no diagonal below 0, one unit at a time: for every rule and load.
    void theEnergyNeverRisesOneByOne() {
        int flips = 0;
        for (const StorageRule* rule : storageRules())
            for (const int patterns : {1, 4, 15, 40, 70})
                for (std::uint64_t seed = 0; seed < 6; ++seed) {
                    const HopfieldNet net = randomNet(*rule, patterns, 50, seed, seed % 2 ? 0.3 : 0);
                    QVERIFY(net.energyNeverRises());
                    const Recall record = recall(net, stateAtRandom(50, seed + 7), RecallMode::asynchronous, seed);
                    QCOMPARE(record.ending, RecallEnding::settled);
                    QVERIFY(net.isFixedPoint(record.end()));
                    QVERIFY(!record.firstRise());
                    for (const Flip& flip : record.flips) {
                        const double drop = record.energies[static_cast<std::size_t>(flip.update - 1)] -
                                            record.energies[static_cast<std::size_t>(flip.update)];
                        QVERIFY(std::abs(drop - 2 * (std::abs(flip.field) + net.weight(flip.unit, flip.unit))) < 1e-9);
                        QVERIFY(drop > 0);
                        ++flips;
                    }
                }
        QVERIFY(flips > 1000);
    }

    /// W_12 = -1/2: of (+ +) each unit wants to leave the other.
    void allAtOnceMaySwingBetweenTwoStates() {
        const HopfieldNet net(storageRule("hebb"), {{"a", 1, 2, {1, -1}}});
        const Recall swings = recall(net, {1, 1}, RecallMode::synchronous, 1);
        QCOMPARE(swings.ending, RecallEnding::twoCycle);
        QCOMPARE(swings.updates(), 2);
        QCOMPARE(swings.stateAfter(1), States({-1, -1}));
        QCOMPARE(swings.stateAfter(2), swings.query);
        QCOMPARE(swings.energies, std::vector<double>({0.5, 0.5, 0.5}));
        QCOMPARE(QString::fromStdString(endingText(swings).english()),
                 QStringLiteral("swings between two states for ever, from update 0 on"));
        const Recall oneByOne = recall(net, {1, 1}, RecallMode::asynchronous, 1);
        QCOMPARE(oneByOne.ending, RecallEnding::settled);
        QCOMPARE(oneByOne.flips.size(), std::size_t(1));
        QCOMPARE(oneByOne.energies.back(), -0.5);
    }

    void semidefiniteWeightsNeverSwingNorRise() {
        int flips = 0;
        for (const StorageRule* rule : storageRules()) {
            const HopfieldNet pair(*rule, {{"a", 1, 2, {1, -1}}});
            QCOMPARE(recall(pair, {1, 1}, RecallMode::synchronous, 1).ending == RecallEnding::twoCycle, !rule->semidefinite);
            for (std::uint64_t seed = 0; rule->semidefinite && seed < 120; ++seed) {
                const HopfieldNet net = randomNet(*rule, 1 + static_cast<int>(seed % 30), 40, seed, seed % 2 == 0 ? 0.0 : 0.5);
                const Recall record = recall(net, stateAtRandom(40, seed + 1), RecallMode::synchronous, seed);
                QCOMPARE(record.ending, RecallEnding::settled);
                QVERIFY(!record.firstRise());
                double before = slowEnergy(net, record.query);
                for (int update = 1; update <= record.updates(); ++update) {
                    const double after = slowEnergy(net, record.stateAfter(update));
                    QVERIFY(after <= before + 1e-9);
                    before = after;
                }
                flips += static_cast<int>(record.flips.size());
            }
        }
        QVERIFY2(flips > 200, qPrintable(QString::number(flips)));
    }

    void allAtOnceEndsSettledOrSwinging() {
        int settled = 0, swinging = 0, rises = 0;
        for (std::uint64_t seed = 0; seed < 60; ++seed) {
            const HopfieldNet net = randomNet(storageRule("hebb"), 20, 50, seed);
            const Recall record = recall(net, stateAtRandom(50, seed + 1), RecallMode::synchronous, seed);
            QVERIFY(record.order.empty());
            QVERIFY(record.ending != RecallEnding::givenUp);
            settled += record.ending == RecallEnding::settled;
            swinging += record.ending == RecallEnding::twoCycle;
            rises += record.firstRise().has_value();
            QCOMPARE(net.isFixedPoint(record.end()), record.ending == RecallEnding::settled);
            if (record.ending == RecallEnding::twoCycle) {
                QCOMPARE(record.end(), record.stateAfter(record.updates() - 2));
                QVERIFY(record.end() != record.stateAfter(record.updates() - 1));
            }
            for (int update = 0; update <= record.updates(); ++update)
                QVERIFY(std::abs(record.energies[static_cast<std::size_t>(update)] - slowEnergy(net, record.stateAfter(update))) < 1e-9);
            // Every unit takes the sign of the field that the state before gives it.
            for (int update = 1; update <= record.updates(); ++update)
                for (int i = 0; i < 50; ++i)
                    QCOMPARE(record.stateAfter(update)[static_cast<std::size_t>(i)], net.wanted(record.stateAfter(update - 1), i));
        }
        QVERIFY(settled > 5 && swinging > 5 && rises > 0);
    }

    void theNextFlipSaysWhy() {
        const HopfieldNet net(storageRule("pseudo-inverse"), iconPatterns());
        const Recall record = recall(net, withNoise(iconPatterns()[1], 0.3, 2).states, RecallMode::asynchronous, 3);
        QCOMPARE(record.end(), iconPatterns()[1].states);
        QCOMPARE(record.nextFlip(0), std::optional(record.flips.front()));
        QVERIFY(!record.nextFlip(record.updates()));
        QVERIFY(!record.nextFlip(record.settledAt()));
        QCOMPARE(record.settledAt(), record.flips.back().update);
        for (int update = 0; update < record.settledAt(); ++update) {
            const Flip next = *record.nextFlip(update);
            QVERIFY(next.update > update);
            double sum = 0;
            for (const double part : net.fieldParts(record.stateAfter(next.update - 1), next.unit)) sum += part;
            QVERIFY(std::abs(sum - next.field) < 1e-9);
        }
    }

    void aSettledQueryStaysAsItIs() {
        const HopfieldNet net(storageRule("pseudo-inverse"), iconPatterns());
        for (const RecallMode mode : {RecallMode::asynchronous, RecallMode::synchronous}) {
            const Recall record = recall(net, iconPatterns()[2].states, mode, 1);
            QVERIFY(record.flips.empty());
            QCOMPARE(record.settledAt(), 0);
            QCOMPARE(record.sweeps, 1);
            QCOMPARE(QString::fromStdString(endingText(record).english()), QStringLiteral("settled from the start: no unit wants to flip"));
        }
    }

    void itGivesUpAfterTheMostSweeps() {
        const HopfieldNet net = randomNet(storageRule("hebb"), 20, 60, 3);
        const Recall record = recall(net, stateAtRandom(60, 4), RecallMode::asynchronous, 5, 1);
        QCOMPARE(record.ending, RecallEnding::givenUp);
        QCOMPARE(QString::fromStdString(endingText(record).english()), QStringLiteral("not settled after 1 sweep"));
    }

    /// What a person sees first: a noisy skull among four icons comes back.
    void aNoisyIconIsRestored() {
        const std::vector<Pattern> four(iconPatterns().begin(), iconPatterns().begin() + 4);
        for (const StorageRule* rule : storageRules()) {
            if (rule->name == "hebb") continue;  // icons are correlated: see the page
            const HopfieldNet net(*rule, four);
            for (const Pattern& icon : four)
                QCOMPARE(recalled(net, withNoise(icon, 0.2, 1).states, RecallMode::asynchronous, 1), icon.states);
        }
    }
};

QTEST_APPLESS_MAIN(RecallTest)
#include "recall_test.moc"
