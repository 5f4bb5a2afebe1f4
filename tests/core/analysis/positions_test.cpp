#include <QtTest>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/analysis/positions/permutation.h"
#include "core/analysis/positions/position_map_terms.h"
#include "core/analysis/positions/position_tables.h"
#include "core/analysis/positions/rope_extension.h"
#include "core/analysis/positions/rope_geometry.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/layers/position/alibi.h"
#include "core/model/initialise.h"

using namespace lab;

namespace {

constexpr double pi = std::numbers::pi;

RopeConfig ropeOf(double base) {
    RopeConfig rope;
    rope.base = base;
    return rope;
}

struct Small {
    Small(PositionKind kind, Architecture architecture = Architecture::encoder, AttentionForm form = AttentionForm::qkv) {
        Experiment experiment;
        experiment.task.seq_len = 6;
        experiment.model.architecture = architecture;
        experiment.model.d_model = 16;
        experiment.model.num_layers = 2;
        experiment.model.position.kind = kind;
        experiment.model.attention.form = form;
        experiment = resolved(experiment);
        model = std::make_unique<Model>(experiment.model);
        weights = initialWeights(*model, 3);
        input.tokens = {3, 1, 4, 1, 5, 9};
    }
    std::unique_ptr<Model> model;
    Weights weights;
    Input input;
};

}  // namespace

class PositionsTest : public QObject {
    Q_OBJECT

private slots:
    void anglesAreWrapped() {
        QCOMPARE(wrappedAngle(0.5), 0.5);
        QVERIFY(std::abs(wrappedAngle(2 * pi + 0.5) - 0.5) < 1e-12);
        QVERIFY(std::abs(wrappedAngle(-7 * pi) - pi) < 1e-9 || std::abs(wrappedAngle(-7 * pi) + pi) < 1e-9);
        QCOMPARE(wrappedAngle(-pi), pi);
    }

    void theCounterExampleOfTheShortcut() {
        // SPEC.md 10 f: q = (1, .5), k = (-.3, .8), theta = .7, i - j = 3: 0.7696, not -0.4823. One pair has theta 1: distance 2.1.
        const RopeGeometry geometry(ropeOf(10000), 16, {1.0f, 0.5f}, {-0.3f, 0.8f});
        QCOMPARE(geometry.pairs().size(), std::size_t{1});
        QVERIFY(std::abs(geometry.score(2.1) * std::sqrt(2.0) - 0.7696) < 5e-5);
        QVERIFY(std::abs(geometry.shortcut(0, 2.1) * std::sqrt(2.0) + 0.4823) < 5e-5);
    }

    void pairingsNameTheirChannels() {
        const std::vector<float> q{1, 2, 3, 4, 5, 6}, k{6, 5, 4, 3, 2, 1};
        RopeConfig rope = ropeOf(100);
        const RopeGeometry half(rope, 8, q, k);
        QCOMPARE(half.pairs()[1].firstChannel, 1);
        QCOMPARE(half.pairs()[1].secondChannel, 4);
        rope.pairing = RopePairing::interleaved;
        const RopeGeometry interleaved(rope, 8, q, k);
        QCOMPARE(interleaved.pairs()[1].firstChannel, 2);
        QCOMPARE(interleaved.pairs()[1].secondChannel, 3);
        // At distance 0 both are the plain product.
        QVERIFY(std::abs(half.score(0) - 56 / std::sqrt(6.0)) < 1e-9);
        QVERIFY(std::abs(interleaved.score(0) - 56 / std::sqrt(6.0)) < 1e-9);
    }

    void envelopeBoundsTheScore() {
        const HeadVectors free = freeVectors(5, 16);
        const RopeGeometry geometry(ropeOf(10000), 16, free.query, free.key);
        const DistanceCurves curves = distanceCurves(geometry, 2, -20, 20, 4);
        QCOMPARE(curves.distance.size(), std::size_t{161});
        QCOMPARE(curves.distance.front(), -20.0);
        QCOMPARE(curves.distance.back(), 20.0);
        for (std::size_t i = 0; i < curves.score.size(); ++i) QVERIFY(std::abs(curves.score[i]) <= curves.envelope[i] + 1e-12);
        QCOMPARE(curves.score[80], geometry.score(0));
    }

    void freeVectorsDependOnTheSeedAlone() {
        QCOMPARE(freeVectors(1, 8).query, freeVectors(1, 8).query);
        QVERIFY(freeVectors(1, 8).query != freeVectors(2, 8).query);
        QVERIFY(freeVectors(1, 8).query != freeVectors(1, 8).key);
    }

    void phasesAndUnfinishedPairs() {
        const std::vector<double> theta = ropeFrequencies(ropeOf(10000), 8, 16).theta;  // 1, .1, .01, .001
        const std::vector<float> phases = phaseTable(theta, 5);
        QCOMPARE(phases.size(), std::size_t{20});
        QVERIFY(std::abs(phases[4 * 4] - static_cast<float>(4 - 2 * pi)) < 1e-6f);
        QVERIFY(std::abs(phases[4 * 4 + 1] - 0.4f) < 1e-6f);
        QVERIFY(std::abs(wavelength(theta[1]) - 62.83185) < 1e-4);
        QCOMPARE(unfinishedPairs(theta, 16), 3);
        QCOMPARE(unfinishedPairs(theta, 100), 2);
    }

    void extensionsKeepAndInterpolate() {
        const auto all = ropeExtensions(ropeOf(10000), 128, 4096, 8);
        QCOMPARE(all.size(), std::size_t{7});
        QCOMPARE(all[0].count(PairFate::kept), 64);
        QCOMPARE(all[1].count(PairFate::interpolated), 64);
        // NTK: the first pair is kept, the last divided by exactly the factor.
        QVERIFY(all[2].fates.front() == PairFate::kept);
        QVERIFY(std::abs(all[2].ratio.back() - 1.0 / 8) < 1e-12);
        // YaRN's ramp for d 128, base 1e4, L 4096: pairs 20 .. 46 (SPEC.md 3).
        QVERIFY(all[4].fates[20] == PairFate::kept);
        QVERIFY(all[4].fates[21] == PairFate::between);
        QVERIFY(all[4].fates[45] == PairFate::between);
        QVERIFY(all[4].fates[46] == PairFate::interpolated);
        QVERIFY(std::abs(all[4].frequencies.scale - 1.208) < 5e-4);
        QVERIFY(std::abs(all[5].frequencies.scale - 1.118) < 5e-4);
        // Llama 3: wavelengths below 1024 kept (2 pi 10000^(p / 64) up to p = 35), above 4096 interpolated (from p = 46).
        QCOMPARE(all[6].count(PairFate::kept), 36);
        QCOMPARE(all[6].count(PairFate::between), 10);
        QCOMPARE(all[6].count(PairFate::interpolated), 18);
        QCOMPARE(all[6].frequencies.scale, 1.0);
        QCOMPARE(ropeExtensions(ropeOf(10000), 2, 16, 4).size(), std::size_t{4});
    }

    void ownLongRopeFactorsAreUsed() {
        RopeConfig rope = ropeOf(10000);
        rope.scaling.kind = "longrope";
        rope.scaling.original_max_seq_len = 16;
        rope.scaling.max_seq_len = 64;
        rope.scaling.short_factors = {1, 1, 1, 1};
        rope.scaling.long_factors = {1, 2, 3, 4};
        const auto all = ropeExtensions(rope, 8, 16, 4);
        QVERIFY(std::abs(all[5].ratio[2] - 1.0 / 3) < 1e-12);
        QCOMPARE(all[0].ratio[2], 1.0);
        // Those of a search come first, with a magnitude for the factor they were searched for.
        const auto searched = ropeExtensions(rope, 8, 16, 8, {1, 1, 5, 8});
        QVERIFY(std::abs(searched[5].ratio[2] - 1.0 / 5) < 1e-12);
        QVERIFY(std::abs(searched[5].frequencies.scale - std::sqrt(1 + std::log(8.0) / std::log(16.0))) < 1e-12);
    }

    void sinusoidalProductsDependOnTheDistanceOnly() {
        const std::vector<float> products = dotProducts(sinusoidalValues(12, 16), 12);
        for (int i = 0; i < 9; ++i) QVERIFY(std::abs(products[static_cast<std::size_t>(i * 12 + i + 3)] - products[3]) < 1e-5f);
        QVERIFY(std::abs(products[0] - 8.0f) < 1e-6f);
        const std::vector<float> cosines = cosineSimilarities(sinusoidalValues(12, 16), 12);
        QVERIFY(std::abs(cosines[13] - 1.0f) < 1e-6f);
        QVERIFY(std::abs(cosines[3] - products[3] / 8.0f) < 1e-6f);
    }

    void learnedTableIsTheParameter() {
        const Small small(PositionKind::learned);
        const std::vector<float> table = learnedTable(small.model->layout(), small.weights);
        QCOMPARE(table.size(), std::size_t{6 * 16});
        const Parameter* parameter = small.model->layout().find("position_embedding.weight");
        QVERIFY(parameter);
        QCOMPARE(table[17], at(small.weights, *parameter)[17]);
        QVERIFY(learnedTable(Small(PositionKind::rope).model->layout(), {}).empty());
    }

    void alibiBiasIsSlopeTimesDistance() {
        const std::vector<float> bias = alibiBias(0.5, 3, 3, Visibility({}, true, false));
        QCOMPARE(bias[3 * 2 + 0], -1.0f);
        QVERIFY(std::isinf(bias[1]));
        QCOMPARE(alibiBias(0.5, 3, 3, {})[2], -1.0f);
    }

    void whatCancelsIsTheSameForEveryKey() {
        const Small small(PositionKind::none, Architecture::encoder, AttentionForm::kv_pos);
        const AttentionBlock& block = small.model->attentionBlocks().front();
        const auto terms = positionMapTerms(small.model->layout(), small.weights, block, 6);
        QVERIFY(terms.has_value());
        const std::vector<float> all = positionPart(*terms, false), kept = positionPart(*terms, true);
        QCOMPARE(all.size(), std::size_t{36});
        for (std::size_t i = 0; i < 6; ++i)
            for (std::size_t j = 0; j < 6; ++j) {
                QCOMPARE(kept[6 * i + j], kept[j]);
                QVERIFY(std::abs((all[6 * i + j] - kept[6 * i + j]) - (all[6 * i] - kept[6 * i])) < 1e-6f);
            }
        // Literally: the sum over the channels of P, and b.
        double literal = terms->bias;
        for (std::size_t c = 0; c < terms->weights.size(); ++c)
            literal += terms->weights[c] * gridChannel(static_cast<int>(terms->weights.size()), static_cast<int>(c), 6)[6 * 2 + 4];
        QVERIFY(std::abs(literal - all[6 * 2 + 4]) < 1e-5);
        const Trace trace = small.model->trace(small.weights, small.input);
        const CancelledRow row = cancelledRow(*terms, trace, block, 0, 2);
        QVERIFY(row.scoresAgree && row.weightsAgree && row.difference < 1e-12);
        PositionMapTerms wrong = *terms;
        wrong.s += 0.1;
        QVERIFY(!cancelledRow(wrong, trace, block, 0, 2).scoresAgree);
    }

    void slopesStayBesideTheMap() {
        const Small small(PositionKind::alibi, Architecture::encoder, AttentionForm::kv_pos);
        const AttentionBlock& block = small.model->attentionBlocks().front();
        const auto terms = positionMapTerms(small.model->layout(), small.weights, block, 6);
        const Trace trace = small.model->trace(small.weights, small.input);
        const double slope = alibiSlopes(block.heads).front();
        const CancelledRow row = cancelledRow(*terms, trace, block, 0, 2, slope);
        QVERIFY(row.scoresAgree && row.weightsAgree && row.difference < 1e-12);
        QVERIFY(!cancelledRow(*terms, trace, block, 0, 2).scoresAgree);
    }

    void aPatternTellsPlacesApartOnlyWhereItHidesSomething() {
        ModelConfig model = Small(PositionKind::none).model->config();
        QVERIFY(!positionSources(model, 6).pattern);
        model.attention.pattern = {"sliding-window", {{"window", 4}}};
        QVERIFY(positionSources(model, 6).pattern);
        QVERIFY(!positionSources(model, 5).pattern);
    }

    void withoutPositionsTheOutputPermutesAlong_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("form");
        QTest::newRow("none") << static_cast<int>(PositionKind::none) << static_cast<int>(AttentionForm::qkv);
        QTest::newRow("sinusoidal") << static_cast<int>(PositionKind::sinusoidal) << static_cast<int>(AttentionForm::qkv);
        QTest::newRow("learned") << static_cast<int>(PositionKind::learned) << static_cast<int>(AttentionForm::qkv);
        QTest::newRow("rope") << static_cast<int>(PositionKind::rope) << static_cast<int>(AttentionForm::kv);
        QTest::newRow("alibi") << static_cast<int>(PositionKind::alibi) << static_cast<int>(AttentionForm::qkv);
        QTest::newRow("kv+pos") << static_cast<int>(PositionKind::none) << static_cast<int>(AttentionForm::kv_pos);
    }
    void withoutPositionsTheOutputPermutesAlong() {
        QFETCH(int, kind);
        QFETCH(int, form);
        const Small small(static_cast<PositionKind>(kind), Architecture::encoder, static_cast<AttentionForm>(form));
        const PermutationProbe probe = probePermutation(*small.model, small.weights, small.input);
        QVERIFY(probe.without.difference < 1e-5 * std::max(1.0, probe.without.largestLogit));
        for (const PermutationCheck::Row& row : probe.without.rows) QVERIFY(probe.without.negligible(row.difference));
        QVERIFY(probePermutation(*small.model, small.weights, small.input, 8).order != probe.order);
        const bool blind = !positionSources(small.model->config(), 6).encoding;
        QCOMPARE(probe.own.difference < 1e-5 * std::max(1.0, probe.own.largestLogit), blind);
        QCOMPARE(probe.own.rows.size(), small.input.tokens.size());
        for (const PermutationCheck::Row& row : probe.own.rows) {
            QCOMPARE(row.from, probe.order[static_cast<std::size_t>(row.position)]);
            QCOMPARE(row.token, small.input.tokens[static_cast<std::size_t>(row.from)]);
        }
    }

    void aCausalMaskTellsPlacesApart() {
        const Small small(PositionKind::none, Architecture::decoder);
        QVERIFY(probePermutation(*small.model, small.weights, small.input).own.difference > 1e-3);
        QVERIFY(positionSources(small.model->config(), 6).causal);
    }
};

QTEST_APPLESS_MAIN(PositionsTest)
#include "positions_test.moc"
