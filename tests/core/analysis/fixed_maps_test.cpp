#include "core/analysis/fixed_maps.h"

#include <QtTest>
#include <cmath>

#include "core/analysis/average_maps.h"
#include "core/base/random.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"

using namespace lab;

namespace {

constexpr int inputCount = 5, inputLength = 4, inputSymbols = 10;

Experiment twoLayers(Architecture architecture) {
    Experiment experiment;
    experiment.model.architecture = architecture;
    experiment.task.seq_len = inputLength;
    experiment.model.d_model = 16;
    experiment.model.num_layers = 2;
    experiment.model.num_heads = 2;
    return resolved(experiment);
}

std::vector<Sample> inputsOf(Architecture architecture) {
    const RandomStream random(5, "inputs");
    std::uint64_t drawn = 0;
    const auto digits = [&] {
        std::vector<int> result;
        for (int i = 0; i < inputLength; ++i) result.push_back(static_cast<int>(random.uniform(drawn++) * inputSymbols));
        return result;
    };
    std::vector<Sample> samples;
    for (int i = 0; i < inputCount; ++i)
        samples.push_back({digits(), architecture == Architecture::encoder_decoder ? digits() : std::vector<int>(), digits()});
    return samples;
}

/// A model whose maps differ from input to input.
struct FixedSubject {
    explicit FixedSubject(Architecture architecture)
        : model(twoLayers(architecture).model), weights(initialWeights(model, 3)), samples(inputsOf(architecture)) {
        for (float& weight : weights) weight *= 3;
        for (const Sample& sample : samples)
            traces.push_back(model.trace(weights, {sample.tokens, sample.targetTokens, sample.targets, {}, {}}));
    }
    const std::vector<float>& mapsOf(std::size_t sample, const AttentionBlock& block) const {
        return traces[sample].at(block.name + ".weights").values;
    }
    /// Of all inputCount, each with the interventions that `changes` gives it.
    AblationScore slowly(const std::function<std::vector<Intervention>(std::size_t)>& changes) const {
        AblationScore score;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const Sample& sample = samples[i];
            const Trace trace = model.trace(weights, {sample.tokens, sample.targetTokens, sample.targets, {}, changes(i)});
            score.loss += static_cast<double>(trace.at("loss").values.front()) / inputCount;
            const std::vector<int> said = predictions(trace);
            for (std::size_t t = 0; t < said.size(); ++t)
                score.accuracy += said[t] == sample.targets[t] ? 1.0 / (inputCount * inputLength) : 0.0;
        }
        return score;
    }

    Model model;
    Weights weights;
    std::vector<Sample> samples;
    std::vector<Trace> traces;
};

bool sameScore(const AblationScore& a, const AblationScore& b) {
    return std::abs(a.loss - b.loss) < 1e-5 && std::abs(a.accuracy - b.accuracy) < 1e-12;
}

void addArchitectures() {
    QTest::addColumn<int>("architecture");
    QTest::newRow("encoder") << static_cast<int>(Architecture::encoder);
    QTest::newRow("decoder") << static_cast<int>(Architecture::decoder);
    QTest::newRow("encoder-decoder") << static_cast<int>(Architecture::encoder_decoder);
}

}  // namespace

class FixedMapsTest : public QObject {
    Q_OBJECT

private slots:
    void theAverageIsThatOfTheTraces_data() { addArchitectures(); }
    void theAverageIsThatOfTheTraces() {
        QFETCH(int, architecture);
        const FixedSubject s(static_cast<Architecture>(architecture));
        const auto average = averageMaps(s.model, s.weights, s.samples);
        QVERIFY(average);
        QCOMPARE(average->inputs, inputCount);
        for (std::size_t b = 0; b < average->blocks.size(); ++b) {
            const AttentionBlock& block = s.model.attentionBlocks()[b];
            const AverageMaps::Block& found = average->blocks[b];
            QCOMPARE(found.mean.size(), s.mapsOf(0, block).size());
            for (std::size_t cell = 0; cell < found.mean.size(); ++cell) {
                double sum = 0, squares = 0;
                for (std::size_t i = 0; i < inputCount; ++i) sum += static_cast<double>(s.mapsOf(i, block)[cell]) / inputCount;
                for (std::size_t i = 0; i < inputCount; ++i)
                    squares += std::pow(static_cast<double>(s.mapsOf(i, block)[cell]) - sum, 2) / inputCount;
                QVERIFY(std::abs(static_cast<double>(found.mean[cell]) - sum) < 1e-6);
                QVERIFY(std::abs(static_cast<double>(found.spread[cell]) - std::sqrt(squares)) < 1e-6);
            }
        }
    }

    void whatIsTheSameForAllInputsHasNoSpread() {
        const FixedSubject s(Architecture::encoder);
        const auto average = averageMaps(s.model, s.weights, {s.samples[2], s.samples[2], s.samples[2]});
        const std::vector<float>& own = s.mapsOf(2, s.model.attentionBlocks()[1]);
        for (std::size_t cell = 0; cell < own.size(); ++cell) {
            QCOMPARE(average->blocks[1].mean[cell], own[cell]);
            QCOMPARE(average->blocks[1].spread[cell], 0.0f);
        }
    }

    void inputsOfOneLengthAreChosen() {
        std::vector<Sample> samples = inputsOf(Architecture::encoder_decoder);
        samples[1].tokens.push_back(0);
        samples[3].targetTokens.pop_back();
        const std::vector<Sample> alike = samplesAsLongAs(samples[0], samples, 2);
        QCOMPARE(alike.size(), std::size_t{2});
        QCOMPARE(alike[1].tokens, samples[2].tokens);
        QCOMPARE(samplesAsLongAs(samples[0], samples, 10).size(), std::size_t{inputCount - 2});
    }

    void everyRowIsWhatTheTracesSay_data() { addArchitectures(); }
    void everyRowIsWhatTheTracesSay() {
        QFETCH(int, architecture);
        const FixedSubject s(static_cast<Architecture>(architecture));
        const auto average = averageMaps(s.model, s.weights, s.samples);
        int told = 0, total = 0;
        const auto found = fixedMaps(s.model, s.weights, s.samples, {}, [&](int done, int of) {
            told = done;
            total = of;
        });
        QVERIFY(found);
        QCOMPARE(found->inputs, inputCount);
        QCOMPARE(told, total);
        QVERIFY(sameScore(found->own, s.slowly([](std::size_t) { return std::vector<Intervention>(); })));
        QCOMPARE(found->rows.size(), fixedMapSubjects(s.model).size());
        int apart = 0;
        for (const FixedMaps::Row& row : found->rows) {
            const auto concerns = [&](std::size_t block, std::size_t head) {
                return (row.subject.block < 0 || static_cast<std::size_t>(row.subject.block) == block) &&
                       (row.subject.head < 0 || static_cast<std::size_t>(row.subject.head) == head);
            };
            // Other heads of the same block have their own maps: nothing before them changed.
            const auto replacedBy = [&](std::size_t sample, const auto& source) {
                std::vector<Intervention> changes;
                for (std::size_t b = 0; b < s.model.attentionBlocks().size(); ++b) {
                    const AttentionBlock& block = s.model.attentionBlocks()[b];
                    if (!concerns(b, static_cast<std::size_t>(std::max(row.subject.head, 0)))) continue;
                    std::vector<float> values = s.mapsOf(sample, block);
                    const std::size_t map = values.size() / static_cast<std::size_t>(block.heads);
                    for (std::size_t cell = 0; cell < values.size(); ++cell)
                        if (concerns(b, cell / map)) values[cell] = source(b, block)[cell];
                    changes.push_back({Intervention::Kind::replace, block.name + ".weights", 0, values});
                }
                return changes;
            };
            const auto score = [&](const auto& sourceOf) {
                return s.slowly([&](std::size_t sample) {
                    const auto source = [&](std::size_t b, const AttentionBlock& block) -> const std::vector<float>& {
                        return sourceOf(sample, b, block);
                    };
                    return replacedBy(sample, source);
                });
            };
            const AblationScore mean = score(
                [&](std::size_t, std::size_t b, const AttentionBlock&) -> const std::vector<float>& { return average->blocks[b].mean; });
            const AblationScore other =
                score([&](std::size_t sample, std::size_t, const AttentionBlock& block) -> const std::vector<float>& {
                    return s.mapsOf((sample + 1) % inputCount, block);
                });
            QVERIFY2(sameScore(row.mean, mean), qPrintable(QString::number(row.mean.loss - mean.loss)));
            QVERIFY2(sameScore(row.other, other), qPrintable(QString::number(row.other.loss - other.loss)));
            apart += sameScore(row.mean, row.other) ? 0 : 1;
        }
        QVERIFY(apart > 0);
    }

    void aCancelledOneGivesNothing() {
        const FixedSubject s(Architecture::encoder);
        QVERIFY(!fixedMaps(s.model, s.weights, s.samples, [] { return true; }));
        QVERIFY(!averageMaps(s.model, s.weights, s.samples, [] { return true; }));
    }
};

QTEST_APPLESS_MAIN(FixedMapsTest)
#include "fixed_maps_test.moc"
