#include "core/analysis/uniform_maps.h"

#include <QtTest>
#include <cmath>

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
        QCOMPARE(uniformCause(facts), UniformCause::notNeeded);
    }
};

QTEST_APPLESS_MAIN(UniformMapsTest)
#include "uniform_maps_test.moc"
