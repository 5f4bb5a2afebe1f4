#include <QtTest>

#include "core/tasks/task_config.h"

using namespace lab;

namespace {

TaskConfig rotation(int k) {
    TaskConfig task;
    task.kind = "rotate";
    task.parameters.set("k", k);
    return task;
}

const std::vector<int> x{5, 6, 7, 8, 9};

}  // namespace

class RotateTest : public QObject {
    Q_OBJECT

private slots:
    void everySymbolMovesByKPlaces() {
        for (const int k : {0, 1, 2, 3, 4}) {
            const std::vector<int> y = rotation(k).kind->answer(x, rotation(k));
            for (std::size_t i = 0; i < x.size(); ++i) QCOMPARE(y[(i + static_cast<std::size_t>(k)) % x.size()], x[i]);
        }
    }

    void byOnePlaceItIsShift() {
        const Kind<TaskSpec> shift("shift");
        QCOMPARE(rotation(1).kind->answer(x, rotation(1)), shift->answer(x, TaskConfig{}));
        QCOMPARE(rotation(1).kind->keys(x, rotation(1)), shift->keys(x, TaskConfig{}));
    }

    void moreThanARoundAndBackwardsComeRound() {
        const auto turned = [](int k) { return rotation(k).kind->answer(x, rotation(k)); };
        QCOMPARE(turned(7), turned(2));
        QCOMPARE(turned(-1), turned(4));
        QCOMPARE(turned(-1), (std::vector<int>{6, 7, 8, 9, 5}));
        QCOMPARE(turned(1 << 20), turned((1 << 20) % 5));
        QCOMPARE(turned(-(1 << 20)), turned(5 - (1 << 20) % 5));
        QVERIFY(rotation(3).kind->answer({}, rotation(3)).empty());
    }

    void twoPlacesAreTheStandard() {
        TaskConfig task;
        task.kind = "rotate";
        QCOMPARE(task.kind->answer(x, task), (std::vector<int>{8, 9, 5, 6, 7}));
    }

    void eachAnswerStandsAtItsKey() {
        for (const int k : {0, 2, -3, 12}) {
            const TaskConfig task = rotation(k);
            const std::vector<int> y = task.kind->answer(x, task);
            const AnswerKeys keys = task.kind->keys(x, task);
            QCOMPARE(keys.size(), y.size());
            for (std::size_t i = 0; i < y.size(); ++i) {
                QCOMPARE(keys[i].size(), std::size_t{1});
                QCOMPARE(x[static_cast<std::size_t>(keys[i][0])], y[i]);
            }
        }
    }
};

QTEST_APPLESS_MAIN(RotateTest)
#include "rotate_test.moc"
