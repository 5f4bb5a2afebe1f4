#include "core/training/history.h"

#include <QtTest>

#include "core/training/trainer.h"

using namespace lab;

namespace {

constexpr std::size_t weightCount = 1000;

CheckpointPtr checkpointAt(std::int64_t step) {
    return std::make_shared<const Checkpoint>(step, Weights(weightCount, static_cast<float>(step)));
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

/// Of three times the size of a checkpoint, as with Adam.
TrainingStatePtr stateAt(std::int64_t step) {
    auto state = std::make_shared<TrainingState>();
    state->step = step;
    state->weights.resize(weightCount);
    state->firstMoment.resize(weightCount);
    state->secondMoment.resize(weightCount);
    return state;
}

bool holds(const History& history, std::int64_t step) {
    const CheckpointPtr found = history.atOrBefore(step);
    return found && found->step == step;
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
    void theBestAlwaysStaysAndOnlyThat();
    void aBestThatIsBeatenGoesAtOnce();
    void pinnedStepsAlwaysStay();
    void pinsMayBeOfStepsThatWereNotKept();
    void statesTakeHalfTheBudgetAtMost();
    void aSmallerBudgetThinsAtOnce();
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

void HistoryTest::theBestAlwaysStaysAndOnlyThat() {
    History history(budgetFor(20));
    QVERIFY(!history.bestStep());
    addSteps(history, 0, 250);
    history.add(checkpointAt(253), 0.5);
    history.add(checkpointAt(257), 0.4);
    QVERIFY(!holds(history, 253));
    history.add(checkpointAt(259), 0.4);
    addSteps(history, 260, 5000);
    QCOMPARE(history.bestStep(), std::optional<std::int64_t>(257));
    QCOMPARE(history.bestLoss(), 0.4);
    QVERIFY(holds(history, 257));
    QVERIFY(!holds(history, 259));
    history.add(checkpointAt(5001), 0.1);
    QVERIFY(!holds(history, 257));
    QCOMPARE(history.bestStep(), std::optional<std::int64_t>(5001));
}

void HistoryTest::aBestThatIsBeatenGoesAtOnce() {
    History history;
    addSteps(history, 0, 250);
    history.add(checkpointAt(253), 0.5);
    addSteps(history, 255, 260);
    QVERIFY(holds(history, 253));
    history.add(checkpointAt(265), 0.4);  // the one before it is of the grid: nothing else asks for a look at what may go
    QVERIFY(!holds(history, 253));
    QVERIFY(holds(history, 260));
}

void HistoryTest::pinnedStepsAlwaysStay() {
    History history(budgetFor(10));
    addSteps(history, 0, 9);
    history.pin(history.atOrBefore(3), "three");
    history.pin(history.atOrBefore(7), "seven");
    history.pin(history.atOrBefore(7), "the seventh");
    addSteps(history, 10, 9000);
    QVERIFY(holds(history, 3) && holds(history, 7) && holds(history, 9000));
    QCOMPARE(history.pins().at(7), std::string("the seventh"));
    QVERIFY(history.bytes() <= budgetFor(10));
    history.unpin(3);
    QVERIFY(!holds(history, 3));
    QCOMPARE(history.pins().size(), std::size_t{1});
}

void HistoryTest::pinsMayBeOfStepsThatWereNotKept() {
    History history(budgetFor(4));
    addSteps(history, 0, 3000);
    for (const std::int64_t step : {1111, 222, 1717, 2323}) history.pin(checkpointAt(step), "mine");
    QCOMPARE(stepsOf(history), (std::vector<std::int64_t>{0, 222, 1111, 1717, 2323, 3000}));
    addSteps(history, 3001, 4000);
    QCOMPARE(stepsOf(history), (std::vector<std::int64_t>{0, 222, 1111, 1717, 2323, 4000}));
}

void HistoryTest::statesTakeHalfTheBudgetAtMost() {
    History history(budgetFor(40));
    history.addState(stateAt(7));
    for (std::int64_t step = 8; step <= 20'000; ++step) {
        if (isHistoryStep(step)) history.add(checkpointAt(step));
        if (isStateStep(step)) history.addState(stateAt(step));
        QVERIFY(history.bytes() <= budgetFor(40));
    }
    QCOMPARE(history.states().front()->step, 7);
    QVERIFY(history.states().size() >= 3);
    QVERIFY(history.size() >= 10);
    QVERIFY(!history.stateAtOrBefore(6));
    QCOMPARE(history.stateAtOrBefore(8)->step, 7);
    std::int64_t distance = 0;
    for (std::size_t i = 1; i + 1 < history.states().size(); ++i) {
        const std::int64_t next = history.states()[i + 1]->step - history.states()[i]->step;
        QVERIFY(distance == 0 || next == distance);
        distance = next;
    }
}

void HistoryTest::aSmallerBudgetThinsAtOnce() {
    History history;
    addSteps(history, 0, 2000);
    const std::size_t before = history.size();
    history.setBudget(budgetFor(15));
    QVERIFY(history.size() < before);
    QVERIFY(history.bytes() <= budgetFor(15));
    history.setBudget(budgetFor(1000));
    addSteps(history, 2001, 3000);
    QVERIFY(holds(history, 2050));
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
