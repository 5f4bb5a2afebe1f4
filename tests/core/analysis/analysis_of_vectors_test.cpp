#include <QtTest>

#include <cmath>

#include "core/analysis/ablation.h"
#include "core/analysis/average_maps.h"
#include "core/analysis/compression.h"
#include "core/analysis/positions/permutation.h"
#include "core/model/sample_input.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

std::vector<Sample> vectorSamplesOf(const ModelConfig& config, int samples) {
    std::vector<Sample> result;
    for (int i = 0; i < samples; ++i) result.push_back(randomSample(config, static_cast<std::uint64_t>(i + 1), 5 + i % 3, 5));
    return result;
}

/// Loss, and share of the squares that is explained, from the traces of the samples.
AblationScore literalScore(const Model& model, const Weights& weights, const std::vector<Sample>& samples) {
    const auto outputs = static_cast<std::size_t>(*model.config().num_classes);
    double loss = 0, squares = 0;
    int counted = 0;
    for (const Sample& sample : samples) {
        const Trace trace = model.trace(weights, inputOf(sample));
        const auto asked = std::ranges::count_if(sample.targets, [](int t) { return t >= 0; });
        loss += static_cast<double>(trace.at("loss").values[0]) * static_cast<double>(asked);
        counted += static_cast<int>(asked);
        for (const float t : sample.values) squares += static_cast<double>(t) * static_cast<double>(t) / (2 * static_cast<double>(outputs));
    }
    const double explained = 1 - loss / squares;
    return {loss / counted, explained, explained};
}

}  // namespace

/// What is measured of any model is measured of models of vectors too.
class AnalysisOfVectorsTest : public QObject {
    Q_OBJECT

private slots:
    void numbersAreExplainedToTheirShare() {
        for (const NamedConfig& form : vectorForms()) {
            if (!form.config.answersNumbers()) continue;
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 3);
            const std::vector<Sample> samples = vectorSamplesOf(form.config, 9);
            const auto found = evaluateWith(model, weights, samples, {});
            const AblationScore expected = literalScore(model, weights, samples);
            QVERIFY2(found && std::abs(found->loss - expected.loss) < 1e-4 * expected.loss, form.name.c_str());
            QVERIFY2(std::abs(found->accuracy - expected.accuracy) < 1e-4 * (1 + std::abs(expected.accuracy)), form.name.c_str());
        }
    }

    void headsCanBeSwitchedOff() {
        for (const NamedConfig& form : vectorForms()) {
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 3);
            const std::vector<Sample> samples = vectorSamplesOf(form.config, 6);
            const double whole = evaluateWith(model, weights, samples, {})->loss;
            for (const AblationSubject& subject : ablationSubjects(model)) {
                const auto off = evaluateWith(model, weights, samples, ablationOf(model, subject, Intervention::Kind::headOff));
                QVERIFY2(off && std::isfinite(off->loss) && off->loss != whole, form.name.c_str());
            }
        }
    }

    void theyAreQuantisedAndPruned() {
        for (const NamedConfig& form : vectorForms()) {
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 3);
            const std::vector<Sample> samples = vectorSamplesOf(form.config, 6);
            const auto quantised = quantisedForms(model, weights, samples);
            QVERIFY2(quantised && quantised->size() == 3, form.name.c_str());
            QVERIFY2((*quantised)[1].bytes < (*quantised)[0].bytes, form.name.c_str());
            QVERIFY2(std::abs((*quantised)[1].score.loss - (*quantised)[0].score.loss) < 0.3 * (*quantised)[0].score.loss,
                     form.name.c_str());
            for (const PruneWhat what : {PruneWhat::heads, PruneWhat::weights})
                for (const PruneBy by : {PruneBy::size, PruneBy::ablation}) {
                    const std::vector<double> shares{0.5};
                    const auto pruned = prunedForms(model, weights, what, by, shares, samples, 3);
                    QVERIFY2(pruned && pruned->size() == 2 && (*pruned)[1].taken > 0, form.name.c_str());
                    QVERIFY2((*pruned)[1].zeros > (*pruned)[0].zeros && std::isfinite((*pruned)[1].score.loss), form.name.c_str());
                }
        }
    }

    /// Tables of vectors are kept at 8 bits, whatever the scheme.
    void theMapOfVectorsIsATable() {
        const NamedConfig form = vectorForms()[1];
        const Model model(form.config);
        const Weights weights = randomWeights<float>(model, 3);
        const Weights four = quantised(weights, model.layout(), QuantisationScheme::table()[1]);
        const Weights eight = quantised(weights, model.layout(), QuantisationScheme::table()[0]);
        for (const char* name : {"input_embedding.weight", "class_embedding.weight"}) {
            const Parameter& p = *model.layout().find(name);
            QVERIFY2(std::equal(at(four, p), at(four, p) + p.size, at(eight, p)), name);
        }
        const Parameter& inner = *model.layout().find("encoder.0.feed_forward.up.weight");
        QVERIFY(!std::equal(at(four, inner), at(four, inner) + inner.size, at(eight, inner)));
    }

    void mapsAreAveraged() {
        for (const NamedConfig& form : vectorForms()) {
            const Model model(form.config);
            std::vector<Sample> samples;
            for (std::uint64_t i = 1; i < 5; ++i) samples.push_back(randomSample(form.config, i, 6, 6));
            const auto maps = averageMaps(model, randomWeights<float>(model, 3), samples);
            QVERIFY2(maps && maps->inputs == 4 && maps->blocks.size() == model.attentionBlocks().size(), form.name.c_str());
            bool varies = false;
            for (const float spread : maps->blocks.front().spread) varies = varies || spread > 0;
            QVERIFY2(varies, form.name.c_str());
        }
    }

    /// Vectors change their places with their tokens; without positions that changes nothing but the order.
    void vectorsMayChangePlaces() {
        ModelConfig config = vectorForms().front().config;
        config.position.kind = PositionKind::none;
        const Model model(config);
        const Weights weights = randomWeights<float>(model, 3);
        const Input input = inputOf(randomSample(config, 1, 6, 6));
        const PermutationCheck check = checkPermutation(model, weights, input, {3, 1, 0, 5, 2, 4});
        QVERIFY(check.largestLogit > 0 && check.negligible(check.difference));
        QVERIFY(check.rows.size() == 6);
        config.position.kind = PositionKind::sinusoidal;
        const Model placed(config);
        const PermutationCheck other = checkPermutation(placed, weights, input, {3, 1, 0, 5, 2, 4});
        QVERIFY(!other.negligible(other.difference));
    }
};

QTEST_APPLESS_MAIN(AnalysisOfVectorsTest)
#include "analysis_of_vectors_test.moc"
