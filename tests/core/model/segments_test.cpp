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

double lossOf(const Model& model, const BasicWeights<double>& weights, const Sample& sample) {
    const auto transposed = model.transposedCopy(weights);
    Scratch scratch;
    Pass<double> pass{kernels<double>(), weights.data(), transposed.data(), nullptr, scratch};
    return model.network().evaluate(pass, viewOf(makeBatch({sample}), 0, 1)).loss;
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
        const auto bytesOfAToken = static_cast<std::size_t>(2 * c.num_layers * *c.num_kv_heads * c.headDim() * 4);
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
            const double before = lossOf(model, weights, sample);
            at(weights, *model.layout().find("token_embedding.weight"))[6 * 16] += 0.5;
            QVERIFY(lossOf(model, weights, sample) != before);
            const Model alone(cut(4, 0, layers));
            const double unseen = lossOf(alone, weights, sample);
            at(weights, *model.layout().find("token_embedding.weight"))[6 * 16] += 0.5;
            QCOMPARE(lossOf(alone, weights, sample), unseen);
            sample.targets[2] = 3;  // asked in its own segment it has one
            QVERIFY(!rowIsZero(model, gradientOf(model, weights, sample), 6));
        }
    }

    /// In one layer nothing that a memory is made of hangs on these parameters: what stops at its states takes nothing off their slopes.
    void whatMakesKeysAndValuesLearnsFromTheMemory() {
        for (NamedConfig& form : segmentForms()) {
            form.config.num_layers = 1;
            form.config.num_decoder_layers = 1;
            const Model model(form.config);
            auto weights = randomWeights<double>(model, 5);
            const Sample sample = randomSample(form.config, 3, 11, 11);
            const auto gradient = gradientOf(model, weights, sample);
            for (const Parameter& p : model.layout().parameters()) {
                if (p.name.find("embedding") != std::string::npos || p.name.find("attention_norm") != std::string::npos) continue;
                double apart = 0, size = 0;
                for (std::size_t i = 0; i < p.size; i += std::max<std::size_t>(1, p.size / 40)) {
                    constexpr double step = 1e-5;
                    double& w = at(weights, p)[i];
                    const double kept = w;
                    w = kept + step;
                    const double above = lossOf(model, weights, sample);
                    w = kept - step;
                    const double slope = (above - lossOf(model, weights, sample)) / (2 * step);
                    w = kept;
                    apart += (slope - at(gradient, p)[i]) * (slope - at(gradient, p)[i]);
                    size += slope * slope;
                }
                QVERIFY2(std::sqrt(apart) <= 1e-6 * std::sqrt(size) + 1e-8, (form.name + " " + p.name).c_str());
            }
        }
    }

    /// Who is asked in the second segment alone gives the first one's rows nothing, but the matrices of keys and values all the same.
    void theMemorysOwnSegmentNeedNotBeAsked() {
        const Model model(cut(4, 4, 1));
        const auto weights = randomWeights<double>(model, 4);
        // The answers stand at the segment's first token, which sees its own key and four kept ones.
        const Sample sample{{1, 6, 2, 3, 1, 4, 5, 2}, {}, {-1, -1, -1, -1, 1, -1, -1, -1}};
        const auto with = gradientOf(model, weights, sample);
        const auto alone = gradientOf(Model(cut(4, 0, 1)), weights, sample);
        for (const char* matrix : {"decoder.0.attention.key.weight", "decoder.0.attention.value.weight"}) {
            const Parameter& p = *model.layout().find(matrix);
            QVERIFY(std::any_of(at(with, p), at(with, p) + p.size, [](double x) { return x != 0; }));
            QVERIFY(!std::equal(at(with, p), at(with, p) + p.size, at(alone, p)));
        }
    }
};

QTEST_APPLESS_MAIN(SegmentsTest)
#include "segments_test.moc"
