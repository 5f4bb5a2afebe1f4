#include "ui/window/coach.h"

#include <QTest>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice_strip.h"

using namespace lab;

namespace {

/// A coach of a run that is small enough to train in no time.
struct CoachedRun {
    explicit CoachedRun(double learningRate, int steps) {
        Experiment small;
        small.name = "Small";
        small.task.kind = "copy";
        small.task.seq_len = 4;
        small.task.train_size = 64;
        small.task.validation_size = 8;
        small.model.d_model = 16;
        small.model.num_layers = 1;
        small.training.steps = steps;
        small.training.batch_size = 8;
        small.training.validate_every = 20;
        small.training.optimizer.learning_rate = learningRate;
        run = workspace.add(loadTask(small, {}));
        focus.setRun(run);
    }
    QString said() const { return strip.isHidden() ? QString() : strip.accessibleName(); }

    Workspace workspace;
    Focus focus;
    NoticeStrip strip;
    Coach coach{focus, strip};
    Run* run = nullptr;
};

}  // namespace

class CoachWindowTest : public QObject {
    Q_OBJECT

private slots:
    void aRunThatStandsAtChanceIsToldOnce() {
        CoachedRun desk(1e-9, 1'000'000);
        QCOMPARE(desk.said(), QString());
        desk.run->train();
        QTRY_VERIFY(desk.said().contains(QStringLiteral("still that of a uniform guess")));
        const QString first = desk.said();
        QTRY_VERIFY(desk.said() != first);  // with the steps that it has been by now
        QVERIFY(desk.said().contains(QStringLiteral("still that of a uniform guess")));
        desk.strip.findChild<Button*>()->click();
        QCOMPARE(desk.said(), QString());
        const std::int64_t closed = desk.run->step();
        QTRY_VERIFY(desk.run->step() > closed + 200);
        QCOMPARE(desk.said(), QString());
        desk.run->pause();
    }

    void whatWasSaidOfARunGoesWithIt() {
        CoachedRun desk(0.01, 1'000'000);
        desk.run->train();
        QTRY_VERIFY(desk.said().contains(QStringLiteral("All validation answers were right")));
        desk.run->reset();
        QCOMPARE(desk.said(), QString());
    }

    /// It does not widen its window.
    void aLongSentenceGivesWay() {
        CoachedRun desk(0.01, 100);
        desk.coach.say(QString(400, u'm'), QStringLiteral("step 1 of 300"));
        QVERIFY(desk.strip.minimumSizeHint().width() < 600);
    }

    void anotherSentenceStaysUntilItIsClosed() {
        CoachedRun desk(0.01, 100);
        desk.coach.say(QStringLiteral("Made room"), QStringLiteral("for another"));
        QCOMPARE(desk.said(), QStringLiteral("Made room"));
        desk.run->reset();
        QCOMPARE(desk.said(), QStringLiteral("Made room"));
        desk.strip.findChild<Button*>()->click();
        QCOMPARE(desk.said(), QString());
    }
};

QTEST_MAIN(CoachWindowTest)
#include "coach_test.moc"
