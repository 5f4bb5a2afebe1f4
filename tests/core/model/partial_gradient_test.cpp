#include <QtTest>

#include "core/layers/adapter_pass.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

constexpr int adapterRank = 3;
constexpr double adapterFactor = 0.7;

/// A batch and all that a backward pass over it reads.
struct GradientBench {
    explicit GradientBench(const ModelConfig& config)
        : model(config), weights(randomWeights<double>(model, 5)), transposed(model.transposedCopy(weights)), batch(unevenBatch(config)) {}

    Pass<double> pass(double* gradient) { return {kernels<double>(), weights.data(), transposed.data(), gradient, scratch}; }
    void train(Pass<double> pass) {
        model.network().train(pass, viewOf(batch, 0, batch.sequences), 1.0 / countingPositions(batch));
        scratch.arena.reset();
    }
    BasicWeights<double> whole() {
        BasicWeights<double> gradient(weights.size(), 0);
        train(pass(gradient.data()));
        return gradient;
    }

    Model model;
    BasicWeights<double> weights, transposed;
    Batch batch;
    Scratch scratch;
};

/// Adapters on all matrices that can have one.
AdapterBase adaptersOnAll(const ParameterLayout& layout) {
    std::vector<std::size_t> matrices;
    for (std::size_t i = 0; i < layout.parameters().size(); ++i) {
        const Parameter& p = layout.parameters()[i];
        if (p.isHiddenMatrix() && p.shape.size() == 2 && std::min(p.shape[0], p.shape[1]) >= adapterRank) matrices.push_back(i);
    }
    return {layout, matrices, adapterRank, adapterFactor, Weights(layout.flatSize())};
}

std::vector<double> someNumbers(std::size_t count, const char* name) {
    const RandomStream random(7, name);
    std::vector<double> numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = random.normal(i);
    return numbers;
}

}  // namespace

class PartialGradientTest : public QObject {
    Q_OBJECT

    static void addForms() {
        QTest::addColumn<int>("index");
        const auto forms = formsOfEveryInput();
        for (std::size_t i = 0; i < forms.size(); ++i) QTest::newRow(forms[i].name.c_str()) << static_cast<int>(i);
    }
    /// factor B^T dW and factor dW A^T, of the gradient of W.
    static void compare(const AdapterBase& base, std::size_t m, const double* dw, const std::vector<double>& values,
                        const std::vector<double>& found) {
        const Parameter &a = base.a(m), &b = base.b(m);
        const int outputs = b.shape[0], inputs = a.shape[1];
        double largest = 0;
        for (int i = 0; i < outputs * inputs; ++i) largest = std::max(largest, std::abs(dw[i]));
        const auto near = [&](double is, double expected) {
            QVERIFY2(std::abs(is - expected) <= 1e-11 * (1 + largest) * (outputs + inputs),
                     qPrintable(QString("%1: %2, expected %3").arg(a.name.c_str()).arg(is).arg(expected)));
        };
        for (int r = 0; r < base.rank; ++r) {
            for (int i = 0; i < inputs; ++i) {
                double sum = 0;
                for (int o = 0; o < outputs; ++o)
                    sum += base.factor * values[b.offset + static_cast<std::size_t>(o * base.rank + r)] * dw[o * inputs + i];
                near(found[a.offset + static_cast<std::size_t>(r * inputs + i)], sum);
            }
            for (int o = 0; o < outputs; ++o) {
                double sum = 0;
                for (int i = 0; i < inputs; ++i)
                    sum += base.factor * values[a.offset + static_cast<std::size_t>(r * inputs + i)] * dw[o * inputs + i];
                near(found[b.offset + static_cast<std::size_t>(o * base.rank + r)], sum);
            }
        }
    }

private slots:
    void adaptersHaveTheGradientThatFollowsFromTheWhole_data() { addForms(); }
    void adaptersHaveTheGradientThatFollowsFromTheWhole() {
        QFETCH(int, index);
        GradientBench bench(formsOfEveryInput()[static_cast<std::size_t>(index)].config);
        const AdapterBase base = adaptersOnAll(bench.model.layout());
        const std::vector<double> values = someNumbers(base.layout.flatSize(), "adapters");
        const std::size_t unread = unreadNumbers(bench.model.layout());
        std::vector<double> found(base.layout.flatSize()), room(unread + 1000, 0);
        const AdapterPass<double> adapters{base, values.data(), found.data()};
        auto pass = bench.pass(found.data());
        pass.adapters = &adapters;
        pass.unread = room.data();
        bench.train(pass);
        QVERIFY(std::all_of(room.begin() + static_cast<std::ptrdiff_t>(unread), room.end(), [](double x) { return x == 0; }));
        const BasicWeights<double> whole = bench.whole();
        for (std::size_t m = 0; m < base.matrices.size(); ++m) compare(base, m, whole.data() + base.offsets[m], values, found);
    }

    /// Every other number has the same bits.
    void frozenMatricesHaveNone_data() { addForms(); }
    void frozenMatricesHaveNone() {
        QFETCH(int, index);
        GradientBench bench(formsOfEveryInput()[static_cast<std::size_t>(index)].config);
        std::vector<std::size_t> frozen;
        const auto& parameters = bench.model.layout().parameters();
        for (std::size_t i = 0; i < parameters.size(); ++i)
            if (parameters[i].isHiddenMatrix() && i % 2 == 0) frozen.push_back(parameters[i].offset);
        BasicWeights<double> found(bench.weights.size(), 0);
        auto pass = bench.pass(found.data());
        pass.frozen = &frozen;
        bench.train(pass);
        const BasicWeights<double> whole = bench.whole();
        for (const Parameter& p : parameters) {
            const double* own = at(found, p);
            if (!std::ranges::binary_search(frozen, p.offset))
                QVERIFY2(std::equal(own, own + p.size, at(whole, p)), p.name.c_str());
            else if (p.role != ParameterRole::linear)  // some of those are made all the same
                QVERIFY2(std::all_of(own, own + p.size, [](double x) { return x == 0; }), p.name.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(PartialGradientTest)
#include "partial_gradient_test.moc"
