#include "core/training/shard_bench.h"

#include <QtTest>

#include "core/config/validation.h"

using namespace lab;

namespace {

/// 8 groups of 4 shards, a second each; nothing else takes time.
StepPieces onlyShards() {
    StepPieces pieces;
    pieces.sequences = 64;
    pieces.groups = 8;
    pieces.sequencesPerShard = 2;
    pieces.shards.assign(32, 1.0);
    pieces.step = 32;
    return pieces;
}

double speedUp(const StepPieces& pieces, int cores) {
    return simulateStep(pieces, 1).seconds() / simulateStep(pieces, cores).seconds();
}

}  // namespace

class ShardBenchTest : public QObject {
    Q_OBJECT

private slots:
    void oneCoreTakesAsLongAsTheStep() {
        StepPieces pieces = onlyShards();
        pieces.chunks = {1, 1};
        pieces.parts = {2, 1};
        pieces.batch = 1;
        pieces.step = 40;
        pieces.wait = 5;
        QCOMPARE(pieces.rest(), 2.0);
        const SimulatedStep one = simulateStep(pieces, 1);
        QCOMPARE(one.seconds(), 40.0);  // nobody to wait for
        QCOMPARE(one.shards, 33.0);
        QCOMPARE(one.serial, 2.0);
        QCOMPARE(simulateStep(pieces, 2).serial, 2.0 + 3 * 5);
    }

    void moreCoresThanGroupsFindNothingToDo() {
        QCOMPARE(speedUp(onlyShards(), 2), 2.0);
        QCOMPARE(speedUp(onlyShards(), 4), 4.0);
        QCOMPARE(speedUp(onlyShards(), 8), 8.0);
        QCOMPARE(speedUp(onlyShards(), 64), 8.0);
    }

    void theSlowestGroupIsWaitedFor() {
        StepPieces pieces = onlyShards();
        pieces.shards[0] = 5;
        QCOMPARE(simulateStep(pieces, 8).shards, 8.0);
    }

    void theNextBatchIsMadeByWhoIsReadyFirst() {
        StepPieces pieces = onlyShards();
        pieces.batch = 3;
        QCOMPARE(simulateStep(pieces, 8).shards, 7.0);   // behind the last shard
        QCOMPARE(simulateStep(pieces, 16).shards, 4.0);  // the ninth has nothing else to do
    }

    void sumsAreCutInRunsAndUpdatesTakenInTurn() {
        StepPieces pieces = onlyShards();
        pieces.chunks = {1, 1, 1, 1, 1};
        pieces.parts = {1, 5, 1, 1, 1, 1};
        QCOMPARE(simulateStep(pieces, 2).sums, 3.0);
        QCOMPARE(simulateStep(pieces, 64).sums, 1.0);
        QCOMPARE(simulateStep(pieces, 2).updates, 5.0);
        QCOMPARE(simulateStep(pieces, 64).updates, 5.0);  // one parameter is one core's
    }

    void aStepIsTakenApart() {
        Experiment e;
        e.task.seq_len = 16;
        e.task.train_size = 128;
        e.task.validation_size = 0;
        e.task.test_size = 0;
        e.model.d_model = 8;
        e.model.num_layers = 1;
        e.training.batch_size = 128;
        const StepPieces pieces = measurePieces(resolved(e), 0);
        QCOMPARE(pieces.sequences, 128);
        QCOMPARE(pieces.groups, 8);
        QCOMPARE(pieces.sequencesPerShard, 32);
        QCOMPARE(pieces.shards.size(), std::size_t{8});
        QVERIFY(!pieces.chunks.empty() && !pieces.parts.empty());
        for (const double seconds : pieces.shards) QVERIFY(seconds > 0);
        QVERIFY(pieces.step > 0 && pieces.batch > 0);
        QVERIFY(simulateStep(pieces, 64).seconds() > 0);
    }
};

QTEST_APPLESS_MAIN(ShardBenchTest)
#include "shard_bench_test.moc"
