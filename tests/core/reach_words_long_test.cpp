// What the comparisons of segments, of patterns and of longer sequences, and the presets of memory, spans and patterns, say of themselves.

#include <QtTest>
#include <algorithm>
#include <cmath>

#include "core/analysis/reach.h"
#include "core/analysis/spans.h"
#include "core/config/comparisons.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "core/training/length_evaluation.h"
#include "core/training/trainer.h"
#include "tests/changed_preset.h"
#include "tests/other_seeds.h"

using namespace lab;

namespace {

struct ReachingRun {
    LoadedTask task;
    std::shared_ptr<const Model> model;
    Weights weights;
    double accuracy = 0;  ///< of the validation after the last step

    /// Of the validation sequences, by the distance of what is asked for, in segments of 4.
    std::vector<double> bySegments() const {
        std::vector<Sample> samples;
        for (int i = 0; i < task.dataset->validationSize(); ++i) samples.push_back(task.dataset->validationSample(i));
        std::vector<double> result;
        const std::optional<std::vector<ReachRow>> rows = reachBySegments(*model, weights, task.experiment.task, samples, 4);
        if (!rows) return {};
        for (const ReachRow& each : *rows) result.push_back(each.accuracy());
        return result;
    }
    std::vector<double> spans() const { return spansOf(*model, weights).front().spans; }
};

ReachingRun reachingRun(Experiment experiment, int seed) {
    experiment.training.validate_every = experiment.training.steps;
    experiment.training.seed = static_cast<std::uint64_t>(seed);
    ReachingRun run{loadTask(experiment, {}), nullptr, {}};
    run.model = std::make_shared<const Model>(run.task.experiment.model);
    Trainer trainer(run.task.experiment, run.model, run.task.dataset, initialState(*run.model, run.task.experiment));
    while (!trainer.finished())
        if (const StepRecord record = trainer.advance(); record.validation) run.accuracy = record.validation->accuracy;
    run.weights = trainer.state().weights;
    qInfo("%s, seed %d: %.4f", experiment.name.c_str(), seed, run.accuracy);
    return run;
}

ReachingRun variantRun(const char* comparison, int variant, int seed) {
    const Experiment& experiment =
        std::ranges::find(comparisons(), std::string(comparison), &ClassicComparison::key)->variants.at(static_cast<std::size_t>(variant));
    return reachingRun(experiment, seed);
}

/// The seed of the file, and others.
std::vector<int> seedsOfAPreset(const Experiment& experiment) {
    std::vector<int> all{static_cast<int>(experiment.training.seed)};
    all.insert(all.end(), otherSeeds.begin(), otherSeeds.end());
    return all;
}

}  // namespace

class ReachWordsLongTest : public QObject {
    Q_OBJECT

private slots:
    void eachLayerReachesOneMemoryFurther_data();
    void eachLayerReachesOneMemoryFurther();
    void patternsReachWhatTheySee_data();
    void patternsReachWhatTheySee();
    void positionsReachLongerSequences_data();
    void positionsReachLongerSequences();
    void presetsEndWhereTheySay_data();
    void presetsEndWhereTheySay();
    void spansSettle();
    void spansThatStartAtZeroStayThere();
};

/// "Without a memory only questions about the own segment .. two layers answer from the segment before, three from two before."
void ReachWordsLongTest::eachLayerReachesOneMemoryFurther_data() {
    QTest::addColumn<int>("variant");
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    QTest::addColumn<int>("segments");  // from so many segments before it answers; -1: from none surely
    QTest::newRow("no memory") << 0 << 0.2 << 0.35 << 0;
    QTest::newRow("1 layer") << 1 << 0.2 << 0.4 << -1;
    QTest::newRow("2 layers") << 2 << 0.65 << 0.8 << 1;
    QTest::newRow("3 layers") << 3 << 0.98 << 1.0 << 2;
    QTest::newRow("full") << 4 << 0.98 << 1.0 << 2;
}

void ReachWordsLongTest::eachLayerReachesOneMemoryFurther() {
    QFETCH(int, variant);
    QFETCH(double, least);
    QFETCH(double, most);
    QFETCH(int, segments);
    for (int seed = 1; seed <= comparisonSeeds; ++seed) {
        const ReachingRun run = variantRun("memory", variant, seed);
        QVERIFY(run.accuracy >= least && run.accuracy <= most);
        const std::vector<double> answered = run.bySegments();
        QCOMPARE(answered.size(), std::size_t{3});
        for (int distance = 0; distance < 3 && segments >= 0; ++distance) {
            const double accuracy = answered[static_cast<std::size_t>(distance)];
            QVERIFY2(distance <= segments ? accuracy > 0.95 : accuracy < 0.35, qPrintable(QString::number(accuracy)));
        }
    }
}

void ReachWordsLongTest::patternsReachWhatTheySee_data() {
    QTest::addColumn<int>("variant");
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    QTest::newRow("full") << 0 << 0.99 << 1.0;
    QTest::newRow("window") << 1 << 0.08 << 0.12;
    QTest::newRow("gaps") << 2 << 0.99 << 1.0;
    QTest::newRow("window and full in turn") << 3 << 0.99 << 1.0;
    QTest::newRow("one round") << 4 << 0.18 << 0.98;
    QTest::newRow("eight rounds") << 5 << 0.99 << 1.0;
}

void ReachWordsLongTest::patternsReachWhatTheySee() {
    QFETCH(int, variant);
    QFETCH(double, least);
    QFETCH(double, most);
    for (int seed = 1; seed <= comparisonSeeds; ++seed) {
        const double accuracy = variantRun("patterns", variant, seed).accuracy;
        QVERIFY(accuracy >= least && accuracy <= most);
    }
}

void ReachWordsLongTest::positionsReachLongerSequences_data() {
    QTest::addColumn<int>("variant");
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    QTest::addColumn<double>("leastFarther");
    QTest::addColumn<double>("mostFarther");
    QTest::newRow("sinusoidal") << 0 << 0.99 << 1.0 << 0.2 << 0.45;
    QTest::newRow("rope") << 1 << 0.93 << 0.955 << 0.88 << 1.0;
    QTest::newRow("relative bias") << 2 << 0.95 << 0.97 << 0.5 << 0.7;
    QTest::newRow("vectors of distances") << 3 << 0.93 << 0.955 << 0.4 << 0.99;
}

/// At the length trained, and at four times that.
void ReachWordsLongTest::positionsReachLongerSequences() {
    QFETCH(int, variant);
    QFETCH(double, least);
    QFETCH(double, most);
    QFETCH(double, leastFarther);
    QFETCH(double, mostFarther);
    for (int seed = 1; seed <= comparisonSeeds; ++seed) {
        const ReachingRun run = variantRun("lengths", variant, seed);
        QVERIFY(run.accuracy >= least && run.accuracy <= most);
        const Experiment longer = atSequenceLength(run.task.experiment, 4 * run.task.experiment.task.seq_len, {});
        const double farther = evaluateWeights(longer, run.weights, 400, {})->accuracy;
        qInfo("   four times as long: %.4f", farther);
        QVERIFY(farther >= leastFarther && farther <= mostFarther);
    }
}

void ReachWordsLongTest::presetsEndWhereTheySay_data() {
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QString>("changed");  // "path=value", several parted by blanks
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    const auto row = [](const QString& preset, const QString& changed, double least, double most) {
        QTest::newRow(qPrintable(QString(preset + QLatin1Char(' ') + changed).trimmed())) << preset << changed << least << most;
    };
    row("carry-memory", "", 0.9, 1.0);
    row("carry-no-memory", "", 0.2, 0.35);
    row("lsh", "", 0.98, 1.0);
    row("lsh-few", "", 0.08, 0.25);
    row("dilated", "", 0.08, 0.12);
    row("dilated", "model.attention.pattern.dilation=1", 0.93, 1.0);
    row("longformer", "", 0.86, 1.0);
    row("longformer", "model.attention.global_projections=false", 0.86, 1.0);
    row("longformer", "model.attention.global_projections=false model.attention.pattern.globals=0", 0.3, 0.58);
    row("bigbird", "", 0.56, 0.92);
    row("bigbird", "model.attention.pattern.randoms=0", 0.3, 0.52);
    row("local-global", "", 0.33, 0.38);
    row("local-global", "model.attention.pattern.kind=full model.attention.full_every=0", 0.33, 0.38);
    row("local-global", "model.attention.full_every=0", 0.0, 0.04);
}

void ReachWordsLongTest::presetsEndWhereTheySay() {
    QFETCH(QString, preset);
    QFETCH(QString, changed);
    QFETCH(double, least);
    QFETCH(double, most);
    const Experiment experiment = changedPreset(preset.toStdString(), changed);
    for (const int seed : seedsOfAPreset(experiment)) {
        const double accuracy = reachingRun(experiment, seed).accuracy;
        QVERIFY(accuracy >= least && accuracy <= most);
    }
}

/// What comes next stood 11 tokens before the query: there a span of 7 with its ramp of 4 ends.
void ReachWordsLongTest::spansSettle() {
    const Experiment experiment = parseExperiment(findPreset("span")->json);
    for (const int seed : seedsOfAPreset(experiment)) {
        const ReachingRun run = reachingRun(experiment, seed);
        QVERIFY(run.accuracy > 0.55);
        const std::vector<double> spans = run.spans();
        qInfo("   spans %.2f %.2f", spans[0], spans[1]);
        QVERIFY(std::ranges::max(spans) < 11);
        QVERIFY(std::ranges::any_of(spans, [](double span) { return std::abs(span - 7) < 0.5; }));
    }
}

/// "Nothing draws it to the answer": the gradient of a span comes from its ramp alone.
void ReachWordsLongTest::spansThatStartAtZeroStayThere() {
    const Experiment experiment = parseExperiment(findPreset("span-short")->json);
    for (const int seed : seedsOfAPreset(experiment)) {
        const ReachingRun run = reachingRun(experiment, seed);
        QVERIFY(run.accuracy < 0.13);
        QVERIFY(std::ranges::max(run.spans()) < 1);
    }
}

QTEST_APPLESS_MAIN(ReachWordsLongTest)
#include "reach_words_long_test.moc"
