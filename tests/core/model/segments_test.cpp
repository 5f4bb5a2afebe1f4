// A stream in segments: what is kept, what is seen, and where no gradient goes.

#include <QtTest>

#include "core/model/decoding.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

ModelConfig cut(int segment, int memory, int layers = 2) {
    ModelConfig c = llamaLike();
    c.num_layers = layers;
    c.num_decoder_layers = layers;
    c.position.kind = PositionKind::relative;
    c.attention.pattern = {"segments", {{"segment", static_cast<double>(segment)}, {"memory", static_cast<double>(memory)}}};
    return c;
}

std::vector<float> lastLogits(const Model& model, const Weights& weights, const std::vector<int>& tokens) {
    const Tensor logits = model.trace(weights, {tokens, {}, {}, {}, {}}).at("logits");
    return {logits.values.end() - logits.extent(1), logits.values.end()};
}

BasicWeights<double> gradientOf(const Model& model, const BasicWeights<double>& weights, const Sample& sample) {
    const auto transposed = model.transposedCopy(weights);
    BasicWeights<double> gradient(weights.size());
    Scratch scratch;
    Pass<double> pass{kernels<double>(), weights.data(), transposed.data(), gradient.data(), scratch};
    model.network().train(pass, viewOf(makeBatch({sample}), 0, 1), 1.0);
    return gradient;
}

bool rowIsZero(const Model& model, const BasicWeights<double>& gradient, int token) {
    const Parameter& table = *model.layout().find("token_embedding.weight");
    const double* row = at(gradient, table) + std::ptrdiff_t{token} * table.shape[1];
    return std::all_of(row, row + table.shape[1], [](double x) { return x == 0; });
}

}  // namespace

class SegmentsTest : public QObject {
    Q_OBJECT

private slots:
    /// Segment after segment with what was kept: the logits of one pass over the stream, while no more than the memory is kept.
    void twoSegmentsWithAMemoryAreOneLongPass() {
        const auto model = std::make_shared<const Model>(cut(4, 4));
        const Weights weights = randomWeights<float>(*model, 3);
        const std::vector<int> stream = randomTokens(2, 12, 5);
        Decoding decoding(model, weights);
        for (int segment = 0; segment < 3; ++segment) {
            const auto first = stream.begin() + 4 * segment;
            const std::vector<float> logits = decoding.append({first, first + 4}),
                                     whole = lastLogits(*model, weights, {stream.begin(), first + 4});
            for (std::size_t c = 0; c < logits.size(); ++c)
                QVERIFY(std::abs(logits[c] - whole[c]) <= 1e-5F * std::max(1.0F, std::abs(whole[c])));
        }
    }

    void noMoreIsKeptThanTheMemoryAndItsSegment() {
        ModelConfig c = cut(16, 16);
        c.max_seq_len = 400;
        const auto model = std::make_shared<const Model>(c);
        const Weights weights = randomWeights<float>(*model, 3);
        Decoding decoding(model, weights);
        const std::vector<int> tokens = randomTokens(2, 300, 5);
        std::size_t most = 0;
        for (const int token : tokens) {
            decoding.append({token});
            most = std::max(most, decoding.cacheBytes());
        }
        const auto bytesOfAToken = static_cast<std::size_t>(2 * c.num_layers * *c.num_kv_heads * c.head_dim() * 4);
        QCOMPARE(most, 31 * bytesOfAToken);  // the last token of a segment leaves its memory behind
        const std::vector<float> whole = lastLogits(*model, weights, tokens);
        decoding.clear();
        const std::vector<float> logits = decoding.append(tokens);
        for (std::size_t i = 0; i < logits.size(); ++i)
            QVERIFY(std::abs(logits[i] - whole[i]) <= 1e-5F * std::max(1.0F, std::abs(whole[i])));
    }

    /// Token 6 stands in the first segment alone, and all questions in the second: it is seen, but gets no gradient, whatever the layers.
    void whatTheMemoryGivesHasNoGradient() {
        for (const int layers : {1, 2}) {
            const Model model(cut(4, 4, layers));
            auto weights = randomWeights<double>(model, 4);
            Sample sample{{1, 6, 2, 3, 1, 4, 5, 2}, {}, {-1, -1, -1, -1, 1, 2, 3, 4}};
            QVERIFY(rowIsZero(model, gradientOf(model, weights, sample), 6));
            QVERIFY(!rowIsZero(model, gradientOf(model, weights, sample), 5));
            const auto lossOf = [&](const Model& asked) {
                const auto transposed = asked.transposedCopy(weights);
                Scratch scratch;
                Pass<double> pass{kernels<double>(), weights.data(), transposed.data(), nullptr, scratch};
                return asked.network().evaluate(pass, viewOf(makeBatch({sample}), 0, 1)).loss;
            };
            const double before = lossOf(model);
            at(weights, *model.layout().find("token_embedding.weight"))[6 * 16] += 0.5;
            QVERIFY(lossOf(model) != before);
            const Model alone(cut(4, 0, layers));
            const double unseen = lossOf(alone);
            at(weights, *model.layout().find("token_embedding.weight"))[6 * 16] += 0.5;
            QCOMPARE(lossOf(alone), unseen);
            sample.targets[2] = 3;  // asked in its own segment it has one
            QVERIFY(!rowIsZero(model, gradientOf(model, weights, sample), 6));
        }
    }
};

QTEST_APPLESS_MAIN(SegmentsTest)
#include "segments_test.moc"
