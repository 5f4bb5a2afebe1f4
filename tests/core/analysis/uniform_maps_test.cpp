#include "core/analysis/uniform_maps.h"

#include <QtTest>
#include <cmath>
#include <limits>
#include <vector>

using namespace lab;

class UniformMapsTest : public QObject {
    Q_OBJECT

private slots:
    void theMostTellingCauseIsNamed() {
        UniformFacts facts;
        facts.chanceLoss = std::log(10.0);
        facts.warmupSteps = 50;
        QCOMPARE(uniformCause(facts), UniformCause::untrained);
        facts.step = 20;
        facts.loss = 2.31;
        facts.accuracy = 0.1;
        QCOMPARE(uniformCause(facts), UniformCause::warmUp);
        facts.step = 100;
        QCOMPARE(uniformCause(facts), UniformCause::early);
        facts.step = 200;
        QCOMPARE(uniformCause(facts), UniformCause::stillGuessing);
        facts.loss = 2.1;
        QCOMPARE(uniformCause(facts), UniformCause::early);
        facts.knowsPositions = false;
        QCOMPARE(uniformCause(facts), UniformCause::early);
        facts.answerByPlace = true;
        QCOMPARE(uniformCause(facts), UniformCause::noPositions);
        facts.accuracy = 0.95;
        QCOMPARE(uniformCause(facts), UniformCause::unknown);
        facts.accuracy = 0.5;
        facts.knowsPositions = true;
        facts.step = 5000;
        QCOMPARE(uniformCause(facts), UniformCause::unknown);  // late: nothing is claimed
    }

    /// Nothing will form later where nothing can.
    void matricesThatAreNotTrainedAreTheCause() {
        UniformFacts facts;
        facts.step = 500;
        facts.loss = 2.1;
        facts.chanceLoss = std::log(10.0);
        facts.accuracy = 0.2;
        QCOMPARE(uniformCause(facts), UniformCause::early);
        facts.frozenMatching = true;
        QCOMPARE(uniformCause(facts), UniformCause::frozen);
        facts.ablation = AloneAblation{0.2, 0.1, 0.2};  // what was measured says more
        QCOMPARE(uniformCause(facts), UniformCause::averageNeeded);
        facts.ablation.reset();
        facts.step = 0;
        QCOMPARE(uniformCause(facts), UniformCause::untrained);
    }

    /// What even maps are worth is said by ablation alone: off and uniform.
    void ablationSaysWhatTheAverageIsWorth() {
        UniformFacts facts;
        facts.step = 1500;
        facts.loss = 0.01;
        facts.chanceLoss = std::log(10.0);
        facts.accuracy = 0.995;
        facts.ablation = AloneAblation{0.995, 0.21, 0.985};  // Sort with KV counts by its even average
        QCOMPARE(uniformCause(facts), UniformCause::averageNeeded);
        facts.ablation = AloneAblation{0.995, 0.21, 0.30};
        QCOMPARE(uniformCause(facts), UniformCause::unevennessNeeded);
        facts.ablation = AloneAblation{0.995, 0.99, 0.99};
        QCOMPARE(uniformCause(facts), UniformCause::notNeeded);
        facts.loss = 2.30;  // nobody can lose what a guess has
        facts.accuracy = 0.1;
        QCOMPARE(uniformCause(facts), UniformCause::stillGuessing);
    }

    void theCostliestHeadCounts() {
        const std::vector<AblationScore> off{{0, 0.9, 0}, {0, 0.4, 0}}, uniform{{0, 0.7, 0}, {0, 0.8, 0}};
        const AloneAblation alone = aloneAblation({0, 0.95, 0}, off, uniform);
        QCOMPARE(alone.unchanged, 0.95);
        QCOMPARE(alone.off, 0.4);
        QCOMPARE(alone.uniform, 0.7);
    }

    void whatIsCommonToARowIsNoSpread() {
        const float hidden = -std::numeric_limits<float>::infinity();
        const std::vector<float> scores{5.0F, 5.5F, hidden, -3.0F, -3.0F, -2.75F};
        QCOMPARE(largestRowSpread(scores.data(), 2, 3), 0.5);
        QCOMPARE(largestRowSpread(&hidden, 1, 1), 0.0);
    }
};

QTEST_APPLESS_MAIN(UniformMapsTest)
#include "uniform_maps_test.moc"
