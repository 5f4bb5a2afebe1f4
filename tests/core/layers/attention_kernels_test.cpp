#include <QtTest>

#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/config/experiment.h"
#include "core/config/layer_config.h"
#include "core/config/validation.h"
#include "core/layers/attention/attention.h"
#include "core/layers/attention/decay.h"
#include "core/layers/attention/random_features.h"

using namespace lab;

namespace {

using Floats = std::vector<float>;

constexpr int width = 12;

Floats numbers(std::uint64_t seed, std::size_t count, double deviation) {
    const RandomStream random(seed, 0);
    Floats values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(deviation * random.normal(i));
    return values;
}

/// Looks at nothing, so that the looking path computes; keeps what has a name.
class Keeper final : public Tap<float> {
public:
    void tensor(const std::string& name, const std::vector<int>& shape, float* values) override {
        std::size_t count = 1;
        for (const int extent : shape) count *= static_cast<std::size_t>(extent);
        kept[name] = Floats(values, values + count);
    }
    void gradient(const std::string&, const std::vector<int>&, float*) override {}
    bool headOff(const std::string&, int) const override { return false; }
    bool headUniform(const std::string&, int) const override { return false; }
    bool wantsGradients() const override { return false; }
    const std::vector<bool>& maskedKeys(bool) const override { return m_none; }

    std::map<std::string, Floats> kept;

private:
    std::vector<bool> m_none;
};

/// One layer of attention with weights of a given size.
class KernelLayer {
public:
    KernelLayer(KernelKind kernel, bool causal, double deviation, int features = 7)
        : m_attention(LayerBuilder{m_layout, m_turned}, "attention", configOf(kernel, causal, features), {}),
          m_weights(numbers(1, m_layout.flatSize(), deviation)),
          m_transposed(m_turned.size()) {
        m_turned.update(kernels<float>(), m_weights.data(), m_transposed.data(), 0, m_weights.size());
    }

    /// One sequence x [n, width]; with a tap by the looking path.
    Floats forward(const Floats& x, Tap<float>* tap = nullptr) const {
        Scratch scratch;
        Pass<float> pass = passOf(scratch);
        pass.tap = tap;
        const int n = static_cast<int>(x.size()) / width;
        const Sequences sequence{1, n, &n};
        Attention::Cache<float> cache;
        Floats y(x.size());
        m_attention.forward(pass, sequence, x.data(), sequence, x.data(), y.data(), cache);
        return y;
    }

    /// Token by token, `portion` at a time.
    Floats steps(const Floats& x, int portion) const {
        Attention::KeyValueStore<float> store;
        Floats y(x.size());
        const int n = static_cast<int>(x.size()) / width;
        for (int first = 0; first < n; first += portion) {
            Scratch scratch;
            Pass<float> pass = passOf(scratch);
            m_attention.step(pass, first, std::min(portion, n - first), n, x.data() + first * width, store, y.data() + first * width,
                             m_attention);
        }
        return y;
    }

private:
    static LayerConfig configOf(KernelKind kernel, bool causal, int features) {
        Experiment e;
        e.model.architecture = causal ? Architecture::decoder : Architecture::encoder;
        e.model.d_model = width;
        e.model.num_heads = 4;
        e.model.num_kv_heads = 2;
        e.model.attention.kernel.kind = kernel;
        e.model.attention.features = features;
        return layersOf(resolved(e).model, causal ? Side::decoder : Side::encoder).front();
    }
    Pass<float> passOf(Scratch& scratch) const { return {kernels<float>(), m_weights.data(), m_transposed.data(), nullptr, scratch}; }

    ParameterLayout m_layout;
    TransposedLayout m_turned;
    Attention m_attention;
    Floats m_weights, m_transposed;
};

double largestDifference(const Floats& a, const Floats& b) {
    double largest = a.size() == b.size() ? 0.0 : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) largest = std::max(largest, std::abs(double{a[i]} - double{b[i]}));
    return largest;
}

double largestOf(const Floats& a) {
    double largest = 0.0;
    for (const float x : a) largest = std::max(largest, std::abs(double{x}));
    return largest;
}

std::vector<KernelKind> causalKernels() {
    return {KernelKind::linear, KernelKind::performer, KernelKind::retention, KernelKind::gated_linear};
}

}  // namespace

class AttentionKernelsTest : public QObject {
    Q_OBJECT

private slots:
    /// Bit for bit, where the running maximum rises late too: the last token is by far the largest.
    void aLaterTokenChangesNoEarlierRow() {
        constexpr int n = 70;  // more than two chunks
        for (const KernelKind kernel : causalKernels())
            for (const bool looks : {false, true}) {
                const KernelLayer layer(kernel, true, 0.6);
                Floats x = numbers(2, n * width, 1.0);
                for (const int large : {5, 40, 69})
                    for (int c = 0; c < width; ++c) x[static_cast<std::size_t>(large * width + c)] *= 4;
                Keeper tap;
                const Floats whole = layer.forward(x, looks ? &tap : nullptr);
                for (const int part : {1, 5, 6, 31, 32, 33, 40, 41, 69}) {
                    const Floats y = layer.forward(Floats(x.begin(), x.begin() + part * width), looks ? &tap : nullptr);
                    QVERIFY2(std::equal(y.begin(), y.end(), whole.begin()), std::string(nameOf(kernel)).c_str());
                }
            }
    }

    void theRecurrentFormIsTheParallelOne() {
        for (const KernelKind kernel : causalKernels()) {
            const KernelLayer layer(kernel, true, 0.6);
            const Floats x = numbers(2, 50 * width, 1.0), whole = layer.forward(x), single = layer.steps(x, 1);
            QVERIFY2(largestDifference(single, whole) <= 1e-5 * (1 + largestOf(whole)), std::string(nameOf(kernel)).c_str());
            QVERIFY2(layer.steps(x, 13) == single, std::string(nameOf(kernel)).c_str());
        }
    }

    /// Rows are shares whatever the size of queries and keys: no sum of theirs is 0 and no exponential is infinite.
    void drawnFeaturesStayShares() {
        for (const bool causal : {false, true})
            for (const double size : {0.01, 1.0, 3.0}) {
                const KernelLayer layer(KernelKind::performer, causal, 0.6, 64);
                Keeper tap;
                constexpr int n = 20;
                const Floats y = layer.forward(numbers(3, n * width, size), &tap);
                for (const float value : y) QVERIFY(std::isfinite(value));
                const Floats &weights = tap.kept.at("attention.weights"), &exact = tap.kept.at("attention.exact_weights"),
                             &distance = tap.kept.at("attention.weights_distance");
                for (std::size_t row = 0; row < 4 * n; ++row) {
                    double sum = 0.0, apart = 0.0;
                    for (std::size_t j = row * n; j < (row + 1) * n; ++j) {
                        QVERIFY(weights[j] >= 0.0f);
                        sum += double{weights[j]};
                        apart += std::abs(double{weights[j]} - double{exact[j]}) / 2;
                    }
                    QVERIFY2(std::abs(sum - 1.0) < 1e-5, qPrintable(QString("row %1: %2").arg(row).arg(sum)));
                    QVERIFY(std::abs(apart - double{distance[row]}) < 1e-5);
                }
                if (size < 0.1) QVERIFY(largestOf(distance) < 0.02);  // keys are nearly the same: rows are nearly even both ways
            }
    }

    void theMatrixIsOrthogonalInBlocks() {
        constexpr int d = 6, features = 16;
        const RandomFeatures random(d, features, 3, "encoder.0.attention");
        const std::vector<double>& w = random.matrix();
        const auto dot = [&](int a, int b) {
            double sum = 0.0;
            for (int c = 0; c < d; ++c) sum += w[static_cast<std::size_t>(a * d + c)] * w[static_cast<std::size_t>(b * d + c)];
            return sum;
        };
        for (int a = 0; a < features; ++a)
            for (int b = 0; b < a; ++b)
                if (a / d == b / d) QVERIFY(std::abs(dot(a, b)) < 1e-12 * std::sqrt(dot(a, a) * dot(b, b)));
        const std::vector<double> more = RandomFeatures(d, 2 * features, 3, "encoder.0.attention").matrix();
        QVERIFY(std::equal(w.begin(), w.end(), more.begin()));
        QVERIFY(w == RandomFeatures(d, features, 3, "encoder.0.attention").matrix());
        QVERIFY(w != RandomFeatures(d, features, 4, "encoder.0.attention").matrix());
        QVERIFY(w != RandomFeatures(d, features, 3, "encoder.1.attention").matrix());
        double squares = 0.0;  // rows are as long as rows of normal numbers: d on average
        const RandomFeatures many(d, 3000, 3, "encoder.0.attention");
        for (const double x : many.matrix()) squares += x * x;
        QVERIFY(std::abs(squares / 3000 - d) < 0.3);
    }

    void whatATokenKeeps() {
        QCOMPARE(keptByHead(0), 1.0 - 1.0 / 32);
        QCOMPARE(keptByHead(3), 1.0 - 1.0 / 256);
        QVERIFY(std::abs(keptByLogit(0.0) - std::pow(0.5, 1.0 / 16)) < 1e-15);
        QVERIFY(keptByLogit(40.0) <= 1.0 && keptByLogit(-1000.0) > 0.0);
        for (const double z : {-30.0, -2.0, 0.0, 0.7, 9.0}) {
            const double h = 1e-5, difference = (keptByLogit(z + h) - keptByLogit(z - h)) / (2 * h);
            QVERIFY(std::abs(keptSlope(z) - difference) < 1e-9);
        }
        const KernelLayer layer(KernelKind::retention, true, 0.6);
        Keeper tap;
        layer.forward(numbers(2, 6 * width, 1.0), &tap);
        const Floats& decay = tap.kept.at("attention.decay");
        for (std::size_t h = 0; h < 4; ++h)
            for (std::size_t i = 0; i < 6; ++i)
                for (std::size_t j = 0; j < 6; ++j) {
                    const double expected = j > i ? 0.0 : std::pow(keptByHead(static_cast<int>(h)), static_cast<double>(i - j));
                    QVERIFY(std::abs(double{decay[(h * 6 + i) * 6 + j]} - expected) < 1e-6);
                }
    }
};

QTEST_APPLESS_MAIN(AttentionKernelsTest)
#include "attention_kernels_test.moc"
