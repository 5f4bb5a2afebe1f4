#include "core/analysis/depth_map.h"

#include <QtTest>

#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

Input asked(const ModelConfig& config, std::uint64_t seed) {
    const Sample sample = randomSample(config, seed, 7, 5);
    return {sample.tokens, sample.targetTokens, {}, {}, {}, sample.vectors, {}};
}

}  // namespace

class DepthMapTest : public QObject {
    Q_OBJECT

private slots:
    void eachStackThatHaltsTellsItsSteps() {
        for (const NamedConfig& form : depthForms()) {
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 3);
            const Input input = asked(form.config, 2);
            const auto depths = depthsOf(model, weights, input);
            const bool halts = form.config.depth.kind == DepthKind::act,
                       twoSides = form.config.architecture == Architecture::encoder_decoder;
            QCOMPARE(depths.size(), halts ? std::size_t{1} + twoSides : std::size_t{0});
            for (const StackDepth& depth : depths) {
                QVERIFY2(depth.tokens == (twoSides && depth.side == Side::decoder ? input.targetTokens : input.tokens), form.name.c_str());
                QCOMPARE(depth.steps.size(), depth.tokens.size());
                QCOMPARE(depth.shares.size(), static_cast<std::size_t>(depth.limit));
                for (std::size_t i = 0; i < depth.steps.size(); ++i) {
                    QVERIFY(depth.steps[i] >= 1 && depth.steps[i] <= depth.limit);
                    const float left = depth.shares[static_cast<std::size_t>(depth.steps[i] - 1)][i];
                    QVERIFY(std::abs(depth.ponder[i] - static_cast<float>(depth.steps[i]) - left) < 1e-5F);
                }
            }
        }
    }

    void meansAreByTokenAndByPlace() {
        const StackDepth one{Side::encoder, 4, {5, 6, 5}, {1, 2, 4}, {}, {}}, two{Side::encoder, 4, {6}, {4}, {}, {}};
        const std::vector<StackDepth> both{one, two};
        const auto tokens = depthByToken(both), places = depthByPosition(both);
        QCOMPARE(tokens.size(), std::size_t{2});
        QCOMPARE(tokens[0].token, 5);
        QCOMPARE(tokens[0].count, 2);
        QCOMPARE(tokens[0].steps, 2.5);
        QCOMPARE(tokens[1].steps, 3.0);
        QCOMPARE(places.size(), std::size_t{3});
        QCOMPARE(places[0].count, 2);
        QCOMPARE(places[0].steps, 2.5);
        QCOMPARE(places[2].steps, 4.0);
        QCOMPARE(one.meanSteps(), 7.0 / 3);
    }
};

QTEST_APPLESS_MAIN(DepthMapTest)
#include "depth_map_test.moc"
