#include "ui/pages/train/moments.h"

#include <QtTest>

using namespace lab;

class MomentsTest : public QObject {
    Q_OBJECT

    static History upTo(std::int64_t last, std::int64_t every) {
        History history;
        for (std::int64_t step = 0; step <= last; step += every)
            history.add(std::make_shared<const Checkpoint>(Checkpoint{step, Weights()}));
        return history;
    }
    static std::vector<std::int64_t> steps(const std::vector<CheckpointPtr>& moments) {
        std::vector<std::int64_t> result;
        for (const auto& moment : moments) result.push_back(moment->step);
        return result;
    }

private slots:
    void beforeTrainingThereIsTheBeginning() {
        const History history = upTo(0, 1);
        QCOMPARE(steps(momentsToShow(history, {}, history.last(), {}, 6)), (std::vector<std::int64_t>{0}));
        QVERIFY(momentsToShow(history, {}, nullptr, {}, 6).empty());
    }

    void milestonesTellTheStory() {
        const History history = upTo(1240, 10);
        const std::vector<std::optional<std::int64_t>> milestones{205, 221, 240, 262};
        QCOMPARE(steps(momentsToShow(history, milestones, history.last(), {}, 6)),
                 (std::vector<std::int64_t>{0, 200, 220, 240, 260, 1240}));
    }

    void crosshairHasItsRow() {
        const History history = upTo(1240, 10);
        const std::vector<std::optional<std::int64_t>> milestones{205, 221, 240, std::nullopt};
        const auto found = steps(momentsToShow(history, milestones, history.last(), 733, 6));
        QCOMPARE(found, (std::vector<std::int64_t>{0, 200, 220, 240, 730, 1240}));
    }

    void roundStepsFillWhatIsLeft() {
        const History history = upTo(150, 1);
        QCOMPARE(steps(momentsToShow(history, {}, history.last(), {}, 6)), (std::vector<std::int64_t>{0, 10, 20, 50, 100, 150}));
    }

    void nothingAfterTheShownStep() {
        const History history = upTo(1000, 10);
        const std::vector<std::optional<std::int64_t>> milestones{205, 600};
        const auto found = steps(momentsToShow(history, milestones, history.atOrBefore(300), {}, 4));
        QCOMPARE(found, (std::vector<std::int64_t>{0, 100, 200, 300}));
    }
};

QTEST_APPLESS_MAIN(MomentsTest)
#include "moments_test.moc"
