#include "core/training/cost_bench.h"

#include <QtTest>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "tests/regression_experiment.h"

using namespace lab;

namespace {

ModelConfig timedModel(const std::function<void(Experiment&)>& change) {
    Experiment e;
    e.task.seq_len = 6;
    e.model.d_model = 8;
    e.model.num_heads = 2;
    e.model.num_layers = 1;
    change(e);
    return resolved(e).model;
}

}  // namespace

/// That everything is measured; how long it takes says nothing here.
class CostBenchTest : public QObject {
    Q_OBJECT

private slots:
    void everyPatternIsTimedAtEveryLength_data() {
        QTest::addColumn<std::function<void(Experiment&)>>("change");
        using Change = std::function<void(Experiment&)>;
        QTest::newRow("encoder") << Change([](Experiment&) {});
        QTest::newRow("a table of positions longer than it was trained")
            << Change([](Experiment& e) { e.model.position.kind = PositionKind::learned; });
        QTest::newRow("decoder, linear kernel") << Change([](Experiment& e) {
            e.model.architecture = Architecture::decoder;
            e.model.attention.kernel.kind = KernelKind::linear;
        });
        QTest::newRow("both sides") << Change([](Experiment& e) { e.model.architecture = Architecture::encoder_decoder; });
        QTest::newRow("vectors") << Change([](Experiment& e) { e = regressionExperiment(); });
    }
    void everyPatternIsTimedAtEveryLength() {
        QFETCH(std::function<void(Experiment&)>, change);
        const ModelConfig model = timedModel(change);
        std::vector<int> told;
        const auto timed = timeCosts(model, {{64, 128}, 2}, {}, [&](const std::vector<TimedCost>& ofLength) {
            told.push_back(ofLength.front().length);
            QCOMPARE(ofLength.size(), costedPatterns(model).size());
        });
        QCOMPARE(told, (std::vector<int>{64, 128}));
        QCOMPARE(timed.size(), 2 * costedPatterns(model).size());
        for (std::size_t i = 0; i < timed.size(); ++i) {
            QCOMPARE(timed[i].line, i % costedPatterns(model).size());
            QVERIFY(timed[i].fastest > 0 && timed[i].fastest <= timed[i].secondsPerToken && timed[i].secondsPerToken <= timed[i].slowest);
        }
    }

    void endsWhenNobodyWantsIt() {
        const ModelConfig model = timedModel([](Experiment&) {});
        bool wanted = true;
        const auto timed = timeCosts(
            model, {{64, 128, 256}, 1}, [&] { return wanted; }, [&](const auto&) { wanted = false; });
        QCOMPARE(timed.size(), costedPatterns(model).size());
        QVERIFY(timeCosts(model, {{64}, 1}, [] { return false; }).empty());
    }

    void timedLengthsAreCostedOnes() {
        QCOMPARE(timedLengths().front(), 64);
        QCOMPARE(timedLengths().back(), 4096);
        QCOMPARE(timedLengths().size(), std::size_t{7});
    }
};

QTEST_APPLESS_MAIN(CostBenchTest)
#include "cost_bench_test.moc"
