#include <QtTest>

#include <cmath>
#include <functional>
#include <limits>

#include "core/base/random.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/layers/attention/attention.h"
#include "core/layers/embedding.h"
#include "core/layers/experts.h"
#include "core/layers/feed_forward.h"
#include "core/layers/norm.h"
#include "core/tensor/weights.h"
#include "tests/core/patterns/pattern_testing.h"

using namespace lab;

// One generic test for every layer: central differences in double for its input and its parameters, all gradients poisoned before.

namespace {

using Values = BasicWeights<double>;
using Forward = std::function<void(Pass<double>&, const double* x, double* y)>;
using Backward = std::function<void(Pass<double>&, const double* x, const double* dy, double* dx)>;

/// A layer as the tester sees it. `forward` and `backward` share a cache; backward follows forward within one pass.
struct Layer {
    Forward forward;
    Backward backward;
};

struct Shape {
    Sequences sequences;
    int in, out;
};

Values random(std::uint64_t seed, std::size_t n, double deviation = 1.0) {
    Values values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = deviation * RandomStream(seed, "values").normal(i);
    return values;
}

/// Scalar function of a layer: <y, direction>.
class Tester {
public:
    Tester(const ParameterLayout& layout, const TransposedLayout& transposed, Layer layer, Shape shape)
        : m_layout(layout), m_transposedLayout(transposed), m_layer(std::move(layer)), m_shape(shape) {
        m_weights = random(1, layout.flatSize(), 0.5);
        m_x = random(2, size(shape.in));
        m_direction = random(3, size(shape.out));
        for (int r = 0; r < shape.sequences.rows(); ++r)  // nothing flows from padding
            if (r % shape.sequences.length >= shape.sequences.lengths[r / shape.sequences.length])
                std::fill_n(m_direction.begin() + std::ptrdiff_t{r} * shape.out, shape.out, 0.0);
    }

    void check() {
        const double start = 0.75;  // parameter gradients are added to
        Values gradient(m_weights.size(), start);
        Values dx(m_x.size(), std::numeric_limits<double>::quiet_NaN());  // the input's are overwritten
        run(m_weights, m_x, gradient.data(), dx.data());
        for (std::size_t i = 0; i < m_x.size(); i += 1 + m_x.size() / 40) {
            const auto value = [&](double h) {
                Values moved = m_x;
                moved[i] += h;
                return run(m_weights, moved, nullptr, nullptr);
            };
            compare("input", i, dx[i], difference(value));
        }
        for (const Parameter& p : m_layout.parameters())
            for (std::size_t k = 0; k < p.size; k += 1 + p.size / 12) {
                const std::size_t i = p.offset + k;
                const auto value = [&](double h) {
                    Values moved = m_weights;
                    moved[i] += h;
                    return run(moved, m_x, nullptr, nullptr);
                };
                compare(p.name, k, gradient[i] - start, difference(value));
            }
    }

private:
    std::size_t size(int columns) const { return static_cast<std::size_t>(m_shape.sequences.rows()) * static_cast<std::size_t>(columns); }

    double run(const Values& weights, const Values& x, double* gradient, double* dx) const {
        Values transposed(m_transposedLayout.size());
        m_transposedLayout.update(kernels<double>(), weights.data(), transposed.data(), 0, weights.size());
        m_scratch.arena.reset();
        Pass<double> pass{kernels<double>(), weights.data(), transposed.data(), gradient, m_scratch};
        Values y(m_direction.size(), std::numeric_limits<double>::quiet_NaN());
        m_layer.forward(pass, x.data(), y.data());
        double sum = 0;
        for (std::size_t i = 0; i < y.size(); ++i) sum += m_direction[i] == 0.0 ? 0.0 : y[i] * m_direction[i];
        if (dx) m_layer.backward(pass, x.data(), m_direction.data(), dx);
        return sum;
    }

    static double difference(const std::function<double(double)>& value) {
        const double h = 1e-5;
        return (value(h) - value(-h)) / (2 * h);
    }

    static void compare(const std::string& what, std::size_t i, double found, double expected) {
        QVERIFY2(std::isfinite(found) && std::abs(found - expected) <= 2e-6 * (1 + std::abs(expected)),
                 qPrintable(QString("%1[%2]: %3, central difference %4").arg(what.c_str()).arg(i).arg(found).arg(expected)));
    }

    const ParameterLayout& m_layout;
    const TransposedLayout& m_transposedLayout;
    Layer m_layer;
    Shape m_shape;
    Values m_weights, m_x, m_direction;
    mutable Scratch m_scratch;  // from run to run, as a thread's: new memory costs more than a run
};

ModelConfig config(int d, int heads) {
    Experiment e;
    e.model.d_model = d;
    e.model.num_heads = heads;
    e.model.vocab_size = 6;
    e.model.num_classes = 6;
    e.model.max_seq_len = 9;
    return resolved(e).model;
}

LayerConfig layerOf(ModelConfig c, bool causal = false) {
    c.architecture = causal ? Architecture::decoder : Architecture::encoder;
    return layersOf(c, causal ? Side::decoder : Side::encoder).front();
}

/// Shapes with a single token, odd sizes and padding.
const std::vector<std::pair<int, std::vector<int>>> sequenceShapes{{1, {1}}, {5, {5, 3}}, {9, {1, 9, 7}}};

/// Builds a layer per shape and checks it.
template <class Make>
void checkShapes(int in, int out, Make make) {
    for (const auto& [length, lengths] : sequenceShapes) {
        ParameterLayout layout;
        TransposedLayout transposed;
        const Sequences sequences{static_cast<int>(lengths.size()), length, lengths.data()};
        const Layer layer = make(LayerBuilder{layout, transposed}, sequences);
        Tester(layout, transposed, layer, {sequences, in, out}).check();
    }
}

void checkAttention(const LayerConfig& c, Attention::Place place = {}) {
    checkShapes(c.d_model, c.d_model, [&](LayerBuilder builder, const Sequences& s) {
        const auto layer = std::make_shared<Attention>(builder, "attention", c, place);
        const auto cache = std::make_shared<Attention::Cache<double>>();
        return Layer{[=](Pass<double>& pass, const double* x, double* y) { layer->forward(pass, s, x, s, x, y, *cache); },
                     [=](Pass<double>& pass, const double*, const double* dy, double* dx) {
                         double* dmemory = place.cross ? pass.takeRows(s.rows(), c.d_model) : nullptr;
                         layer->backward(pass, s, s, dy, *cache, dx, dmemory);
                         if (place.cross) pass.kernels.add(std::int64_t{s.rows()} * c.d_model, dmemory, dx);  // here the memory is x itself
                     }};
    });
}

}  // namespace

class LayersTest : public QObject {
    Q_OBJECT

private slots:
    void linear() {
        for (const auto& [in, out] : {std::pair(1, 1), std::pair(7, 5), std::pair(16, 32)})
            for (const bool bias : {true, false})
                checkShapes(in, out, [&, in = in, out = out](LayerBuilder builder, const Sequences& s) {
                    const auto layer = std::make_shared<Linear>(builder, std::vector<Linear::Part>{{"linear", out}}, in, bias);
                    return Layer{[=](Pass<double>& pass, const double* x, double* y) { layer->forward(pass, s.rows(), x, y, out); },
                                 [=](Pass<double>& pass, const double* x, const double* dy, double* dx) {
                                     layer->backward(pass, s.rows(), x, dy, out, dx);
                                 }};
                });
    }

    void fusedLinear() {
        checkShapes(6, 11, [](LayerBuilder builder, const Sequences& s) {
            const auto layer = std::make_shared<Linear>(builder, std::vector<Linear::Part>{{"a", 3}, {"b", 7}, {"c", 1}}, 6, true);
            return Layer{
                [=](Pass<double>& pass, const double* x, double* y) { layer->forward(pass, s.rows(), x, y, 11); },
                [=](Pass<double>& pass, const double* x, const double* dy, double* dx) { layer->backward(pass, s.rows(), x, dy, 11, dx); }};
        });
    }

    void norm() {
        for (const NormKind kind : {NormKind::layer, NormKind::rms})
            for (const int n : {2, 7, 16})
                checkShapes(n, n, [&](LayerBuilder builder, const Sequences& s) {
                    const auto layer = std::make_shared<Norm>(builder, "norm", n, kind, 1e-5);
                    const auto cache = std::make_shared<Norm::Cache<double>>();
                    const auto residual = std::make_shared<Values>(random(9, static_cast<std::size_t>(s.rows() * n)));
                    return Layer{[=](Pass<double>& pass, const double* x, double* y) {
                                     layer->forward(pass, s.rows(), x, static_cast<const double*>(residual->data()), y, *cache);
                                 },
                                 [=](Pass<double>& pass, const double*, const double* dy, double* dx) {
                                     layer->backward(pass, s.rows(), dy, *cache, dx);
                                 }};
                });
    }

    void feedForward() {
        for (const Activation activation : {Activation::relu, Activation::gelu, Activation::gelu_tanh, Activation::swiglu}) {
            ModelConfig c = config(6, 2);
            c.d_ff = 9;
            c.feed_forward.activation = activation;
            checkShapes(6, 6, [&](LayerBuilder builder, const Sequences& s) {
                const auto layer = std::make_shared<FeedForward>(builder, "feed_forward", layerOf(c));
                const auto cache = std::make_shared<FeedForward::Cache<double>>();
                return Layer{
                    [=](Pass<double>& pass, const double* x, double* y) { layer->forward(pass, s, x, y, *cache); },
                    [=](Pass<double>& pass, const double*, const double* dy, double* dx) { layer->backward(pass, s, dy, *cache, dx); }};
            });
        }
    }

    void experts() {
        for (const int chosen : {1, 2, 4}) {
            ModelConfig c = config(6, 2);
            c.d_ff = 5;
            c.feed_forward = {chosen == 2 ? Activation::swiglu : Activation::gelu, {}, FeedForwardKind::experts, 4, chosen, 0};
            checkShapes(6, 6, [&](LayerBuilder builder, const Sequences& s) {
                const auto layer = std::make_shared<Experts>(builder, "feed_forward", layerOf(c));
                const auto cache = std::make_shared<Experts::Cache<double>>();
                return Layer{
                    [=](Pass<double>& pass, const double* x, double* y) { layer->forward(pass, s, x, y, *cache); },
                    [=](Pass<double>& pass, const double*, const double* dy, double* dx) { layer->backward(pass, s, dy, *cache, dx); }};
            });
        }
    }

    void attention_data() {
        QTest::addColumn<int>("form");
        QTest::addColumn<int>("kernel");
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<int>("position");
        QTest::addColumn<bool>("causal");
        for (const AttentionForm form :
             {AttentionForm::qkv, AttentionForm::kv, AttentionForm::kv_pos, AttentionForm::q_kv, AttentionForm::k})
            for (const KernelKind kernel : {KernelKind::softmax, KernelKind::linear})
                for (const PatternSpec* pattern : PatternSpec::table())
                    for (const PositionKind position : {PositionKind::none, PositionKind::rope, PositionKind::alibi})
                        for (const bool causal : {false, true}) {
                            if (kernel == KernelKind::linear && (form == AttentionForm::kv_pos || position == PositionKind::alibi))
                                continue;
                            if (pattern->detached) continue;  // what gets no gradient has no slope
                            const QString name = QString("form %1 kernel %2 pattern %3 position %4 causal %5")
                                                     .arg(int(form))
                                                     .arg(int(kernel))
                                                     .arg(pattern->name.data())
                                                     .arg(int(position))
                                                     .arg(causal);
                            QTest::newRow(qPrintable(name))
                                << int(form) << int(kernel) << QString(pattern->name.data()) << int(position) << causal;
                        }
    }
    void attention() {
        QFETCH(int, form);
        QFETCH(int, kernel);
        QFETCH(QString, pattern);
        QFETCH(int, position);
        QFETCH(bool, causal);
        ModelConfig c = config(8, 2);
        c.attention.form = static_cast<AttentionForm>(form);
        c.attention.kernel.kind = static_cast<KernelKind>(kernel);
        c.attention.pattern = testing::smallPattern(std::string_view(pattern.toStdString()));
        c.position.kind = static_cast<PositionKind>(position);
        checkAttention(layerOf(c, causal));
    }

    void maskedDiagonal() {
        for (const PatternSpec* pattern : PatternSpec::table())
            for (const KernelKind kernel : {KernelKind::softmax, KernelKind::linear})
                for (const bool causal : {false, true}) {
                    if (pattern->detached) continue;
                    ModelConfig c = config(4, 1);
                    c.attention.kernel.kind = kernel;
                    c.attention.pattern = testing::smallPattern(pattern->name);
                    c.attention.mask_diagonal = true;
                    checkAttention(layerOf(c, causal));
                }
    }

    void normalisedQueriesAndKeys() {
        for (const AttentionForm form :
             {AttentionForm::qkv, AttentionForm::kv, AttentionForm::kv_pos, AttentionForm::q_kv, AttentionForm::k})
            for (const PositionKind position : {PositionKind::none, PositionKind::rope}) {
                ModelConfig c = config(8, 2);
                c.attention.form = form;
                c.attention.qk_norm = true;
                c.position.kind = position;
                if (specOf(form).ownQuery) c.num_kv_heads = 1;
                checkAttention(layerOf(c, true));
            }
    }

    /// Two layers that differ in their window alone, of the same lengths, one after the other with the same scratch.
    void layersOfOneModelMaySeeDifferently() {
        const int n = 9;
        const Sequences s{1, n, &n};
        Values x = random(4, 9 * 8), apart, together;
        Scratch shared;
        for (const int window : {1, 3}) {
            ModelConfig c = config(8, 2);
            c.attention.pattern = {"sliding-window", {{"window", window}}};
            ParameterLayout layout;
            TransposedLayout transposedLayout;
            const Attention layer(LayerBuilder{layout, transposedLayout}, "attention", layerOf(c), {});
            const Values weights = random(1, layout.flatSize(), 0.5);
            Values transposed(transposedLayout.size());
            transposedLayout.update(kernels<double>(), weights.data(), transposed.data(), 0, weights.size());
            Scratch own;
            for (auto& [scratch, result] : {std::pair(&own, &apart), std::pair(&shared, &together)}) {
                Pass<double> pass{kernels<double>(), weights.data(), transposed.data(), nullptr, *scratch};
                Attention::Cache<double> cache;
                Values y(x.size());
                layer.forward(pass, s, x.data(), s, x.data(), y.data(), cache);
                result->insert(result->end(), y.begin(), y.end());
            }
        }
        QVERIFY(apart == together);
        QVERIFY(!std::equal(apart.begin(), apart.begin() + 72, apart.begin() + 72));
    }

    /// Both ways, in all forms, with keys of their own number, and of weights that fade backwards alone.
    void drawnFeaturesAndDecays() {
        for (const AttentionForm form : {AttentionForm::qkv, AttentionForm::kv, AttentionForm::q_kv})
            for (const KernelKind kernel : {KernelKind::performer, KernelKind::retention, KernelKind::gated_linear})
                for (const bool causal : {false, true}) {
                    if (specOf(kernel).decays() && !causal) continue;
                    ModelConfig c = config(12, 4);
                    c.attention.form = form;
                    c.attention.kernel.kind = kernel;
                    c.attention.features = 5;
                    if (specOf(form).ownQuery) c.num_kv_heads = 2;
                    checkAttention(layerOf(c, causal));
                }
    }

    void keysOfLengthOne() {
        for (const AttentionForm form :
             {AttentionForm::qkv, AttentionForm::kv, AttentionForm::kv_pos, AttentionForm::q_kv, AttentionForm::k})
            for (const KernelKind kernel : {KernelKind::softmax, KernelKind::linear, KernelKind::product})
                for (const PositionKind position : {PositionKind::none, PositionKind::rope}) {
                    if (kernel != KernelKind::softmax && form == AttentionForm::kv_pos) continue;
                    ModelConfig c = config(8, 2);
                    c.attention.form = form;
                    c.attention.kernel.kind = kernel;
                    c.attention.unit_keys = true;
                    c.attention.qk_norm = position == PositionKind::rope;
                    c.position.kind = position;
                    if (specOf(form).ownQuery) c.num_kv_heads = 1;
                    checkAttention(layerOf(c, true));
                }
    }

    void groupedHeads() {
        for (const int kvHeads : {1, 2, 4}) {
            ModelConfig c = config(16, 4);
            c.num_kv_heads = kvHeads;
            c.position.kind = PositionKind::rope;
            checkAttention(layerOf(c, true));
        }
    }

    void crossAttention() {
        ModelConfig c = config(12, 4);
        c.num_kv_heads = 2;
        checkAttention(crossAttentionOf(layerOf(c)), {true, false});
    }
};

QTEST_APPLESS_MAIN(LayersTest)
#include "layers_test.moc"
