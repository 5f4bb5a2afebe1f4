#include "core/analysis/reach.h"

#include <QtTest>

#include "core/analysis/spans.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

ModelConfig cut(int layers, int segment, int memory) {
    ModelConfig c = smallConfig();
    c.architecture = Architecture::decoder;
    c.vocab_size = c.num_classes = 8;
    c.max_seq_len = 24;
    c.num_layers = layers;
    c.num_decoder_layers = layers;
    c.output.kind = OutputKind::linear;
    c.attention.pattern = {"segments", {{"segment", static_cast<double>(segment)}, {"memory", static_cast<double>(memory)}}};
    return c;
}

/// 0 and the symbol at `place`, 1 at `question`; other symbols are 7.
Sample sampleOf(int place, int question, int symbol) {
    Sample sample;
    sample.tokens.assign(24, 7);
    sample.targets.assign(24, -1);
    const auto at = [&](int i) -> int& { return sample.tokens[static_cast<std::size_t>(i)]; };
    at(place - 1) = 0;
    at(place) = at(question + 1) = symbol;
    at(question) = 1;
    sample.targets[static_cast<std::size_t>(question)] = symbol;
    return sample;
}

}  // namespace

class ReachTest : public QObject {
    Q_OBJECT

private slots:
    void eachLayerReachesOneMemoryFurther() {
        // Position 22 is in the segment 20 .. 23; a layer adds the memory before the segment that it has come to.
        QCOMPARE(farthestSources(cut(1, 4, 4), 24)[22], 16);
        QCOMPARE(farthestSources(cut(2, 4, 4), 24)[22], 12);
        QCOMPARE(farthestSources(cut(3, 4, 4), 24)[22], 8);
        QCOMPARE(farthestSources(cut(3, 4, 0), 24)[22], 20);
        QCOMPARE(farthestSources(cut(2, 4, 2), 24)[22], 14);  // 18 lies in 16 .. 19, which sees back to 14
        QCOMPARE(farthestSources(cut(9, 4, 4), 24)[22], 0);
        ModelConfig full = cut(1, 4, 4);
        full.attention.pattern = {};
        QCOMPARE(farthestSources(full, 24)[22], 0);
    }

    /// A model that says 5 to everything is right exactly where 5 was kept.
    void answersAreCountedByTheirDistanceInSegments() {
        const Model model(cut(2, 4, 4));
        Weights weights = randomWeights<float>(model, 3);
        const Parameter* bias = model.layout().find("output.projection.bias");
        QVERIFY(bias);
        at(weights, *bias)[5] = 1e6F;
        TaskConfig task;
        task.kind = "carry";
        const std::vector<Sample> samples{sampleOf(21, 22, 5), sampleOf(21, 22, 4), sampleOf(17, 22, 5), sampleOf(1, 22, 5),
                                          sampleOf(2, 3, 5)};
        const auto rows = reachBySegments(model, weights, task, samples, 4);
        QVERIFY(rows);
        QCOMPARE(rows->size(), std::size_t{6});
        const auto row = [&](std::size_t i) { return (*rows)[i]; };
        QCOMPARE(row(0).asked, 3);
        QCOMPARE(row(0).right, 2);
        QCOMPARE(row(0).within, 3);
        QCOMPARE(row(1).asked, 1);
        QCOMPARE(row(1).accuracy(), 1.0);
        QCOMPARE(row(2).asked, 0);
        QCOMPARE(row(2).accuracy(), 0.0);
        QCOMPARE(row(5).segments, 5);
        QCOMPARE(row(5).asked, 1);
        QCOMPARE(row(5).within, 0);  // two layers come as far as position 12
        QVERIFY(!reachBySegments(model, weights, task, samples, 4, [] { return true; }));
        task.kind = "pairs";
        QVERIFY(!reachBySegments(model, weights, task, samples, 4));
    }

    void spansAreSharesOfTheLongest() {
        ModelConfig c = smallConfig();
        QVERIFY(spansOf(Model(c), randomWeights<float>(Model(c), 1)).empty());
        c.attention.span = true;
        c.attention.max_span = 20;
        const Model model(c);
        Weights weights = randomWeights<float>(model, 1);
        const std::vector<float> shares{0.25F, -3, 1, 2};
        for (int layer = 0; layer < 2; ++layer)
            std::copy_n(shares.begin() + 2 * layer, 2,
                        at(weights, *model.layout().find("encoder." + std::to_string(layer) + ".attention.span")));
        const std::vector<BlockSpans> spans = spansOf(model, weights);
        QCOMPARE(spans.size(), std::size_t{2});
        QCOMPARE(spans[0].block, std::string("encoder.0.attention"));
        QCOMPARE(spans[0].spans, (std::vector<double>{5, 0}));
        QCOMPARE(spans[1].spans, (std::vector<double>{20, 20}));
        QCOMPARE(spans[0].mean(), 2.5);
        QCOMPARE(spans[0].longest(), 5.0);
    }
};

QTEST_APPLESS_MAIN(ReachTest)
#include "reach_test.moc"
