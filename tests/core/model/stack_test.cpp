#include <QTest>

#include <limits>

#include "core/model/block.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

using Values = BasicWeights<double>;

Values randomValues(std::uint64_t seed, std::size_t n, double deviation) {
    Values values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = deviation * RandomStream(seed, "values").normal(i);
    return values;
}

/// Three layers that share nothing but d_model.
std::vector<LayerConfig> differentLayers() {
    ModelConfig c = smallConfig();
    c.num_layers = 3;
    std::vector<LayerConfig> layers = layersOf(c, Side::encoder);
    layers[0].visibility = Visibility({"sliding-window", {{"window", 1}}}, false, false);
    layers[0].d_ff = 5;
    layers[0].norm.placement = NormPlacement::pre;
    layers[1].visibility = Visibility({"sliding-window", {{"window", 3}}}, false, true);
    layers[1].num_heads = 4;
    layers[1].num_kv_heads = 2;
    layers[1].head_dim = 3;
    layers[1].qk_norm = true;
    layers[1].norm.kind = NormKind::rms;
    layers[2].form = AttentionForm::kv;
    layers[2].activation = Activation::swiglu;
    layers[2].bias = false;
    return layers;
}

class StackUnderTest {
public:
    StackUnderTest() : m_stack(LayerBuilder{layout, m_transposedLayout}, Side::encoder, differentLayers(), {}) {
        direction = randomValues(3, std::size_t(sequences.rows()) * 12, 1.0);
        for (int r = 5 + 3; r < sequences.rows(); ++r) std::fill_n(direction.begin() + std::ptrdiff_t{r} * 12, 12, 0.0);  // padding
    }

    /// <stack(x), direction>, and its gradients unless null.
    double run(const Values& weights, const Values& x, double* gradient = nullptr, Values* dx = nullptr) const {
        Values transposed(m_transposedLayout.size());
        m_transposedLayout.update(kernels<double>(), weights.data(), transposed.data(), 0, weights.size());
        Scratch scratch;
        Pass<double> pass{kernels<double>(), weights.data(), transposed.data(), gradient, scratch};
        Stack::Cache<double> cache;
        const Memory<double>* none = nullptr;
        const double* y = m_stack.forward(pass, sequences, x.data(), none, cache);
        double sum = 0;
        for (std::size_t i = 0; i < direction.size(); ++i) sum += direction[i] == 0.0 ? 0.0 : y[i] * direction[i];
        if (dx) std::copy_n(m_stack.backward(pass, sequences, direction.data(), none, cache), dx->size(), dx->data());
        return sum;
    }

    const int lengths[2] = {5, 3};
    const Sequences sequences{2, 5, lengths};
    ParameterLayout layout;
    Values direction;

private:
    TransposedLayout m_transposedLayout;
    Stack m_stack;
};

void compare(const std::string& what, double found, const std::function<double(double)>& value) {
    const double h = 1e-5, expected = (value(h) - value(-h)) / (2 * h);
    QVERIFY2(std::abs(found - expected) <= 1e-5 * (1 + std::abs(expected)),
             qPrintable(QString("%1: %2, central difference %3").arg(what.c_str()).arg(found).arg(expected)));
}

}  // namespace

/// Layers have configurations of their own.
class StackTest : public QObject {
    Q_OBJECT

private slots:
    void layersThatDifferLearnTogether() {
        const StackUnderTest stack;
        const Values weights = randomValues(1, stack.layout.flatSize(), 0.5), x = randomValues(2, stack.direction.size(), 1.0);
        Values gradient(weights.size()), dx(x.size(), std::numeric_limits<double>::quiet_NaN());
        stack.run(weights, x, gradient.data(), &dx);
        for (const Parameter& p : stack.layout.parameters())
            for (std::size_t k = 0; k < p.size; k += 1 + p.size / 5)
                compare(p.name, gradient[p.offset + k], [&](double h) {
                    Values moved = weights;
                    moved[p.offset + k] += h;
                    return stack.run(moved, x);
                });
        for (std::size_t i = 0; i < x.size(); i += 7)
            compare("input", dx[i], [&](double h) {
                Values moved = x;
                moved[i] += h;
                return stack.run(weights, moved);
            });
        QCOMPARE(stack.layout.find("encoder.0.feed_forward.up.weight")->shape, (std::vector<int>{5, 12}));
        QCOMPARE(stack.layout.find("encoder.1.attention.key.weight")->shape, (std::vector<int>{6, 12}));
        QVERIFY(stack.layout.find("encoder.1.attention.key_norm.weight") && !stack.layout.find("encoder.0.attention.key_norm.weight"));
        QVERIFY(stack.layout.find("encoder.2.feed_forward.gate.weight") && !stack.layout.find("encoder.2.attention.query.weight"));
        QVERIFY(!stack.layout.find("encoder_norm.weight"));  // the last layer is post-norm
    }

    void aModelsLayersAreDerivedFromItsConfiguration() {
        ModelConfig c = smallConfig();
        c.attention.mask_diagonal = true;
        c.attention.pattern = {"sliding-window", {{"window", 2}}};
        QCOMPARE(layersOf(c, Side::encoder).size(), std::size_t{2});
        QVERIFY(layersOf(c, Side::decoder).empty());
        QVERIFY(layersOf(c, Side::encoder)[1].visibility == Visibility(c.attention.pattern, false, true));
        c.architecture = Architecture::decoder;
        QVERIFY(layersOf(c, Side::encoder).empty());
        QVERIFY(layersOf(c, Side::decoder)[1].visibility == Visibility(c.attention.pattern, true, true));
        c.architecture = Architecture::encoder_decoder;
        c.num_decoder_layers = 3;
        QCOMPARE(layersOf(c, Side::encoder).size(), std::size_t{2});
        QCOMPARE(layersOf(c, Side::decoder).size(), std::size_t{3});
    }

    void localAndGlobalLayersTakeTurns() {
        ModelConfig c = smallConfig();
        c.num_layers = 5;
        c.architecture = Architecture::encoder_decoder;
        c.num_decoder_layers = 3;
        c.attention.mask_diagonal = true;
        c.attention.pattern = {"sliding-window", {{"window", 2}}};
        const auto seeAll = [&](Side side) {
            std::string all;
            for (const LayerConfig& layer : layersOf(c, side)) {
                const bool causal = side == Side::decoder;
                all += layer.visibility == Visibility({}, causal, true)                    ? 'x'
                       : layer.visibility == Visibility(c.attention.pattern, causal, true) ? '.'
                                                                                           : '?';
            }
            return all;
        };
        const auto seen = [&](int every) {
            c.attention.full_every = every;
            return seeAll(Side::encoder) + ' ' + seeAll(Side::decoder);
        };
        QCOMPARE(seen(0), std::string("..... ..."));
        QCOMPARE(seen(1), std::string("xxxxx xxx"));
        QCOMPARE(seen(2), std::string(".x.x. .x."));
        QCOMPARE(seen(3), std::string("..x.. ..x"));
        QCOMPARE(seen(6), std::string("..... ..."));
        c.attention.full_every = 2;
        const Model model(c);
        for (const AttentionBlock& block : model.attentionBlocks())
            QCOMPARE(block.visibility.hasPattern(), !block.cross && block.layer % 2 == 0);
        c.dictionary = {DictionaryKind::standing, 3};  // entries stay apart in all layers
        QCOMPARE(layersOf(c, Side::encoder)[1].visibility.mayAttend(0, 3, 6), false);
    }

    void crossAttentionIsPlainWhateverItsLayerIs() {
        ModelConfig c = smallConfig();
        c.architecture = Architecture::encoder_decoder;
        c.attention.form = AttentionForm::q_kv;
        c.attention.qk_norm = true;
        c.attention.mask_diagonal = true;
        c.attention.pattern = {"sliding-window", {{"window", 2}}};
        c.position.kind = PositionKind::rope;
        const LayerConfig cross = crossAttentionOf(layersOf(c, Side::decoder).front());
        QVERIFY(cross.form == AttentionForm::qkv && cross.visibility.hidesNothing() && !cross.qk_norm);
        QVERIFY(cross.position.kind == PositionKind::none && cross.kernel == KernelKind::softmax);
        const Model model(c);
        QVERIFY(model.layout().find("decoder.0.cross_attention.value.weight"));
        QVERIFY(!model.layout().find("decoder.0.cross_attention.key_norm.weight"));
        for (const AttentionBlock& block : model.attentionBlocks()) {
            QCOMPARE(block.visibility.hidesNothing(), block.cross);
            QCOMPARE(block.visibility.causal(), block.side == "decoder" && !block.cross);
        }
    }
};

QTEST_APPLESS_MAIN(StackTest)
#include "stack_test.moc"
