#include "core/analysis/part_measure.h"

#include <QtTest>

#include <cmath>
#include <set>

#include "core/analysis/depth_map.h"
#include "core/analysis/expert_choice.h"
#include "core/analysis/spans.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

std::vector<Sample> partSamples(const ModelConfig& config) {
    std::vector<Sample> samples;
    for (std::uint64_t i = 0; i < 4; ++i) samples.push_back(randomSample(config, i, 4 + static_cast<int>(i), 5));
    return samples;
}

Trace traceOfSample(const Model& model, const Weights& weights, const Sample& sample) {
    return model.trace(weights, {sample.tokens, sample.targetTokens, {}, {}, {}, sample.vectors, {}});
}

const PartMeasure& partNamed(std::string_view id) {
    return **std::ranges::find(PartMeasure::table(), id, [](const PartMeasure* row) { return row->id; });
}

ModelConfig withSpans(Architecture architecture) {
    ModelConfig c = smallConfig();
    c.architecture = architecture;
    c.num_decoder_layers = 1;
    c.attention.span = true;
    c.attention.max_span = 20;
    return c;
}

bool nearOfPart(double a, double b) {
    return std::abs(a - b) < 1e-5 * std::max(1.0, std::abs(b));
}

}  // namespace

class PartMeasureTest : public QObject {
    Q_OBJECT

private slots:
    void aModelHasTheMeasuresOfItsParts() {
        QVERIFY(PartMeasure::of(smallConfig()).empty());
        QCOMPARE(PartMeasure::of(withSpans(Architecture::encoder)), std::vector{&partNamed("spans")});
        for (const NamedConfig& form : expertForms()) QVERIFY(std::ranges::count(PartMeasure::of(form.config), &partNamed("experts")) == 1);
        for (const NamedConfig& form : haltingForms()) QVERIFY(std::ranges::count(PartMeasure::of(form.config), &partNamed("steps")) == 1);
        for (const NamedConfig& form : tiedForms()) QVERIFY(std::ranges::count(PartMeasure::of(form.config), &partNamed("steps")) == 0);
    }

    /// A value a curve, a name of its own each; cancelled, nothing is told of samples.
    void everyCurveHasItsValueAndItsName() {
        for (const NamedConfig& form : formsOfEveryMixer()) {
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 3);
            for (const PartMeasure* part : PartMeasure::of(form.config)) {
                const std::vector<PartCurve> curves = part->curves(model);
                const auto values = part->values(model, weights, partSamples(form.config), {});
                QVERIFY2(values, form.name.c_str());
                QCOMPARE(values->size(), curves.size());
                std::set<std::string> names;
                for (const PartCurve& curve : curves) names.insert(curve.name.english());
                QCOMPARE(names.size(), curves.size());
                if (part != &partNamed("spans")) QVERIFY(!part->values(model, weights, partSamples(form.config), [] { return true; }));
            }
        }
    }

    void spansAreThoseOfTheHeads() {
        const Model model(withSpans(Architecture::encoder));
        Weights weights = randomWeights<float>(model, 1);
        const std::vector<float> shares{0.25F, 1};
        std::ranges::copy(shares, at(weights, *model.layout().find("encoder.1.attention.span")));
        const auto values = partNamed("spans").values(model, weights, {}, {});
        QVERIFY(values);
        QCOMPARE(values->at(2), 5.0);
        QCOMPARE(values->at(3), 20.0);
        QCOMPARE(values->at(0), spansOf(model, weights)[0].spans[0]);
        const auto curves = partNamed("spans").curves(model);
        QCOMPARE(curves[3].name.english(), std::string("L1 H1"));
        QVERIFY(curves[2].group == curves[3].group && curves[1].group != curves[2].group);
        std::vector<std::string> names;
        const Model two(withSpans(Architecture::encoder_decoder));
        for (const PartCurve& curve : partNamed("spans").curves(two)) names.push_back(curve.name.english());
        QVERIFY(std::ranges::find(names, "enc 1 H1") != names.end());
        QVERIFY(std::ranges::find(names, "dec 0 H0") != names.end());
        QCOMPARE(names.size(), spansOf(two, randomWeights<float>(two, 1)).size() * 2);
    }

    void stepsAreTheMeansOverAllPositions() {
        for (const NamedConfig& form : haltingForms()) {
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 3);
            std::vector<double> sums, counts;
            for (const Sample& sample : partSamples(form.config)) {
                const auto depths = depthsOf(form.config, traceOfSample(model, weights, sample));
                sums.resize(2 * depths.size());
                counts.resize(2 * depths.size());
                for (std::size_t s = 0; s < depths.size(); ++s)
                    for (std::size_t i = 0; i < depths[s].steps.size(); ++i) {
                        sums[2 * s] += depths[s].steps[i];
                        sums[2 * s + 1] += static_cast<double>(depths[s].ponder[i]);
                        ++counts[2 * s], ++counts[2 * s + 1];
                    }
            }
            const auto values = partNamed("steps").values(model, weights, partSamples(form.config), {});
            QVERIFY(values && values->size() == sums.size());
            for (std::size_t i = 0; i < sums.size(); ++i)
                QVERIFY2(nearOfPart(values->at(i), sums[i] / counts[i]), qPrintable(QString("%1 %2").arg(form.name.c_str()).arg(i)));
        }
    }

    void expertsHaveTheirShareOfTheChoices() {
        for (const NamedConfig& form : expertForms()) {
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 2);
            std::vector<double> counts;
            std::vector<double> ofLayer;
            for (const Sample& sample : partSamples(form.config)) {
                const auto layers = expertChoices(traceOfSample(model, weights, sample), form.config);
                const auto experts = static_cast<std::size_t>(form.config.feed_forward.experts);
                counts.resize(layers.size() * experts);
                ofLayer.resize(layers.size());
                for (std::size_t l = 0; l < layers.size(); ++l)
                    for (const int chosen : layers[l].chosen) {
                        ++counts[l * experts + static_cast<std::size_t>(chosen)];
                        ++ofLayer[l];
                    }
            }
            const auto values = partNamed("experts").values(model, weights, partSamples(form.config), {});
            QVERIFY(values && values->size() == counts.size());
            for (std::size_t i = 0; i < counts.size(); ++i)
                QVERIFY2(nearOfPart(values->at(i), 100 * counts[i] / ofLayer[i * ofLayer.size() / counts.size()]), form.name.c_str());
            QCOMPARE(partNamed("experts").level(form.config)->value, 100.0 / form.config.feed_forward.experts);
        }
    }
};

QTEST_APPLESS_MAIN(PartMeasureTest)
#include "part_measure_test.moc"
