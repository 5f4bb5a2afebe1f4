#include "core/training/step_pace.h"

#include <QtTest>

#include "core/base/errors.h"
#include "tests/small_experiment.h"

using namespace lab;

class StepPaceTest : public QObject {
    Q_OBJECT

private slots:
    void stepsFillTheTime() {
        const StepPace pace{0.01, 1.0};
        QCOMPARE(pace.stepsWithin(60, 100), std::int64_t{3000});
        QCOMPARE(pace.stepsWithin(60, 0), std::int64_t{6000});
        QCOMPARE(pace.stepsWithin(0.001, 100), std::int64_t{1});
        QCOMPARE(pace.stepsWithin(15, 100), std::int64_t{500});  // ten validations, not five
    }

    void somethingIsMeasuredAndCanBeEnded() {
        const LoadedTask task = loadTask(smallExperiment({}), {});
        const StepPace pace = measuredPace(task);
        QVERIFY(pace.step > 0 && pace.validation > 0);
        QVERIFY_EXCEPTION_THROWN(measuredPace(task, [](double) { return false; }), InputError);
    }

    /// A long validation need not be waited for.
    void theValidationCanBeEnded() {
        const LoadedTask task = loadTask(smallExperiment({.validation = 4000}), {});
        int told = 0;
        measuredPace(task, [&](double share) { return share >= 0 && share <= 1 && ++told > 0; });
        constexpr int steps = 22;
        QVERIFY2(told > steps + 10, qPrintable(QString::number(told)));
        for (const int last : {steps + 1, steps + 5, told - 1}) {
            int count = 0;
            QVERIFY_EXCEPTION_THROWN(measuredPace(task, [&](double) { return ++count <= last; }), InputError);
            QCOMPARE(count, last + 1);  // nothing is asked again
        }
    }
};

QTEST_GUILESS_MAIN(StepPaceTest)
#include "step_pace_test.moc"
