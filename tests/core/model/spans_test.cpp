// Heads that learn how far they look.

#include <QtTest>

#include "core/model/decoding.h"
#include "core/model/initialise.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

ModelConfig spanned(int longest, double ramp) {
    ModelConfig c = llamaLike();
    c.num_heads = 2;
    c.num_kv_heads = 2;
    c.max_seq_len = 100;
    c.attention.span = true;
    c.attention.max_span = longest;
    c.attention.span_ramp = ramp;
    return c;
}

template <class T>
void setShares(const Model& model, BasicWeights<T>& weights, const std::vector<T>& shares) {
    for (const AttentionBlock& block : model.attentionBlocks())
        std::ranges::copy(shares, at(weights, *model.layout().find(block.name + ".span")));
}

}  // namespace

class SpansTest : public QObject {
    Q_OBJECT

private slots:
    void headsBeginWithTheShareThatIsAskedFor() {
        ModelConfig c = spanned(20, 4);
        c.attention.span_start = 0.25;
        const Model model(c);
        const Weights weights = initialWeights(model, 1);
        const Parameter& shares = *model.layout().find("decoder.1.attention.span");
        QCOMPARE(shares.shape, std::vector<int>{2});
        for (int h = 0; h < 2; ++h) QCOMPARE(at(weights, shares)[h], 0.25F);
    }

    void anUpdateLeavesSharesWithinTheirBounds() {
        const Model model(spanned(20, 4));
        const Parameter& shares = *model.layout().find("decoder.0.attention.span");
        std::vector<float> values{-0.5F, 1.25F};
        shares.keepBounds(values.data());
        QCOMPARE(values, (std::vector<float>{0, 1}));
        std::vector<float> others(model.layout().parameters().front().size, -2.0F);
        model.layout().parameters().front().keepBounds(others.data());
        QCOMPARE(others.front(), -2.0F);
    }

    /// Weights are full up to z, fall over the ramp, and are 0 from z + R on; a row stays a row of shares.
    void weightsEndBehindTheRamp() {
        const Model model(spanned(20, 4));
        auto weights = randomWeights<float>(model, 3);
        setShares<float>(model, weights, {0.25F, 0});  // z = 5 and 0
        const Trace trace = model.trace(weights, {randomTokens(1, 16, 7), {}, {}, {}, {}});
        const Tensor &a = trace.at("decoder.0.attention.weights"), &before = trace.at("decoder.0.attention.before_span"),
                     &after = trace.at("decoder.0.attention.scores");
        for (int h = 0; h < 2; ++h)
            for (int i = 0; i < 16; ++i) {
                double sum = 0;
                for (int j = 0; j <= i; ++j) {
                    const auto cell = static_cast<std::size_t>((h * 16 + i) * 16 + j);
                    const int z = h == 0 ? 5 : 0, distance = i - j;
                    QCOMPARE(a.values[cell] == 0, distance >= z + 4);
                    if (distance <= z) QCOMPARE(after.values[cell], before.values[cell]);
                    if (distance == z + 1) QVERIFY(std::abs(after.values[cell] - before.values[cell] - std::log(0.75F)) < 1e-6F);
                    sum += static_cast<double>(a.values[cell]);
                }
                QVERIFY(std::abs(sum - 1) < 1e-5);
            }
    }

    /// lambda times the mean span, in tokens, for each sequence and layer, however long the sequence.
    void spansCostOnceForEachSequenceAndLayer() {
        ModelConfig c = spanned(20, 4);
        c.attention.span_penalty = 0.125;
        const Model model(c);
        auto weights = randomWeights<double>(model, 3);
        setShares<double>(model, weights, {0.25, 0.75});
        const auto transposed = model.transposedCopy(weights);
        for (const std::vector<int>& lengths : {std::vector<int>{3}, std::vector<int>{70, 1, 33}}) {
            std::vector<Sample> samples;
            for (const int n : lengths) samples.push_back(randomSample(c, 1, n, 0));
            const Batch batch = makeBatch(samples);
            Scratch scratch;
            Pass<double> pass{kernels<double>(), weights.data(), transposed.data(), nullptr, scratch};
            const PassSums sums = model.network().evaluate(pass, viewOf(batch, 0, batch.sequences));
            QVERIFY(std::abs(sums.beside - static_cast<double>(lengths.size()) * 2 * 0.125 * 10) < 1e-9);
        }
    }

    void keysBeyondEverySpanAreNotKept() {
        const auto model = std::make_shared<const Model>(spanned(20, 4));
        auto weights = randomWeights<float>(*model, 3);
        const std::vector<int> tokens = randomTokens(2, 90, 5);
        const auto bytesOfAToken = static_cast<std::size_t>(2 * 2 * 16 * 4);  // keys and values, two layers
        for (const float share : {0.0F, 1.0F}) {
            setShares<float>(*model, weights, {0, share});
            Decoding whole(model, weights), single(model, weights);
            const std::vector<float> logits = whole.append(tokens);
            std::vector<float> last;
            std::size_t most = 0;
            for (const int token : tokens) {
                last = single.append({token});
                most = std::max(most, single.cacheBytes());
            }
            QCOMPARE(last, logits);
            QVERIFY(most <= static_cast<std::size_t>(20 * share + 4 + 16) * bytesOfAToken);  // in steps of 16
            const Tensor all = model->trace(weights, {tokens, {}, {}, {}, {}}).at("logits");
            for (std::size_t c = 0; c < logits.size(); ++c) {
                const float expected = all.values[all.values.size() - logits.size() + c];
                QVERIFY(std::abs(logits[c] - expected) <= 1e-5F * std::max(1.0F, std::abs(expected)));
            }
        }
    }
};

QTEST_APPLESS_MAIN(SpansTest)
#include "spans_test.moc"
