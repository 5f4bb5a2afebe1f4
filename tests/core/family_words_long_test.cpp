// What the comparisons and presets of projections, kernels, depth, experts and what stands beside the scores say: comparisons for seeds 1
// to 5, presets for five seeds that are not in their files. About 410 job-seconds.

#include <QtTest>
#include <algorithm>

#include "core/analysis/depth_map.h"
#include "core/analysis/expert_choice.h"
#include "core/analysis/run_comparison.h"
#include "core/config/comparisons.h"
#include "core/config/experiment_json.h"
#include "core/config/layer_cost.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "core/model/decoding.h"
#include "core/model/sample_input.h"
#include "core/training/trainer.h"
#include "tests/changed_preset.h"
#include "tests/other_seeds.h"

using namespace lab;

namespace {

constexpr std::array comparedSeeds{1, 2, 3, 4, 5};

struct TrainedFamily {
    LoadedTask task;
    std::shared_ptr<const Model> model;
    Weights weights;
    double accuracy = 0;         ///< of the validation, at the end
    std::int64_t learnedAt = 0;  ///< the first validation above 99 %; 0: none
};

TrainedFamily trainedFamily(Experiment experiment, int seed) {
    experiment.training.seed = static_cast<std::uint64_t>(seed);
    const LoadedTask task = loadTask(experiment, {});
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    std::int64_t learnedAt = 0;
    double accuracy = 0;
    while (!trainer.finished()) {
        const StepRecord record = trainer.advance();
        if (!record.validation) continue;
        accuracy = record.validation->accuracy;
        if (learnedAt == 0 && accuracy > 0.99) learnedAt = record.step;
    }
    return {task, model, trainer.state().weights, accuracy, learnedAt};
}

/// Of the positions of the first validation samples: steps.
struct StepsTaken {
    int most = 0;
    double mean = 0;
};

StepsTaken stepsTaken(const TrainedFamily& run) {
    StepsTaken taken;
    std::size_t positions = 0;
    for (int i = 0; i < 100; ++i) {
        const Sample sample = run.task.dataset->validationSample(i);
        for (const StackDepth& stack : depthsOf(*run.model, run.weights, {sample.tokens, sample.targetTokens, sample.targets, {}, {}})) {
            for (const int steps : stack.steps) {
                taken.most = std::max(taken.most, steps);
                taken.mean += steps;
            }
            positions += stack.steps.size();
        }
    }
    taken.mean /= static_cast<double>(positions);
    return taken;
}

std::size_t weightsOf(const Model& model) {
    std::size_t sum = 0;
    for (const Parameter& parameter : model.layout().parameters()) sum += parameter.size;
    return sum;
}

/// Found by its name, so that the order of variants may change.
Experiment familyVariant(const char* comparison, const QString& variant) {
    const auto found = std::ranges::find(comparisons(), std::string(comparison), &ClassicComparison::key);
    return *std::ranges::find(found->variants, variant.toStdString(), &Experiment::name);
}

/// Of the trace of a validation sample.
Tensor tracedTensor(const TrainedFamily& run, int sample, const char* name) {
    return *run.model->trace(run.weights, inputOf(run.task.dataset->validationSample(sample)), {}).find(name);
}

}  // namespace

class FamilyWordsLongTest : public QObject {
    Q_OBJECT

private slots:
    void allProjectionsLearnAndKeepWhatIsSaid_data();
    void allProjectionsLearnAndKeepWhatIsSaid();
    void kernelsEndWhereIsSaid_data();
    void kernelsEndWhereIsSaid();
    void featuresPutKernelsInOrder();
    void depthHelpsByLayersOfTheirOwn();
    void haltingTakesTheStepsThatPay();
    void balanceSpreadsChoices();
    void presetsHaltWhereIsSaid();
    void retentionLearnsToReverse();
    void sixtyFourFeaturesAreEnough();
    void expertsHoldMoreForTheirProducts_data();
    void expertsHoldMoreForTheirProducts();
    void latentsGainNothingOverSharedHeads_data();
    void latentsGainNothingOverSharedHeads();
    void presetsOfScoresEndWhereTheySay_data();
    void presetsOfScoresEndWhereTheySay();
    void cappedScoresLeaveNoKeyMore();
    void unitKeysScoreTheOwnKeyHighest();
    void sinksTakeLessWhereThereIsSomethingToSee();
};

void FamilyWordsLongTest::allProjectionsLearnAndKeepWhatIsSaid_data() {
    QTest::addColumn<QString>("variant");
    QTest::addColumn<int>("bytes");
    QTest::newRow("qkv") << "QKV" << 512;
    QTest::newRow("q+kv") << "Q+KV" << 256;
    QTest::newRow("kv") << "KV" << 512;
    QTest::newRow("kv, masked diagonal") << "KV, masked diagonal" << 512;
    QTest::newRow("k") << "K" << 256;
    QTest::newRow("gqa") << "GQA" << 256;
    QTest::newRow("shared layers") << "Shared layers" << 256;
    QTest::newRow("latent") << "Latent" << 64;
}

/// "All eight pass 99 % within 250 steps", and the bytes of each token.
void FamilyWordsLongTest::allProjectionsLearnAndKeepWhatIsSaid() {
    QFETCH(QString, variant);
    QFETCH(int, bytes);
    for (const int seed : comparedSeeds) {
        const TrainedFamily run = trainedFamily(familyVariant("projections", variant), seed);
        qInfo("%s, seed %d: 99 %% at %d, ends at %.4f", qPrintable(variant), seed, static_cast<int>(run.learnedAt), run.accuracy);
        QVERIFY(run.learnedAt > 0 && run.learnedAt <= 250 && run.accuracy > 0.99);
        Decoding decoding(run.model, run.weights);
        decoding.append({1, 2, 3});
        QCOMPARE(static_cast<int>(decoding.cacheBytes()), 3 * bytes);
        QCOMPARE(static_cast<int>(*cacheBytesPerToken(run.model->config())), bytes);
    }
}

void FamilyWordsLongTest::kernelsEndWhereIsSaid_data() {
    QTest::addColumn<QString>("variant");
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    QTest::newRow("softmax") << "Softmax" << 0.99 << 1.0;
    QTest::newRow("gated linear") << "Gated linear" << 0.5 << 0.9;
    QTest::newRow("retention") << "Retention" << 0.5 << 0.9;
}

void FamilyWordsLongTest::kernelsEndWhereIsSaid() {
    QFETCH(QString, variant);
    QFETCH(double, least);
    QFETCH(double, most);
    for (const int seed : comparedSeeds) {
        const TrainedFamily run = trainedFamily(familyVariant("kernels-in-time", variant), seed);
        qInfo("%s, seed %d: 99 %% at %d, ends at %.4f", qPrintable(variant), seed, static_cast<int>(run.learnedAt), run.accuracy);
        QVERIFY(run.accuracy >= least && run.accuracy <= most);
        if (variant == "Softmax") QVERIFY(run.learnedAt > 0 && run.learnedAt <= 120);
    }
}

/// "Above 97 % with 256 of them; with 16 it ends lower than that, and linear attention lower still": seed by seed.
void FamilyWordsLongTest::featuresPutKernelsInOrder() {
    for (const int seed : comparedSeeds) {
        std::vector<double> accuracies;
        for (const char* variant : {"Performer 256", "Performer 16", "Linear"})
            accuracies.push_back(trainedFamily(familyVariant("kernels-in-time", variant), seed).accuracy);
        qInfo("seed %d: %.4f with 256 features, %.4f with 16, %.4f linear", seed, accuracies[0], accuracies[1], accuracies[2]);
        QVERIFY(accuracies[0] > 0.97 && accuracies[0] > accuracies[1] && accuracies[1] > accuracies[2]);
        QVERIFY(accuracies[2] > 0.5 && accuracies[2] < 0.9);
    }
}

/// "Four layers of their own end above 99.3 %, one layer stays below 99 %. Four tied steps have the weights of one layer."
void FamilyWordsLongTest::depthHelpsByLayersOfTheirOwn() {
    for (const int seed : comparedSeeds) {
        const TrainedFamily one = trainedFamily(familyVariant("depth", "1 layer"), seed),
                            four = trainedFamily(familyVariant("depth", "4 layers"), seed),
                            tied = trainedFamily(familyVariant("depth", "4 tied steps"), seed);
        qInfo("seed %d: %.4f with one layer, %.4f with four, %.4f tied", seed, one.accuracy, four.accuracy, tied.accuracy);
        QVERIFY(one.accuracy < 0.99 && four.accuracy > 0.993);
        QVERIFY(tied.accuracy > 0.95 && tied.accuracy < four.accuracy);
        QCOMPARE(weightsOf(*tied.model), weightsOf(*one.model));
    }
}

/// "ACT with cheap steps, of which a position takes one to four. Where steps are dear, hardly a position takes a second one and accuracy
/// stays below 99 %."
void FamilyWordsLongTest::haltingTakesTheStepsThatPay() {
    for (const int seed : comparedSeeds) {
        const TrainedFamily cheap = trainedFamily(familyVariant("depth", "ACT, cheap steps"), seed),
                            dear = trainedFamily(familyVariant("depth", "ACT, dear steps"), seed);
        const StepsTaken cheapSteps = stepsTaken(cheap), dearSteps = stepsTaken(dear);
        qInfo("seed %d: %.4f with %.3f steps, at most %d; dear: %.4f with %.3f, at most %d", seed, cheap.accuracy, cheapSteps.mean,
              cheapSteps.most, dear.accuracy, dearSteps.mean, dearSteps.most);
        QVERIFY(cheapSteps.mean > 1.3 && cheapSteps.most <= 4 && cheap.accuracy > 0.97);
        QVERIFY(dearSteps.mean < 1.05 && dear.accuracy < 0.99);
    }
}

/// "Each expert has between 20 and 30 %" and, without balance, "two of the four experts together end with less than 15 %".
void FamilyWordsLongTest::balanceSpreadsChoices() {
    for (const char* preset : {"experts", "experts-uneven"})
        for (const int seed : otherSeeds) {
            const TrainedFamily run = trainedFamily(parseExperiment(findPreset(preset)->json), seed);
            std::vector<Sample> samples;
            for (int i = 0; i < run.task.dataset->validationSize(); ++i) samples.push_back(run.task.dataset->validationSample(i));
            std::vector<double> shares = expertShares(*run.model, run.weights, samples).at(0).shares;
            std::ranges::sort(shares);
            qInfo("%s, seed %d: accuracy %.4f, shares %.3f %.3f %.3f %.3f", preset, seed, run.accuracy, shares[0], shares[1], shares[2],
                  shares[3]);
            QCOMPARE(shares.size(), std::size_t{4});
            QCOMPARE(run.accuracy, 1.0);
            if (std::string_view(preset) == "experts") QVERIFY(shares.front() > 0.2 && shares.back() < 0.3);
            if (std::string_view(preset) == "experts-uneven") QVERIFY(shares[0] + shares[1] < 0.15);
        }
}

/// "Positions take between 1.4 and 3 steps on average, and over 95 %"; dear: "hardly a position takes a second step", "between 94 and 99
/// %".
void FamilyWordsLongTest::presetsHaltWhereIsSaid() {
    for (const int seed : otherSeeds) {
        const TrainedFamily needed = trainedFamily(parseExperiment(findPreset("parity-act")->json), seed),
                            dear = trainedFamily(parseExperiment(findPreset("parity-act-dear")->json), seed);
        const double steps = stepsTaken(needed).mean, dearSteps = stepsTaken(dear).mean;
        qInfo("seed %d: %.4f with %.3f steps, dear %.4f with %.3f", seed, needed.accuracy, steps, dear.accuracy, dearSteps);
        QVERIFY(steps > 1.4 && steps < 3.0 && needed.accuracy > 0.95);
        QVERIFY(dearSteps < 1.05 && dear.accuracy > 0.94 && dear.accuracy < 0.99);
    }
}

/// "Over 97 % of the digits are right", and what is kept of 20 tokens is no more than of one.
void FamilyWordsLongTest::retentionLearnsToReverse() {
    for (const int seed : otherSeeds) {
        const TrainedFamily run = trainedFamily(parseExperiment(findPreset("retention")->json), seed);
        qInfo("seed %d: %.4f", seed, run.accuracy);
        QVERIFY(run.accuracy > 0.97);
        Decoding decoding(run.model, run.weights);
        decoding.append({1});
        const std::size_t ofOne = decoding.cacheBytes();
        decoding.append(std::vector<int>(19, 2));
        QVERIFY(ofOne > 0);
        QCOMPARE(decoding.cacheBytes(), ofOne);
    }
}

/// "Over 99 % of the digits are right within 200 steps"; with 4 features "99 % is passed after step 200 or not at all".
void FamilyWordsLongTest::sixtyFourFeaturesAreEnough() {
    for (const int seed : otherSeeds) {
        const TrainedFamily run = trainedFamily(parseExperiment(findPreset("performer")->json), seed);
        qInfo("seed %d: 99 %% at %d", seed, static_cast<int>(run.learnedAt));
        QVERIFY(run.learnedAt > 0 && run.learnedAt <= 200);
        const TrainedFamily few = trainedFamily(parseExperiment(findPreset("performer-few")->json), seed);
        qInfo("seed %d, 4 features: 99 %% at %d", seed, static_cast<int>(few.learnedAt));
        QVERIFY(few.learnedAt == 0 || few.learnedAt > 200);
    }
}

void FamilyWordsLongTest::expertsHoldMoreForTheirProducts_data() {
    QTest::addColumn<QString>("variant");
    QTest::addColumn<int>("products");
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    QTest::newRow("experts") << "8 experts of 16, top 2" << 2304 << 0.99 << 1.0;
    QTest::newRow("same products") << "One layer of 36" << 2304 << 0.6 << 0.93;
    QTest::newRow("same weights") << "One layer of 128" << 8192 << 0.99 << 1.0;
}

/// "Exactly as many products a token"; "passes 99 % before them": by step 550, experts behind it.
void FamilyWordsLongTest::expertsHoldMoreForTheirProducts() {
    QFETCH(QString, variant);
    QFETCH(int, products);
    QFETCH(double, least);
    QFETCH(double, most);
    for (const int seed : comparedSeeds) {
        const TrainedFamily run = trainedFamily(familyVariant("experts", variant), seed);
        qInfo("%s, seed %d: 99 %% at %d, ends at %.4f", qPrintable(variant), seed, static_cast<int>(run.learnedAt), run.accuracy);
        QCOMPARE(static_cast<int>(feedForwardProducts(layersOf(run.model->config(), Side::encoder).front())), products);
        QVERIFY(run.accuracy >= least && run.accuracy <= most);
        if (variant == "One layer of 128") QVERIFY(run.learnedAt > 0 && run.learnedAt <= 550);
        if (variant == "8 experts of 16, top 2") QVERIFY(run.learnedAt > 550);
    }
}

void FamilyWordsLongTest::latentsGainNothingOverSharedHeads_data() {
    QTest::addColumn<QString>("variant");
    QTest::addColumn<int>("bytes");
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    QTest::newRow("two shared heads") << "GQA, 128 bytes" << 128 << 0.99 << 1.0;
    QTest::newRow("latent 16") << "Latent 16, 128 bytes" << 128 << 0.99 << 1.0;
    QTest::newRow("one shared head") << "MQA, 64 bytes" << 64 << 0.99 << 1.0;
    QTest::newRow("latent 8") << "Latent 8, 64 bytes" << 64 << 0.88 << 1.0;
    QTest::newRow("keys as values") << "Q+KV, one head, 32 bytes" << 32 << 0.78 << 1.0;
    QTest::newRow("latent 4") << "Latent 4, 32 bytes" << 32 << 0.3 << 0.72;
}

void FamilyWordsLongTest::latentsGainNothingOverSharedHeads() {
    QFETCH(QString, variant);
    QFETCH(int, bytes);
    QFETCH(double, least);
    QFETCH(double, most);
    for (const int seed : comparedSeeds) {
        const TrainedFamily run = trainedFamily(familyVariant("cache", variant), seed);
        qInfo("%s, seed %d: ends at %.4f", qPrintable(variant), seed, run.accuracy);
        QCOMPARE(static_cast<int>(*cacheBytesPerToken(run.model->config())), bytes);
        QVERIFY(run.accuracy >= least && run.accuracy <= most);
    }
}

void FamilyWordsLongTest::presetsOfScoresEndWhereTheySay_data() {
    QTest::addColumn<QString>("changed");
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    const auto row = [](const QString& preset, const QString& changed, double least, double most) {
        QTest::newRow(qPrintable(QString(preset + QLatin1Char(' ') + changed).trimmed())) << changed << least << most;
    };
    row("relative-bias-reverse", "", 0.15, 0.35);
    row("relative-bias-reverse", "model.position.kind=sinusoidal", 0.99, 1.0);
    row("soft-cap", "", 0.55, 0.7);
    row("soft-cap", "model.attention.soft_cap=2", 0.99, 1.0);
    row("soft-cap", "model.attention.soft_cap=0", 0.99, 1.0);
    row("attention-dropout", "", 0.1, 0.4);
    row("attention-dropout", "model.attention.dropout=0", 0.99, 1.0);
    row("unit-keys", "", 0.6, 0.8);
    row("unit-keys", "model.attention.unit_keys=false", 0.95, 1.0);
    row("gate", "", 0.988, 1.0);
    row("gate", "model.attention.gate=false", 0.95, 0.986);
    row("gate", "model.d_ff=64", 0.99, 1.0);
    row("gate", "model.attention.gate=false model.d_ff=64", 0.99, 1.0);
    row("sink", "", 0.33, 0.38);
    row("sink", "model.attention.sink=false", 0.33, 0.38);
}

void FamilyWordsLongTest::presetsOfScoresEndWhereTheySay() {
    QFETCH(QString, changed);
    QFETCH(double, least);
    QFETCH(double, most);
    const std::string preset = QString(QTest::currentDataTag()).section(QLatin1Char(' '), 0, 0).toStdString();
    for (const int seed : otherSeeds) {
        const double accuracy = trainedFamily(changedPreset(preset, changed), seed).accuracy;
        qInfo("seed %d: %.4f", seed, accuracy);
        QVERIFY(accuracy >= least && accuracy <= most);
    }
}

/// "Of 16 keys none can have more than 16 % of a row": e^0.5 / (e^0.5 + 15 e^-0.5) = 0.153.
void FamilyWordsLongTest::cappedScoresLeaveNoKeyMore() {
    const TrainedFamily run = trainedFamily(changedPreset("soft-cap", {}), otherSeeds.front());
    float largest = 0;
    for (int i = 0; i < 50; ++i) largest = std::max(largest, std::ranges::max(tracedTensor(run, i, "encoder.0.attention.weights").values));
    QVERIFY2(largest < 0.16F && largest > 0.1F, qPrintable(QString::number(static_cast<double>(largest))));
}

/// "Nothing in a row is brighter than the diagonal."
void FamilyWordsLongTest::unitKeysScoreTheOwnKeyHighest() {
    constexpr float rounding = 1e-6F;
    const TrainedFamily run = trainedFamily(changedPreset("unit-keys", {}), otherSeeds.front());
    for (int sample = 0; sample < 50; ++sample) {
        const Tensor weights = tracedTensor(run, sample, "encoder.0.attention.weights");
        const auto n = static_cast<std::size_t>(weights.extent(1));
        for (std::size_t i = 0; i < n; ++i) {
            const auto row = weights.values.begin() + static_cast<std::ptrdiff_t>(i * n);
            QVERIFY(weights.values[i * n + i] + rounding >= *std::max_element(row, row + static_cast<std::ptrdiff_t>(n)));
        }
    }
}

/// "In layer 1 it takes at least twice as much of a row before the block comes again as within it": a mean over heads and samples.
void FamilyWordsLongTest::sinksTakeLessWhereThereIsSomethingToSee() {
    for (const int seed : otherSeeds) {
        const TrainedFamily run = trainedFamily(changedPreset("sink", {}), seed);
        std::array<double, 2> sums{}, counts{};  // before, within
        for (int sample = 0; sample < 100; ++sample) {
            const std::vector<int> tokens = run.task.dataset->validationSample(sample).tokens;
            const AnswerKeys known = run.task.experiment.task.kind->keys(tokens, run.task.experiment.task);
            const Tensor sunk = tracedTensor(run, sample, "decoder.1.attention.sunk");
            for (std::size_t i = 0; i < sunk.values.size(); ++i) {
                if ((i + 1) % tokens.size() == 0) continue;  // the last query is asked nothing
                const std::size_t within = known[i % tokens.size()].empty() ? 0 : 1;
                sums[within] += static_cast<double>(sunk.values[i]);
                ++counts[within];
            }
        }
        const double before = sums[0] / counts[0], within = sums[1] / counts[1];
        qInfo("seed %d: a sink takes %.3f before, %.3f within", seed, before, within);
        QVERIFY(before > 0.05 && before > 2 * within);
    }
}

QTEST_APPLESS_MAIN(FamilyWordsLongTest)
#include "family_words_long_test.moc"
