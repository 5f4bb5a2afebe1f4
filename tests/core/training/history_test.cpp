#include "core/training/history.h"

#include <QtTest>

using namespace lab;

namespace {

constexpr std::size_t weightCount = 1000;

CheckpointPtr checkpointAt(std::int64_t step) {
    auto checkpoint = std::make_shared<Checkpoint>();
    checkpoint->step = step;
    checkpoint->weights.assign(weightCount, static_cast<float>(step));
    return checkpoint;
}

/// Room for `count` checkpoints of the test's size.
std::size_t budgetFor(std::size_t count) {
    return count * (sizeof(Checkpoint) + weightCount * sizeof(float));
}

std::vector<std::int64_t> stepsOf(const History& history) {
    std::vector<std::int64_t> steps;
    for (const CheckpointPtr& checkpoint : history.checkpoints()) steps.push_back(checkpoint->step);
    return steps;
}

void addSteps(History& history, std::int64_t from, std::int64_t to) {
    for (std::int64_t step = from; step <= to; ++step)
        if (isHistoryStep(step)) history.add(checkpointAt(step));
}

}  // namespace

class HistoryTest : public QObject {
    Q_OBJECT

private slots:
    void everyStepToAHundredThenEverMoreWidely();
    void findsTheNewestNotAfterAStep();
    void staysWithinItsBudget();
    void whatIsKeptDependsOnTheStepsAlone();
    void firstAndLastAlwaysStay();
    void aLastOneOffTheGridGoesWhenANewerComes();
    void clearForgetsEverything();
};

void HistoryTest::everyStepToAHundredThenEverMoreWidely() {
    for (std::int64_t step = 0; step <= 100; ++step) QVERIFY(isHistoryStep(step));
    QVERIFY(!isHistoryStep(101));
    QVERIFY(isHistoryStep(102));
    QVERIFY(!isHistoryStep(202));
    QVERIFY(isHistoryStep(205));
    QVERIFY(!isHistoryStep(505));
    QVERIFY(isHistoryStep(510));
    int count = 0;
    for (std::int64_t step = 0; step <= 1'000'000; ++step) count += isHistoryStep(step);
    QVERIFY(count < 1000);
}

void HistoryTest::findsTheNewestNotAfterAStep() {
    History history;
    QVERIFY(!history.atOrBefore(5));
    addSteps(history, 3, 120);
    QVERIFY(!history.atOrBefore(2));
    QCOMPARE(history.atOrBefore(3)->step, 3);
    QCOMPARE(history.atOrBefore(111)->step, 110);
    QCOMPARE(history.atOrBefore(99'999)->step, 120);
    QCOMPARE(history.last()->step, 120);
}

void HistoryTest::staysWithinItsBudget() {
    History history(budgetFor(20));
    for (std::int64_t step = 0; step <= 5000; ++step) {
        if (!isHistoryStep(step)) continue;
        history.add(checkpointAt(step));
        QVERIFY(history.bytes() <= budgetFor(20));
    }
    QVERIFY(history.size() >= 10);
    QCOMPARE(history.bytes(), budgetFor(history.size()));
}

void HistoryTest::whatIsKeptDependsOnTheStepsAlone() {
    History history(budgetFor(30));
    History again(budgetFor(30));
    addSteps(history, 0, 2600);
    addSteps(again, 0, 900);
    again.add(checkpointAt(903));  // a pause in between leaves no mark
    addSteps(again, 910, 2600);
    QCOMPARE(stepsOf(history), stepsOf(again));

    History wide(budgetFor(60));
    addSteps(wide, 0, 2600);
    for (std::int64_t step : stepsOf(history)) QCOMPARE(wide.atOrBefore(step)->step, step);
}

void HistoryTest::firstAndLastAlwaysStay() {
    History history(budgetFor(1));
    addSteps(history, 7, 3000);
    QCOMPARE(stepsOf(history), (std::vector<std::int64_t>{7, 3000}));
}

void HistoryTest::aLastOneOffTheGridGoesWhenANewerComes() {
    History history;
    addSteps(history, 0, 1000);
    const std::size_t size = history.size();
    history.add(checkpointAt(1003));
    QCOMPARE(history.size(), size + 1);
    history.add(checkpointAt(1003));
    QCOMPARE(history.size(), size + 1);
    history.add(checkpointAt(1020));
    QCOMPARE(history.size(), size + 1);
    QCOMPARE(history.last()->step, 1020);
}

void HistoryTest::clearForgetsEverything() {
    History history(budgetFor(10));
    addSteps(history, 0, 300);
    history.clear();
    QVERIFY(history.empty());
    QCOMPARE(history.bytes(), std::size_t{0});
    addSteps(history, 0, 5);
    QCOMPARE(history.size(), std::size_t{6});
}

QTEST_APPLESS_MAIN(HistoryTest)
#include "history_test.moc"
