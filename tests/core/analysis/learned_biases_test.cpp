#include "core/analysis/positions/learned_biases.h"

#include <QtTest>
#include <cmath>

#include "core/layers/attention/score_stage.h"
#include "core/ops/kernels.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

constexpr int biasedLength = 9;

ModelConfig bucketed(ModelConfig config, int buckets, int maxDistance) {
    config.position.kind = PositionKind::relative_bias;
    config.position.buckets = buckets;
    config.position.max_distance = maxDistance;
    return config;
}

ModelConfig withVectors(ModelConfig config) {
    config.position.kind = PositionKind::relative;
    return config;
}

ModelConfig twoSided(ModelConfig config, int layers) {
    config.architecture = Architecture::encoder_decoder;
    config.num_layers = layers;
    config.num_decoder_layers = layers;
    return config;
}

/// What the block's own stages make of scores of 0 where queries and keys are 0 too, [biasedLength, biasedLength] of a head.
std::vector<double> addedByStages(const Model& model, const Weights& weights, const AttentionBlock& block, int head) {
    const Side side = block.side == "decoder" ? Side::decoder : Side::encoder;
    const LayerConfig layer = layersOf(model.config(), side)[static_cast<std::size_t>(block.layer)];
    ParameterLayout layout;
    TransposedLayout transposed;
    const ScoreStages stages = scoreStagesOf({layout, transposed}, block.name, layer);
    BasicWeights<double> own(layout.flatSize());
    for (const Parameter& p : layout.parameters()) std::copy_n(at(weights, *model.layout().find(p.name)), p.size, at(own, p));
    Scratch scratch;
    Pass<double> pass{kernels<double>(), own.data(), nullptr, nullptr, scratch};
    const std::vector<double> nothing(static_cast<std::size_t>(biasedLength * layer.head_dim));
    std::vector<double> scores(biasedLength * biasedLength);
    const ScoreRows<double> rows{
        head, 0, biasedLength, biasedLength, layer.head_dim, nothing.data(), layer.head_dim, nothing.data(), layer.head_dim};
    for (const auto& stage : stages) stage->forward(pass, rows, scores.data());
    return scores;
}

}  // namespace

class LearnedBiasesTest : public QObject {
    Q_OBJECT

private slots:
    void eachDistanceHasWhatTheStageAdds() {
        ModelConfig tied = withVectors(smallConfig());
        tied.depth.kind = DepthKind::tied;
        for (const ModelConfig& config :
             {bucketed(smallConfig(), 6, 5), bucketed(llamaLike(), 6, 7), bucketed(twoSided(smallConfig(), 2), 8, 7),
              withVectors(smallConfig()), withVectors(llamaLike()), withVectors(twoSided(smallConfig(), 2)), tied}) {
            const Model model(config);
            const Weights weights = randomWeights<float>(model, 7);
            for (const AttentionBlock& block : model.attentionBlocks()) {
                const auto bias = distanceBias(model, weights, block, 2 * biasedLength);
                QCOMPARE(bias.has_value(), !block.cross);
                if (!bias) continue;
                QCOMPARE(bias->heads.size(), static_cast<std::size_t>(block.heads));
                double largest = 0;
                for (int h = 0; h < block.heads; ++h) {
                    const std::vector<double> added = addedByStages(model, weights, block, h);
                    for (int i = 0; i < biasedLength; ++i)
                        for (int j = 0; j < biasedLength; ++j) {
                            const double stages = added[static_cast<std::size_t>(i * biasedLength + j)];
                            largest = std::max(largest, std::abs(stages));
                            if (bias->begins.empty())
                                QVERIFY(std::abs(bias->at(h, j - i) - stages) < 1e-12);
                            else
                                QCOMPARE(bias->at(h, j - i), stages);
                        }
                }
                QVERIFY(largest > 0.1);
            }
        }
    }

    /// Of each side's four buckets one holds 2 and 3, the last all from 4 on: 2 + floor(2 ln(d / 2) / ln(7 / 2)).
    void bucketsBeginWhereTheirNumbersChange() {
        for (const bool causal : {false, true}) {
            const Model model(bucketed(causal ? llamaLike() : smallConfig(), causal ? 4 : 8, 7));
            const AttentionBlock& block = model.attentionBlocks().front();
            const auto bias = distanceBias(model, randomWeights<float>(model, 7), block, 6);
            QCOMPARE(bias->begins, causal ? (std::vector<int>{-6, -3, -1, 0}) : (std::vector<int>{-6, -3, -1, 0, 1, 2, 4}));
            QCOMPARE(bias->shareFrom, 4);
            QCOMPARE(bias->at(1, -5), bias->at(1, -4));
            QVERIFY(bias->at(1, -4) != bias->at(1, -3));
            QCOMPARE(bias->at(1, 5) == bias->at(1, 0), causal);
        }
        const Model one(bucketed(smallConfig(), 2, 1));
        QCOMPARE(distanceBias(one, randomWeights<float>(one, 7), one.attentionBlocks().front(), 6)->shareFrom, 0);
    }

    void whichLayersShareThem() {
        ModelConfig tied = withVectors(smallConfig()), single = bucketed(smallConfig(), 6, 5);
        tied.depth.kind = DepthKind::tied;
        single.num_layers = 1;
        for (const auto& [config, inLayers] : {std::pair{bucketed(smallConfig(), 6, 5), true},
                                               {single, false},
                                               {bucketed(twoSided(smallConfig(), 1), 8, 7), false},
                                               {bucketed(twoSided(smallConfig(), 2), 8, 7), true},
                                               {withVectors(smallConfig()), false},
                                               {tied, true}}) {
            const Model model(config);
            const auto bias = distanceBias(model, randomWeights<float>(model, 7), model.attentionBlocks().front(), 3);
            QCOMPARE(bias->inLayers, inLayers);
        }
    }

    void pairsThatAreHiddenHaveNone() {
        const Model model(withVectors(llamaLike()));
        const AttentionBlock& block = model.attentionBlocks().back();
        const auto bias = distanceBias(model, randomWeights<float>(model, 7), block, biasedLength);
        const std::vector<float> pairs = biasOfPairs(*bias, 2, 4, 6, block.visibility);
        QCOMPARE(pairs.size(), std::size_t{24});
        for (int i = 0; i < 4; ++i)
            for (int j = 0; j < 6; ++j) {
                const float pair = pairs[static_cast<std::size_t>(i * 6 + j)];
                if (j > i)
                    QVERIFY(std::isinf(pair) && pair < 0);
                else
                    QCOMPARE(pair, static_cast<float>(bias->at(2, j - i)));
            }
    }

    void otherModelsHaveNone() {
        const Model model(llamaLike());
        QVERIFY(!distanceBias(model, randomWeights<float>(model, 7), model.attentionBlocks().front(), 4));
    }
};

QTEST_APPLESS_MAIN(LearnedBiasesTest)
#include "learned_biases_test.moc"
