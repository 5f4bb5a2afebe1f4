#include "ui/runs/length_sweep.h"

#include <QtTest>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/runs/latest_task.h"

using namespace lab;

namespace {

LengthQuestion questionOf(const Run* run, std::vector<int> seqLens) {
    LengthQuestion question;
    question.run = run;
    question.experiment = run->experiment();
    question.checkpoint = run->latest();
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
        Workspace workspace;
        const Run* run = workspace.add(smallTask());
        LengthSweep sweep;
        QSignalSpy points(&sweep, &LengthSweep::pointReady), ends(&sweep, &LengthSweep::finished);
        std::vector<int> lengths;
        connect(&sweep, &LengthSweep::pointReady, this, [&](int rotation, int seqLen, const Evaluation& evaluation) {
            QCOMPARE(rotation, 0);
            QVERIFY(evaluation.loss > 0);
            lengths.push_back(seqLen);
        });
        sweep.start(questionOf(run, {6, 12, 48}));
        QVERIFY(sweep.running());
        QTRY_COMPARE(ends.size(), 1);
        QVERIFY(ends.front().front().toBool());
        QVERIFY(!sweep.running());
        QCOMPARE(lengths, (std::vector<int>{6, 12, 48}));
    }

    void theSameQuestionIsAnsweredFromWhatIsKnown() {
        Workspace workspace;
        const Run* run = workspace.add(smallTask());
        std::vector<double> losses[2];
        for (auto& told : losses) {
            LengthSweep sweep;
            QSignalSpy ends(&sweep, &LengthSweep::finished);
            connect(&sweep, &LengthSweep::pointReady, this, [&told](int, int, const Evaluation& point) { told.push_back(point.loss); });
            sweep.start(questionOf(run, {6, 12}));
            QTRY_COMPARE(ends.size(), 1);
            QVERIFY(ends.front().front().toBool());
        }
        QCOMPARE(losses[0].size(), std::size_t{2});
        QCOMPARE(losses[0], losses[1]);
        QCOMPARE(workspace.jobs().list().size(), std::size_t{1});
        LengthSweep rotated;
        LengthQuestion question = questionOf(run, {6, 12});
        question.rotations = {RopeConfig()};
        question.rotations.front()->base = 500.0;
        rotated.start(question);
        QCOMPARE(workspace.jobs().active(), 1);  // another question
    }

    void cancelEndsEarlyAndSaysSo() {
        Workspace workspace;
        const Run* run = workspace.add(smallTask());
        LengthSweep sweep;
        QSignalSpy ends(&sweep, &LengthSweep::finished);
        sweep.start(questionOf(run, std::vector<int>(500, 48)));
        sweep.cancel();
        QTRY_COMPARE(ends.size(), 1);
        QVERIFY(!ends.front().front().toBool());
        QVERIFY(!sweep.running());
    }

    void aNewStartDropsTheOldAnswers() {
        Workspace workspace;
        const Run* run = workspace.add(smallTask());
        LengthSweep sweep;
        QSignalSpy points(&sweep, &LengthSweep::pointReady), ends(&sweep, &LengthSweep::finished);
        sweep.start(questionOf(run, {6}));
        sweep.start(questionOf(run, {12}));
        QTRY_COMPARE(ends.size(), 1);
        QCOMPARE(points.size(), 1);
        QCOMPARE(points.front().at(1).toInt(), 12);
    }

    void errorsAreTold() {
        Experiment experiment = smallTask().experiment;
        experiment.model.position.kind = PositionKind::learned;
        Workspace workspace;
        const Run* run = workspace.add(loadTask(experiment, {}));
        LengthSweep sweep;
        QSignalSpy errors(&sweep, &LengthSweep::failed), ends(&sweep, &LengthSweep::finished);
        sweep.start(questionOf(run, {6, 12}));
        QTRY_COMPARE(ends.size(), 1);
        QCOMPARE(errors.size(), 1);
        QVERIFY(errors.front().front().toString().contains("learned"));
    }

    void destructionUnderWayIsSafe() {
        Workspace workspace;
        const Run* run = workspace.add(smallTask());
        LengthSweep sweep;
        sweep.start(questionOf(run, std::vector<int>(500, 48)));
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
