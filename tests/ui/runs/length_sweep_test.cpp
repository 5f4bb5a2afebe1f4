#include "ui/runs/length_sweep.h"

#include <QtTest>

#include "tests/ui/runs/run_fixture.h"
#include "ui/runs/latest_task.h"

using namespace lab;

namespace {

LengthQuestion questionOf(const LoadedTask& task, std::vector<int> seqLens) {
    const Model model(task.experiment.model);
    LengthQuestion question;
    question.experiment = task.experiment;
    question.checkpoint = std::make_shared<const Checkpoint>(Checkpoint{0, initialState(model, task.experiment).weights});
    question.rotations = {std::nullopt};
    question.seqLens = std::move(seqLens);
    question.sequences = 32;
    return question;
}

}  // namespace

class LengthSweepTest : public QObject {
    Q_OBJECT

private slots:
    void everyLengthGetsAPoint() {
        LengthSweep sweep;
        QSignalSpy points(&sweep, &LengthSweep::pointReady), ends(&sweep, &LengthSweep::finished);
        std::vector<int> lengths;
        connect(&sweep, &LengthSweep::pointReady, this, [&](int rotation, int seqLen, const Evaluation& evaluation) {
            QCOMPARE(rotation, 0);
            QVERIFY(evaluation.loss > 0);
            lengths.push_back(seqLen);
        });
        sweep.start(questionOf(smallTask(), {6, 12, 48}));
        QVERIFY(sweep.running());
        QTRY_COMPARE(ends.size(), 1);
        QVERIFY(ends.front().front().toBool());
        QVERIFY(!sweep.running());
        QCOMPARE(lengths, (std::vector<int>{6, 12, 48}));
    }

    void cancelEndsEarlyAndSaysSo() {
        LengthSweep sweep;
        QSignalSpy ends(&sweep, &LengthSweep::finished);
        sweep.start(questionOf(smallTask(), std::vector<int>(500, 48)));
        sweep.cancel();
        QTRY_COMPARE(ends.size(), 1);
        QVERIFY(!ends.front().front().toBool());
        QVERIFY(!sweep.running());
    }

    void aNewStartDropsTheOldAnswers() {
        LengthSweep sweep;
        QSignalSpy points(&sweep, &LengthSweep::pointReady), ends(&sweep, &LengthSweep::finished);
        sweep.start(questionOf(smallTask(), {6}));
        sweep.start(questionOf(smallTask(), {12}));
        QTRY_COMPARE(ends.size(), 1);
        QCOMPARE(points.size(), 1);
        QCOMPARE(points.front().at(1).toInt(), 12);
    }

    void errorsAreTold() {
        Experiment experiment = smallTask().experiment;
        experiment.model.position.kind = PositionKind::learned;
        LengthSweep sweep;
        QSignalSpy errors(&sweep, &LengthSweep::failed), ends(&sweep, &LengthSweep::finished);
        sweep.start(questionOf(loadTask(experiment, {}), {6, 12}));
        QTRY_COMPARE(ends.size(), 1);
        QCOMPARE(errors.size(), 1);
        QVERIFY(errors.front().front().toString().contains("learned"));
    }

    void destructionUnderWayIsSafe() {
        LengthSweep sweep;
        sweep.start(questionOf(smallTask(), std::vector<int>(500, 48)));
    }

    void latestTaskDropsWhatIsOutdated() {
        LatestTask task;
        std::vector<int> delivered;
        for (int i = 0; i < 20; ++i) task.request([&delivered, i] { return [&delivered, i] { delivered.push_back(i); }; });
        QTRY_VERIFY(!delivered.empty() && !task.busy());
        QCOMPARE(delivered, std::vector<int>{19});
    }
};

QTEST_GUILESS_MAIN(LengthSweepTest)
#include "length_sweep_test.moc"
