#include "core/analysis/compression.h"

#include <QtTest>
#include <cmath>
#include <random>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"

using namespace lab;

namespace {

struct CompressionBench {
    CompressionBench() : model(experiment().model), weights(initialWeights(model, 4)) {
        std::mt19937 random(9);
        const auto digits = [&] {
            std::vector<int> result;
            for (int i = 0; i < 6; ++i) result.push_back(static_cast<int>(random() % 10));
            return result;
        };
        for (int i = 0; i < 10; ++i) samples.push_back({digits(), {}, digits()});
    }
    static Experiment experiment() {
        Experiment e;
        e.task.seq_len = 6;
        e.model.d_model = 16;
        e.model.num_heads = 4;
        return resolved(e);
    }

    Model model;
    Weights weights;
    std::vector<Sample> samples;
};

}  // namespace

class CompressionTest : public QObject {
    Q_OBJECT

private slots:
    void everySchemeIsMeasured() {
        const CompressionBench bench;
        const auto forms = *quantisedForms(bench.model, bench.weights, bench.samples);
        QCOMPARE(forms.size(), QuantisationScheme::table().size() + 1);
        QVERIFY(!forms[0].scheme && forms[0].weights == bench.weights);
        for (std::size_t i = 0; i < forms.size(); ++i) {
            if (i > 0) {
                QCOMPARE(forms[i].scheme, &QuantisationScheme::table()[i - 1]);
                QCOMPARE(forms[i].weights, quantised(bench.weights, bench.model.layout(), *forms[i].scheme));
                QVERIFY(forms[i].bytes < forms[i - 1].bytes);
            }
            QCOMPARE(forms[i].bytes, storedBytes(bench.model.layout(), forms[i].scheme));
            QCOMPARE(forms[i].score.loss, evaluateWith(bench.model, forms[i].weights, bench.samples, {})->loss);
        }
    }

    void everyShareIsMeasured() {
        const CompressionBench bench;
        const double shares[] = {0.25, 1};
        for (const PruneWhat what : {PruneWhat::heads, PruneWhat::weights})
            for (const PruneBy by : {PruneBy::size, PruneBy::ablation}) {
                const auto forms = *prunedForms(bench.model, bench.weights, what, by, shares, bench.samples, 4);
                QCOMPARE(forms.size(), std::size_t{3});
                QCOMPARE(forms[0].taken, std::int64_t{0});
                QCOMPARE(forms[2].taken, forms[2].of);
                QVERIFY(forms[0].zeros < forms[1].zeros && forms[1].zeros < forms[2].zeros);
                QCOMPARE(forms[1].score.loss, evaluateWith(bench.model, forms[1].weights, bench.samples, {})->loss);
            }
    }

    /// From nothing to all, never back; a cancel is heard.
    void progressIsTold() {
        const CompressionBench bench;
        const double shares[] = {0.5};
        std::vector<int> done;
        int last = 0;
        CompressionWatch watch;
        watch.progress = [&](int now, int total) {
            done.push_back(now);
            last = total;
        };
        QVERIFY(prunedForms(bench.model, bench.weights, PruneWhat::heads, PruneBy::ablation, shares, bench.samples, 10, watch));
        QVERIFY(std::ranges::is_sorted(done) && done.back() == last);
        watch.cancelled = [&] { return done.size() > 3; };
        done.clear();
        QVERIFY(!prunedForms(bench.model, bench.weights, PruneWhat::heads, PruneBy::ablation, shares, bench.samples, 10, watch));
        done.clear();
        QVERIFY(!quantisedForms(bench.model, bench.weights, bench.samples, watch));
    }

    /// Pruned settings: zeros stay, and the schedule is the new training's own.
    void theSettingsAfterwards() {
        Experiment e = CompressionBench::experiment();
        e.name = "Reverse";
        e.training.schedule.numbers.set("warmup_steps", 50);
        const Experiment more = afterPruning(e, 100), none = afterPruning(e, 0);
        QCOMPARE(more.name, std::string("Reverse, pruned"));
        QVERIFY(more.training.keep_zeros && none.training.keep_zeros);
        QCOMPARE(more.training.steps, 100);
        QCOMPARE(warmupSteps(*more.training.schedule.kind, more.training.schedule.numbers, more.training.steps), 10);
        QCOMPARE(none.training.steps, e.training.steps);
        validate(more);
    }
};

QTEST_APPLESS_MAIN(CompressionTest)
#include "compression_test.moc"
