#include "core/analysis/shown_weights.h"

#include <QtTest>
#include <cmath>
#include <limits>
#include <random>

#include "core/analysis/token_reach.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"
#include "tests/small_experiment.h"

using namespace lab;

class ShownWeightsTest : public QObject {
    Q_OBJECT

private slots:
    void withoutSinksTheRestOfARowAddsUpToOne() {
        const std::vector<float> weights{0.5F, 0.3F, 0.1F, 0.1F,  //
                                         1.0F, 0.0F, 0.0F, 0.0F,  //
                                         0.2F, 0.2F, 0.2F, 0.4F};
        const std::vector<bool> sink = sinkKeys({false, false, false, true}, 4);
        QCOMPARE(sink, (std::vector<bool>{true, false, false, true}));
        const std::vector<float> shown = withoutSinks(weights.data(), 3, sink);
        const std::vector<float> expected{0.5F, 0.75F, 0.25F, 0.1F, 1.0F, 0.0F, 0.0F, 0.0F, 0.2F, 0.5F, 0.5F, 0.4F};
        for (std::size_t i = 0; i < expected.size(); ++i) QVERIFY(std::abs(shown[i] - expected[i]) < 1e-6F);
    }

    void joinedWordsKeepTheSumOfARow() {
        std::mt19937 random(3);
        std::uniform_real_distribution<float> uniform(0, 1);
        constexpr int n = 7;
        std::vector<float> weights(n * n);
        for (int i = 0; i < n; ++i) {
            float sum = 0;
            for (int j = 0; j < n; ++j) sum += weights[static_cast<std::size_t>(i * n + j)] = uniform(random);
            for (int j = 0; j < n; ++j) weights[static_cast<std::size_t>(i * n + j)] /= sum;
        }
        const WordStarts words{0, 1, 4, 5};
        const std::vector<float> joined = joinedWords(weights.data(), nullptr, n, n, words, words);
        QCOMPARE(joined.size(), std::size_t{16});
        for (std::size_t word = 0; word < 4; ++word) {
            float sum = 0;
            for (std::size_t key = 0; key < 4; ++key) sum += joined[word * 4 + key];
            QVERIFY(std::abs(sum - 1.0F) < 1e-5F);
        }
        float cell = 0;  // of pieces 1, 2, 3 on pieces 5, 6
        for (const std::size_t row : {1, 2, 3}) cell += weights[row * n + 5] + weights[row * n + 6];
        QVERIFY(std::abs(joined[1 * 4 + 3] - cell / 3) < 1e-6F);
        QCOMPARE(wordOf(words, 0), 0);
        QCOMPARE(wordOf(words, 3), 1);
        QCOMPARE(wordOf(words, 6), 3);
    }

    void wordsThatSeeNothingStayHidden() {
        const float hidden = -std::numeric_limits<float>::infinity();
        const std::vector<float> weights{1, 0, 0, 0.5F, 0.5F, 0, 0.2F, 0.3F, 0.5F}, allowed{0, hidden, hidden, 0, 0, hidden, 0, 0, 0};
        const std::vector<float> joined = joinedWords(weights.data(), allowed.data(), 3, 3, {0, 2}, {0, 2});
        QVERIFY(std::isinf(joined[1]));
        QCOMPARE(joined[0], 1.0F);
        QCOMPARE(joined[3], 0.5F);
    }

    void aTokensReachIsARowAndAColumnOfEveryHead() {
        Experiment experiment = smallExperiment({.vocabulary = 9, .layers = 2, .heads = 2});
        experiment.model.architecture = Architecture::decoder;
        const Model model(resolved(experiment).model);
        Input input;
        input.tokens = {3, 1, 4, 1, 5, 2};
        const Trace trace = model.trace(initialWeights(model, 1), input);
        const TokenReach reach = tokenReach(model, trace, "decoder", 2);
        QCOMPARE(reach.heads.size(), std::size_t{4});
        QCOMPARE(reach.length, 6);
        for (std::size_t row = 0; row < reach.heads.size(); ++row) {
            const auto [block, head] = reach.heads[row];
            const Tensor& weights = trace.at(model.attentionBlocks()[static_cast<std::size_t>(block)].name + ".weights");
            const auto weight = [&](int query, int key) { return weights.values[static_cast<std::size_t>((head * 6 + query) * 6 + key)]; };
            for (int other = 0; other < 6; ++other) {
                const float from = reach.from[row * 6 + static_cast<std::size_t>(other)];
                const float to = reach.to[row * 6 + static_cast<std::size_t>(other)];
                if (other > 2)
                    QVERIFY(std::isinf(from));
                else
                    QCOMPARE(from, weight(2, other));
                if (other < 2)
                    QVERIFY(std::isinf(to));
                else
                    QCOMPARE(to, weight(other, 2));
            }
        }
        QVERIFY(tokenReach(model, trace, "encoder", 2).heads.empty());
    }
};

QTEST_APPLESS_MAIN(ShownWeightsTest)
#include "shown_weights_test.moc"
