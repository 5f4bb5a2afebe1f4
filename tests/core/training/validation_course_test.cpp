#include "core/training/validation_course.h"

#include <QtTest>

#include "core/training/trainer.h"

using namespace lab;

namespace {

/// A record each ten steps with a validation, the step before it without one.
ValidationCourse courseOf(const std::vector<double>& losses, const std::vector<double>& trainLosses) {
    ValidationCourse course;
    for (std::size_t i = 0; i < losses.size(); ++i) {
        StepRecord record;
        record.step = static_cast<std::int64_t>(10 * i) + 9;
        record.train.loss = trainLosses[i] + 1;
        course.take(record);
        ++record.step;
        record.train.loss = trainLosses[i] - 1;
        record.validation = Evaluation{losses[i], 0, 0, {}};
        course.take(record);
    }
    return course;
}

}  // namespace

class ValidationCourseTest : public QObject {
    Q_OBJECT

private slots:
    void nothingIsKnownBeforeAValidation() {
        QVERIFY(!ValidationCourse().at(100).last);
        const ValidationState early = courseOf({2, 1}, {2, 2}).at(9);
        QVERIFY(!early.last && !early.best.any() && !early.rises());
    }

    void threeAboveTheBestInARowAreARise() {
        const ValidationCourse course = courseOf({3, 2, 2.5, 2.2, 2.1, 1.9, 2}, {3, 2, 1.9, 1.8, 1.7, 1.6, 1.5});
        QCOMPARE(course.at(40).above, 2);
        QVERIFY(!course.at(49).rises());
        QVERIFY(course.at(50).rises() && course.at(50).overfits());  // none of them need be above the one before
        QCOMPARE(course.at(50).best, (BestValidation{2, 20, 3}));
        QCOMPARE(*course.at(50).last, 2.1);
        QVERIFY(!course.at(60).rises());  // a new best
        QCOMPARE(course.at(1000).best, (BestValidation{1.9, 60, 1}));
    }

    void anEqualLossIsNoRise() {
        const ValidationState state = courseOf({2, 2, 2, 2, 2}, {2, 1.9, 1.8, 1.7, 1.6}).at(50);
        QVERIFY(!state.rises());
        QCOMPARE(state.best, (BestValidation{2, 10, 4}));
        QVERIFY(!courseOf({2, 3, 3, 2, 3, 3}, {2, 1, 1, 1, 1, 1}).at(60).rises());
    }

    void whereTheTrainingLossRisesTooItIsNoOverfitting() {
        const ValidationState state = courseOf({2, 3, 4, 5}, {2, 2.1, 2.2, 2.3}).at(40);
        QVERIFY(state.rises() && !state.overfits());
    }

    void whatHeldIsThatOfItsStepWheneverItIsAsked() {
        std::vector<double> losses, training;
        for (int i = 0; i < 40; ++i) {
            losses.push_back(2 + std::sin(i * .7));
            training.push_back(3 - i * .05);
        }
        const ValidationCourse whole = courseOf(losses, training);
        for (std::size_t i = 1; i <= losses.size(); ++i) {
            const auto part = courseOf({losses.begin(), losses.begin() + i}, training);
            const ValidationState a = whole.at(static_cast<std::int64_t>(10 * i)), b = part.at(1000);
            QCOMPARE(a.best, b.best);
            QCOMPARE(a.above, b.above);
            QCOMPARE(a.overfits(), b.overfits());
        }
    }
};

QTEST_APPLESS_MAIN(ValidationCourseTest)
#include "validation_course_test.moc"
