#include "ui/runs/longrope_job.h"

#include <QtTest>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"

using namespace lab;

namespace {

LongRopeQuestion question(const Run& run) {
    LongRopeQuestion asked;
    asked.run = &run;
    asked.experiment = run.experiment();
    asked.checkpoint = run.latest();
    asked.originalLength = run.experiment().task.seq_len;
    asked.factor = 4;
    return asked;
}

LoadedTask taskWith(PositionKind kind) {
    Experiment experiment = smallTask().experiment;
    experiment.model.position.kind = kind;
    return loadTask(experiment, {});
}

}  // namespace

class LongRopeJobTest : public QObject {
    Q_OBJECT

private slots:
    void tellsTheBestFactorsSoFarUntilItsBudgetIsSpent() {
        Workspace workspace;
        LongRopeJob job;
        QSignalSpy ends(&job, &LongRopeJob::finished);
        int last = 0, all = 0;
        double loss = 1e300;
        connect(&job, &LongRopeJob::progressed, this, [&](int done, int total, const LongRopeCandidate& best) {
            QVERIFY(done == last + 1 || done == total);
            QVERIFY(best.loss <= loss);
            QCOMPARE(best.factors.size(), std::size_t{4});
            last = done;
            all = total;
            loss = best.loss;
        });
        const LongRopeQuestion asked = question(*workspace.add(taskWith(PositionKind::rope)));
        job.start(asked);
        QVERIFY(job.running());
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 1, lab::patience);
        QVERIFY(ends.front().front().toBool());
        QCOMPARE(last, all);
        QCOMPARE(last, asked.budget.evaluations());
        QVERIFY(!job.running());
        job.start(asked);  // known by now
        QTRY_COMPARE(ends.size(), 2);
        QCOMPARE(last, all);
    }

    void cancelEndsEarlyAndSaysSo() {
        Workspace workspace;
        LongRopeJob job;
        QSignalSpy ends(&job, &LongRopeJob::finished);
        LongRopeQuestion asked = question(*workspace.add(taskWith(PositionKind::rope)));
        asked.budget.rounds = 100000;
        job.start(asked);
        job.cancel();
        QTRY_COMPARE(ends.size(), 1);
        QVERIFY(!ends.front().front().toBool());
        job.start(asked);  // ends with its owner
    }

    void whatCannotBeStretchedIsSaid() {
        Workspace workspace;
        LongRopeJob job;
        QSignalSpy ends(&job, &LongRopeJob::finished), failures(&job, &LongRopeJob::failed);
        job.start(question(*workspace.add(taskWith(PositionKind::learned))));
        QTRY_COMPARE(ends.size(), 1);
        QCOMPARE(failures.size(), 1);
        QVERIFY(failures.front().front().toString().contains("learned positions are trained for task.seq_len"));
    }
};

QTEST_GUILESS_MAIN(LongRopeJobTest)
#include "longrope_job_test.moc"
