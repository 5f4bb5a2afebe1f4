#include "core/training/cost.h"

#include <QtTest>

#include <algorithm>
#include <numeric>

#include "core/config/experiment.h"
#include "core/config/layer_cost.h"
#include "core/config/validation.h"
#include "core/model/decoding.h"
#include "core/model/initialise.h"
#include "core/model/network.h"
#include "core/training/memory_need.h"

using namespace lab;

namespace {

ModelConfig costedModel(const std::function<void(ModelConfig&)>& change) {
    Experiment e;
    e.task.seq_len = 24;
    e.model.d_model = 24;
    e.model.num_heads = 4;
    change(e.model);
    return resolved(e).model;
}

ModelConfig costedDecoder(const std::function<void(ModelConfig&)>& change) {
    return costedModel([&](ModelConfig& model) {
        model.architecture = Architecture::decoder;
        model.position.kind = PositionKind::rope;
        change(model);
    });
}

double slowPairs(const Visibility& visibility, int n) {
    double pairs = 0;
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) pairs += visibility.mayAttend(i, j, n);
    return pairs;
}

/// Goes through every product of the forward pass, one multiply-add at a time: each row through each matrix, each pair that is seen through
/// every head.
double slowProducts(const ModelConfig& config, int n) {
    const Model model(config);
    std::int64_t count = 0;
    for (int row = 0; row < n; ++row)
        for (const Parameter& p : model.layout().parameters()) {
            if (!p.isHiddenMatrix() && p.role != ParameterRole::outputHead) continue;
            const std::size_t expert = p.name.find(".experts.");  // the first ones stand for those that are chosen
            if (expert != p.name.npos && std::stoi(p.name.substr(expert + 9)) >= config.feed_forward.top_k) continue;
            for (std::size_t weight = 0; p.isMatrix() && weight < p.size; ++weight) ++count;
        }
    for (const AttentionBlock& block : model.attentionBlocks())
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                if (!block.visibility.mayAttend(i, j, n)) continue;
                for (int h = 0; h < block.heads; ++h)
                    for (int c = 0; c < 2 * config.headDim(); ++c) ++count;
            }
    return static_cast<double>(count);
}

/// Bytes that a pass which a backward pass follows leaves in its arena.
double bytesInArena(const ModelConfig& config, int n) {
    const auto model = std::make_shared<const Model>(config);
    const Weights weights = initialWeights(*model, 1), transposed = model->transposedCopy(weights);
    Weights gradient(weights.size());
    Scratch scratch;
    Pass<float> pass{kernels<float>(), weights.data(), transposed.data(), gradient.data(), scratch};
    std::vector<int> tokens(static_cast<std::size_t>(n), 1);
    const Batch batch = makeBatch({{tokens, {}, tokens}});
    (void)model->network().logits(pass, viewOf(batch, 0, 1));
    return static_cast<double>(scratch.arena.mark().total);
}

}  // namespace

class CostTest : public QObject {
    Q_OBJECT

private slots:
    void everyProductIsCounted_data() {
        QTest::addColumn<std::function<void(ModelConfig&)>>("change");
        using Change = std::function<void(ModelConfig&)>;
        QTest::newRow("encoder") << Change([](ModelConfig&) {});
        QTest::newRow("decoder") << Change([](ModelConfig& m) { m.architecture = Architecture::decoder; });
        QTest::newRow("grouped heads") << Change([](ModelConfig& m) { m.num_kv_heads = 2; });
        QTest::newRow("kv, diagonal masked") << Change([](ModelConfig& m) {
            m.attention.form = AttentionForm::kv;
            m.attention.mask_diagonal = true;
        });
        QTest::newRow("q+kv, gated, window") << Change([](ModelConfig& m) {
            m.attention.form = AttentionForm::q_kv;
            m.feed_forward.activation = Activation::swiglu;
            m.attention.pattern = {"sliding-window", {{"window", 3}}};
        });
        QTest::newRow("latent, gate") << Change([](ModelConfig& m) {
            m.attention.form = AttentionForm::latent;
            m.attention.latent_dim = 10;
            m.attention.gate = true;
        });
        QTest::newRow("latent with rope") << Change([](ModelConfig& m) {
            m.attention.form = AttentionForm::latent;
            m.attention.latent_dim = 10;
            m.position.kind = PositionKind::rope;
            m.position.rope.dims = 2;
        });
        QTest::newRow("shared keys") << Change([](ModelConfig& m) {
            m.num_layers = 3;
            m.attention.share_kv = 2;
        });
        QTest::newRow("experts") << Change([](ModelConfig& m) {
            m.feed_forward.kind = FeedForwardKind::experts;
            m.feed_forward.experts = 4;
            m.feed_forward.top_k = 2;
        });
        QTest::newRow("linear output, product kernel") << Change([](ModelConfig& m) {
            m.output.kind = OutputKind::linear;
            m.attention.kernel.kind = KernelKind::product;
        });
        QTest::newRow("linear kernel with a pattern looks at pairs") << Change([](ModelConfig& m) {
            m.attention.kernel.kind = KernelKind::linear;
            m.attention.pattern = {"blocks", {{"block", 5}}};
        });
    }
    void everyProductIsCounted() {
        QFETCH(std::function<void(ModelConfig&)>, change);
        const ModelConfig model = costedModel(change);
        for (const int n : {1, 7, 24}) {
            const ModelCost cost = costOf(model, n);
            QCOMPARE(cost.products(), slowProducts(model, n));
            QCOMPARE(cost.pairs.pairs,
                     slowPairs(layersOf(model, specOf(model.architecture).decoder ? Side::decoder : Side::encoder)[0].visibility, n));
            QVERIFY(cost.pairs.exact);
            QCOMPARE(cost.mapBytes, 4 * cost.pairs.pairs);
            QCOMPARE(cost.weights, static_cast<double>(Model(model).layout().parameterCount()));
        }
    }

    /// Running sums take the same for each token, however many there are: head_dim numbers of a key times head_dim of its value and the one
    /// whose sum divides, and again for the query.
    void runningSumsLookAtNoPair() {
        const ModelConfig model = costedDecoder([](ModelConfig& m) { m.attention.kernel.kind = KernelKind::linear; });
        const double headDim = 6, heads = 4, layers = 2;
        double slow = 0;
        for (int token = 0; token < 10; ++token)
            for (int layer = 0; layer < layers; ++layer)
                for (int head = 0; head < heads; ++head)
                    for (int k = 0; k < headDim; ++k)
                        for (int v = 0; v < headDim + 1; ++v) slow += 2;
        QCOMPARE(costOf(model, 10).attention, slow);
        QCOMPARE(costOf(model, 20).attention, 2 * slow);
        QCOMPARE(costOf(model, 10).state, 4 * layers * heads * headDim * (headDim + 1));
        QCOMPARE(costOf(model, 20).state, costOf(model, 10).state);
        QCOMPARE(costOf(costedDecoder([](ModelConfig&) {}), 20).state, 0.0);
        const ModelConfig sharing = costedDecoder([](ModelConfig& m) {
            m.attention.kernel.kind = KernelKind::linear;
            m.attention.share_kv = 2;
        });
        QCOMPARE(costOf(sharing, 20).state, 4 * heads * headDim * (headDim + 1));  // the same sums of the same keys
    }

    /// Both sides of an encoder-decoder read n tokens.
    void aDecoderLooksAtTheEncodersTokens() {
        const ModelConfig model = costedModel([](ModelConfig& m) { m.architecture = Architecture::encoder_decoder; });
        QCOMPARE(costOf(model, 9).products(), [&] {
            double products = 0;
            const Model shapes(model);
            for (const Parameter& p : shapes.layout().parameters())
                if (p.isMatrix() && (p.isHiddenMatrix() || p.role == ParameterRole::outputHead))
                    products += 9 * static_cast<double>(p.size);
            for (const AttentionBlock& block : shapes.attentionBlocks()) products += slowPairs(block.visibility, 9) * 2 * 24;
            return products;
        }());
    }

    void whatADecodingKeepsIsTheCache_data() {
        QTest::addColumn<std::function<void(ModelConfig&)>>("change");
        using Change = std::function<void(ModelConfig&)>;
        QTest::newRow("qkv") << Change([](ModelConfig&) {});
        QTest::newRow("grouped") << Change([](ModelConfig& m) { m.num_kv_heads = 1; });
        QTest::newRow("keys are values") << Change([](ModelConfig& m) { m.attention.form = AttentionForm::q_kv; });
        QTest::newRow("latent") << Change([](ModelConfig& m) {
            m.attention.form = AttentionForm::latent;
            m.attention.latent_dim = 10;
            m.position.rope.dims = 2;
        });
        QTest::newRow("window") << Change([](ModelConfig& m) { m.attention.pattern = {"sliding-window", {{"window", 2}}}; });
        QTest::newRow("linear") << Change([](ModelConfig& m) { m.attention.kernel.kind = KernelKind::linear; });
        QTest::newRow("retention") << Change([](ModelConfig& m) { m.attention.kernel.kind = KernelKind::retention; });
        QTest::newRow("shared keys") << Change([](ModelConfig& m) {
            m.num_layers = 5;
            m.attention.share_kv = 3;
        });
        QTest::newRow("shared keys that are values, segments, then all") << Change([](ModelConfig& m) {
            m.num_layers = 4;
            m.attention.share_kv = 2;
            m.attention.form = AttentionForm::q_kv;
            m.attention.pattern = {"segments", {{"segment", 3}, {"memory", 4}}};
            m.attention.full_every = 4;
        });
        QTest::newRow("segments") << Change([](ModelConfig& m) { m.attention.pattern = {"segments", {{"segment", 3}, {"memory", 4}}}; });
        QTest::newRow("global projections") << Change([](ModelConfig& m) {
            m.attention.pattern = {"longformer", {{"window", 2}, {"globals", 3}}};
            m.attention.global_projections = true;
        });
    }
    void whatADecodingKeepsIsTheCache() {
        QFETCH(std::function<void(ModelConfig&)>, change);
        const ModelConfig config = costedDecoder(change);
        const auto model = std::make_shared<const Model>(config);
        const Weights weights = initialWeights(*model, 1);
        Decoding decoding(model, weights);
        decoding.append(std::vector<int>(13, 1));
        QCOMPARE(costOf(config, 13).cache, static_cast<double>(decoding.cacheBytes()));
        decoding.append(std::vector<int>(27, 1));
        QCOMPARE(costOf(config, 40).cache, static_cast<double>(decoding.cacheBytes()));
        QCOMPARE(costOf(costedModel([](ModelConfig&) {}), 13).cache, 0.0);
    }

    /// About: within a third of what a pass leaves for its backward pass, where the sequence is long and where it is short.
    void activationsAreAboutWhatAPassKeeps_data() {
        QTest::addColumn<std::function<void(ModelConfig&)>>("change");
        using Change = std::function<void(ModelConfig&)>;
        QTest::newRow("full") << Change([](ModelConfig&) {});
        QTest::newRow("window") << Change([](ModelConfig& m) { m.attention.pattern = {"sliding-window", {{"window", 16}}}; });
        QTest::newRow("linear") << Change([](ModelConfig& m) { m.attention.kernel.kind = KernelKind::linear; });
    }
    void activationsAreAboutWhatAPassKeeps() {
        QFETCH(std::function<void(ModelConfig&)>, change);
        const ModelConfig model = costedDecoder(change);
        for (const int n : {64, 1024}) {
            const double kept = bytesInArena(model, n), counted = costOf(model, n).activations;
            QVERIFY2(counted > kept / 1.5 && counted < kept * 1.5,
                     qPrintable(QString("%1: %2 kept, %3 counted").arg(n).arg(kept).arg(counted)));
        }
    }

    void everyPatternsPairsAreCounted_data() {
        QTest::addColumn<bool>("causal");
        QTest::addColumn<bool>("masked");
        for (const bool causal : {false, true})
            for (const bool masked : {false, true})
                QTest::addRow("%s%s", causal ? "causal" : "both ways", masked ? ", diagonal masked" : "") << causal << masked;
    }
    void everyPatternsPairsAreCounted() {
        QFETCH(bool, causal);
        QFETCH(bool, masked);
        const ModelConfig model = costedModel([](ModelConfig&) {});
        for (const PatternConfig& pattern : costedPatterns(model)) {
            if (causal && pattern.kind->wantsWholeSequence) continue;
            const Visibility visibility(pattern, causal, masked);
            for (const int n : {1, 2, 65, 300}) {
                const PairCount count = pairsSeen(visibility, n);
                QVERIFY2(count.exact && count.pairs == slowPairs(visibility, n), qPrintable(QString::fromUtf8(pattern.kind.name())));
            }
            // Where there are too many to ask for all, some speak for the others.
            const PairCount about = pairsSeen(visibility, 2000, 100000);
            QVERIFY2(about.exact || std::abs(about.pairs / slowPairs(visibility, 2000) - 1) < 0.02,
                     qPrintable(QString::fromUtf8(pattern.kind.name())));
        }
    }

    void everyRowOfTheTableHasALine() {
        const ModelConfig encoder = costedModel([](ModelConfig& m) { m.attention.pattern = {"sliding-window", {{"window", 5}}}; });
        const std::vector<CostLine> lines = costLines(encoder, {64, 128});
        const auto alike = [](const PatternSpec* row) { return !row->hashes && !row->wantsCausal; };
        QCOMPARE(static_cast<std::ptrdiff_t>(lines.size()), std::ranges::count_if(PatternSpec::table(), alike));
        QVERIFY(lines[0].own && lines[0].pattern == encoder.attention.pattern);
        for (std::size_t i = 1; i < lines.size(); ++i) {
            QVERIFY(!lines[i].own && lines[i].points.size() == 2);
            QCOMPARE(lines[i].points[1].weights, lines[0].points[0].weights);  // a pattern has none, and neither has length
            Experiment e;
            e.model = withPattern(encoder, lines[i].pattern);
            QVERIFY(problemsOf(resolved(e)).empty());
        }
        const ModelConfig decoder = costedDecoder([](ModelConfig&) {});
        for (const PatternConfig& pattern : costedPatterns(decoder)) QVERIFY(!pattern.kind->wantsWholeSequence);
        QCOMPARE(costLines(encoder, {64, 128}, [] { return false; }).size(), std::size_t{1});
    }

    /// The kernel of a window makes what the length costs linear; the whole map is quadratic.
    void lengthsDouble() {
        QCOMPARE(costedLengths().front(), 64);
        QCOMPARE(costedLengths().back(), 131072);
        QCOMPARE(costedLengths().size(), std::size_t{12});
        const ModelConfig window = costedModel([](ModelConfig& m) { m.attention.pattern = {"sliding-window", {{"window", 64}}}; });
        const ModelCost longest = costOf(window, 131072);
        QVERIFY(longest.pairs.exact);
        QCOMPARE(longest.pairs.pairs, 131072.0 * 129 - 64 * 65);
        const ModelConfig full = costedModel([](ModelConfig&) {});
        QCOMPARE(costOf(full, 131072).mapBytes, wholeMapBytes(131072));
        QCOMPARE(costOf(full, 131072).pairsPerQuery(), 131072.0);
    }

    /// A row for each position that is read: the only weights that grow.
    void onlyATableOfPositionsGrows() {
        const ModelConfig learned = costedModel([](ModelConfig& m) { m.position.kind = PositionKind::learned; });
        const int longest = longestOf(learned);
        QCOMPARE(longest, *learned.max_seq_len);
        QCOMPARE(costOf(learned, longest + 100).weights - costOf(learned, longest).weights, 100.0 * 24);
        ModelConfig longer = learned;
        longer.max_seq_len = longest + 100;
        QCOMPARE(costOf(longer, longest + 100).weights, costOf(learned, longest + 100).weights);
        QCOMPARE(longestOf(costedModel([](ModelConfig&) {})), 0);
    }

    /// A net over the positions is there as a whole.
    void withoutAttentionThereAreNoPairs() {
        const ModelConfig mixer = costedModel([](ModelConfig& m) { m.mixer.kind = MixerKind::feed_forward; });
        const ModelCost cost = costOf(mixer, 24);
        QCOMPARE(cost.attention, 0.0);
        QCOMPARE(cost.mapBytes, 0.0);
        QVERIFY(cost.projections > 0);
        QCOMPARE(costedPatterns(mixer).size(), std::size_t{1});
    }
};

QTEST_APPLESS_MAIN(CostTest)
#include "cost_test.moc"
