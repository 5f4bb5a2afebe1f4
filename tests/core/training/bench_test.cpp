#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>
#include <algorithm>

#include "core/base/errors.h"
#include "core/base/median.h"
#include "core/base/platform_memory.h"
#include "core/config/validation.h"
#include "core/ops/kernels.h"
#include "core/training/bench.h"
#include "core/training/bench_plan.h"
#include "core/training/memory_need.h"

using namespace lab;

namespace {

QStringList namesOfGrid(BenchGrid grid) {
    QStringList names;
    for (const Experiment& experiment : benchExperiments(grid)) names += QString::fromStdString(benchName(experiment));
    return names;
}

Experiment tinyExperiment() {
    Experiment e;
    e.task.seq_len = 4;
    e.task.train_size = 16;
    e.task.validation_size = 0;
    e.task.test_size = 0;
    e.model.d_model = 8;
    e.model.num_layers = 1;
    e.training.batch_size = 2;
    return resolved(e);
}

}  // namespace

class BenchTest : public QObject {
    Q_OBJECT

private slots:
    void speedUpIsTheMedianOfTheRoundsOwn() {
        BenchResult one, two;
        one.roundSeconds = {4, 9, 10};  // the machine slows down
        two.roundSeconds = {2, 3, 20};
        QCOMPARE(speedUpOver(one, two), 2.0);  // of 2, 3 and 0.5
        QCOMPARE(speedUpOver(one, one), 1.0);
        QCOMPARE(speedUpOver(one, BenchResult()), 0.0);
    }

    void multiplyAddsAreThoseCountedByHand_data() {
        QTest::addColumn<int>("form");
        QTest::addColumn<double>("projections");  // q, k and v: 3 d^2, or 2 d^2 where q is k
        QTest::newRow("qkv") << static_cast<int>(AttentionForm::qkv) << 3.0 * 64 * 64;
        QTest::newRow("kv") << static_cast<int>(AttentionForm::kv) << 2.0 * 64 * 64;
        QTest::newRow("kv+pos") << static_cast<int>(AttentionForm::kv_pos) << 2.0 * 64 * 64;
    }

    void multiplyAddsAreThoseCountedByHand() {
        QFETCH(int, form);
        QFETCH(double, projections);
        Experiment e = benchExperiments(BenchGrid::quick)[1];  // d 64, L 2, h 2, n 16; d_ff 128, output mlp, 10 classes
        e.model.attention.form = static_cast<AttentionForm>(form);
        const double layer = 16 * (projections + 64.0 * 64 + 2 * 64.0 * 128) + 2.0 * 2 * 16 * 16 * 32;
        const double output = 16 * (64.0 * 64 + 64.0 * 10);
        QCOMPARE(forwardMultiplyAdds(e.model, 16), 2 * layer + output);
        QCOMPARE(stepFlops(e), 6 * 128 * (2 * layer + output));
    }

    void theDecoderCountsAttentionInFullAndOneProjectionToTheClasses() {
        const Experiment e = benchExperiments(BenchGrid::quick)[4];
        const double layer = 64 * (4 * 128.0 * 128 + 2 * 128.0 * 512) + 4 * 2 * 64.0 * 64 * 32;
        QCOMPARE(forwardMultiplyAdds(e.model, 64), 4 * layer + 64 * 128.0 * 65);
    }

    void groupedKeysAndGatesAreCounted() {
        Experiment e;
        e.model.d_model = 32;
        e.model.num_layers = 1;
        e.model.num_heads = 4;
        e.model.num_kv_heads = 2;
        e.model.feed_forward.activation = Activation::swiglu;
        e.model.output.kind = OutputKind::linear;
        e = resolved(e);
        QCOMPARE(forwardMultiplyAdds(e.model, 2), 2 * (32.0 * 64 + 32 * 32 + 3 * 32.0 * 64) + 2 * 2 * 2 * 32.0 + 2 * 32 * 10.0);
    }

    void theQuickGridHasFiveRows() {
        const QStringList expected = {"encoder qkv, d 32, L 2, h 2, n 16, batch 128", "encoder qkv, d 64, L 2, h 2, n 16, batch 128",
                                      "encoder qkv, d 64, L 2, h 2, n 64, batch 128", "encoder qkv, d 256, L 4, h 2, n 128, batch 128",
                                      "decoder qkv, d 128, L 4, h 4, n 64, batch 12"};
        QCOMPARE(namesOfGrid(BenchGrid::quick), expected);
        QCOMPARE(benchThreads(BenchGrid::quick, 8), (std::vector<int>{1, 2}));
        const Experiment decoder = benchExperiments(BenchGrid::quick).back();
        QCOMPARE(*decoder.model.d_ff, 512);
        QCOMPARE(*decoder.model.vocab_size, 65);
        QVERIFY(decoder.model.feed_forward.activation == Activation::gelu && decoder.model.norm.placement == NormPlacement::pre);
    }

    void thePytorchGridIsTheQuickOneAndFourMore() {
        const QStringList names = namesOfGrid(BenchGrid::pytorch), quick = namesOfGrid(BenchGrid::quick);
        QCOMPARE(names.mid(0, quick.size()), quick);
        QCOMPARE(names.mid(quick.size()),
                 (QStringList{"decoder qkv, d 192, L 6, h 6, n 128, batch 32", "encoder-decoder qkv, d 128, L 2+2, h 4, n 32, batch 64",
                              "decoder qkv, d 256, L 4, h 8/2, n 256, batch 16",
                              "decoder qkv, d 128, L 4, h 4, n 1024, sliding-window, batch 4"}));
        QCOMPARE(benchThreads(BenchGrid::pytorch, 8), (std::vector<int>{1, 2}));
        QCOMPARE(*benchExperiments(BenchGrid::pytorch)[5].model.vocab_size, 2048);
    }

    void twoSidesAreCountedWithTheLookAtTheMemory() {
        const Experiment e = benchExperiments(BenchGrid::pytorch)[6];  // d 128, L 2+2, h 4, n 32; d_ff 512, 11 classes
        const double attention = 32 * 4 * 128.0 * 128 + 2 * 32.0 * 32 * 128, feedForward = 32 * 2 * 128.0 * 512;
        QCOMPARE(forwardMultiplyAdds(e.model, 32), 6 * attention + 4 * feedForward + 32 * 128.0 * 11);
        QCOMPARE(benchTokens(e), 64);
    }

    void ofAWindowOnlyThePairsInItAreCounted() {
        const Experiment e = benchExperiments(BenchGrid::pytorch)[8];  // n 1024, window 32, a decoder: 33 keys, fewer at the beginning
        const double seen = 1024 * 33.0 - 32 * 33 / 2.0;
        QCOMPARE(forwardProducts(e.model, 1024).pairs, 4 * seen * 2 * 128);
        const ForwardProducts all = forwardProducts(e.model, 1024);
        QCOMPARE(all.total(), all.projections + all.feedForward + all.pairs + all.answers);
        QCOMPARE(all.total(), forwardMultiplyAdds(e.model, 1024));
    }

    void thePaperGridHasEveryCombinationOnce() {
        const QStringList names = namesOfGrid(BenchGrid::paper);
        QCOMPARE(names.size(), 3 * 2 * 2 * 3 * 3);
        QCOMPARE(QSet<QString>(names.begin(), names.end()).size(), names.size());
        for (const char* name : {"encoder qkv, d 32, L 2, h 2, n 16, batch 128", "encoder kv+pos, d 256, L 4, h 4, n 128, batch 128"})
            QVERIFY2(names.contains(name), name);
    }

    void everyRowIsAnExperimentThatTrainsWithoutDropoutOrValidation() {
        for (const BenchGrid grid : {BenchGrid::quick, BenchGrid::paper, BenchGrid::pytorch})
            for (const Experiment& experiment : benchExperiments(grid)) {
                validate(experiment);
                QCOMPARE(experiment.model.dropout, 0.0);
                QCOMPARE(*experiment.task.validation_size, 0);
            }
    }

    void gridsAreNamed() {
        QVERIFY(benchGridNamed("quick") == BenchGrid::quick && benchGridNamed("paper") == BenchGrid::paper);
        QVERIFY(benchGridNamed("pytorch") == BenchGrid::pytorch);
        QVERIFY(!benchGridNamed("large"));
    }

    void theMedianIsTheMiddle() {
        QCOMPARE(medianOf({3, 1, 2}), 2.0);
        QCOMPARE(medianOf({4, 1, 2, 3}), 2.5);
        QCOMPARE(medianOf({}), 0.0);
    }

    void aReportHasWhatWasMeasured() {
        const std::vector<BenchRow> rows = {{tinyExperiment(), 1}, {tinyExperiment(), 2}};
        QStringList visits;
        const BenchReport report =
            runBench(rows, {2, 0}, [&](int round, std::size_t row) { visits += QString("%1/%2").arg(round).arg(row); });
        QCOMPARE(visits, (QStringList{"0/0", "0/1", "1/0", "1/1"}));
        QCOMPARE(report.results.size(), rows.size());
        for (const BenchResult& result : report.results) {
            QVERIFY(result.fastestSeconds > 0 && result.fastestSeconds <= result.stepSeconds);
            QVERIFY(result.stepSeconds <= result.slowestSeconds);
            QCOMPARE(result.tokensPerSecond, 2 * 4 / result.stepSeconds);
            QCOMPARE(result.gflops, stepFlops(result.row.experiment) / result.stepSeconds * 1e-9);
            QCOMPARE(result.roundSeconds.size(), std::size_t{2});
            QCOMPARE(result.peakShare, result.gflops / report.peakGflops.at(result.row.threads));
            // Weights, moments and their copies are the least of it.
            if (allocatedMemory()) QVERIFY(result.memoryBytes > stateBytes(result.row.experiment));
        }
    }

    void whatMemoryCannotHoldIsNotMeasured() {
        Experiment huge = tinyExperiment();
        huge.model.d_ff = 1 << 16;
        huge.model.d_model = 1 << 14;
        huge.model.num_layers = 64;
        QVERIFY_THROWS_EXCEPTION(InputError, runBench({{huge, 1}}, {1, 0}, [](int, std::size_t) {}));
        QVERIFY_THROWS_EXCEPTION(InputError, measureStepsPerSecond({huge, 1}, 0));
    }

    void theJsonHasTheKeysOfTheFormat() {
        BenchReport report{"A Processor", "v3", {{1, 142.04}, {2, 284}}, {}};
        report.results.push_back({{benchExperiments(BenchGrid::quick)[1], 2}, 0.0024001, 0.002, 0.003, 853333.3, 380.12345, 0.6691});
        const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(benchJson(report))).object();
        QCOMPARE(json.keys(), (QStringList{"isa", "peak_gflops", "processor", "results"}));
        QCOMPARE(json["processor"].toString(), "A Processor");
        QCOMPARE(json["peak_gflops"].toObject()["1"].toDouble(), 142.0);
        const QJsonObject row = json["results"].toArray()[0].toObject();
        QCOMPARE(row.keys(), (QStringList{"architecture", "batch_size", "d_model", "form", "gflops", "num_heads", "num_layers",
                                          "parameters", "peak_share", "seq_len", "step_ms", "threads", "tokens_per_second"}));
        QCOMPARE(row["parameters"].toInt(), 72522);
        QCOMPARE(row["architecture"].toString(), "encoder");
        QCOMPARE(row["form"].toString(), "qkv");
        QCOMPARE(row["seq_len"].toInt(), 16);
        QCOMPARE(row["threads"].toInt(), 2);
        QCOMPARE(row["step_ms"].toDouble(), 2.4);
        QCOMPARE(row["tokens_per_second"].toDouble(), 853300.0);
        QCOMPARE(row["gflops"].toDouble(), 380.1);
        QCOMPARE(row["peak_share"].toDouble(), 0.6691);
        report.results[0].memoryBytes = 12345678;
        const QJsonObject with = QJsonDocument::fromJson(QByteArray::fromStdString(benchJson(report))).object();
        QCOMPARE(with["results"].toArray()[0].toObject()["memory_mb"].toDouble(), 12.35);
    }
};

QTEST_APPLESS_MAIN(BenchTest)
#include "bench_test.moc"
