#include <QtTest>

#include <limits>

#include "core/layers/linear.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// A looking path that looks at nothing: makes the pass take the dense way.
template <class T>
class BlindTap final : public Tap<T> {
public:
    void tensor(const std::string&, const std::vector<int>&, T*) override {}
    void gradient(const std::string&, const std::vector<int>&, T*) override {}
    bool headOff(const std::string&, int) const override { return false; }
    bool headUniform(const std::string&, int) const override { return false; }
    bool wantsGradients() const override { return true; }
    const std::vector<bool>& maskedKeys(bool) const override { return m_none; }

private:
    std::vector<bool> m_none;
};

/// What a pass draws.
struct Drawn {
    DropoutDraw dropout{};
    bool training = false;  ///< a bottleneck's noise too
    AnswerCost cost{};
};

template <class T>
PassSums sumsOf(const Model& model, const BasicWeights<T>& weights, const Batch& batch, const Drawn& drawn) {
    const auto transposed = model.transposedCopy(weights);
    Scratch scratch;
    Pass<T> pass{kernels<T>(), weights.data(), transposed.data(), nullptr, scratch, drawn.dropout, drawn.training};
    pass.answerCost = drawn.cost;
    return model.network().evaluate(pass, viewOf(batch, 0, batch.sequences));
}

/// With what a code and what the answers cost.
template <class T>
double meanLoss(const Model& model, const BasicWeights<T>& weights, const Batch& batch, const Drawn& drawn) {
    const PassSums sums = sumsOf(model, weights, batch, drawn);
    return (sums.loss + sums.answerCost) / sums.counted + sums.beside / sums.sequences;
}

template <class T>
BasicWeights<T> gradientOf(const Model& model, const BasicWeights<T>& weights, const Batch& batch, const Drawn& drawn, T startValue,
                           bool writes = false) {
    const auto transposed = model.transposedCopy(weights);
    BasicWeights<T> gradient(weights.size(), startValue);
    if (writes) model.transposed().clearOthers(gradient);
    Scratch scratch;
    Pass<T> pass{kernels<T>(), weights.data(), transposed.data(), gradient.data(), scratch, drawn.dropout, drawn.training};
    pass.writesLinearGradients = writes;
    pass.answerCost = drawn.cost;
    model.network().train(pass, viewOf(batch, 0, batch.sequences), T{1} / static_cast<T>(countingPositions(batch)));
    return gradient;
}

/// The dense path, sequence by sequence as it works.
BasicWeights<double> denseGradient(const Model& model, const BasicWeights<double>& weights, const std::vector<Sample>& samples,
                                   int counted) {
    const auto transposed = model.transposedCopy(weights);
    BasicWeights<double> gradient(weights.size());
    BlindTap<double> tap;
    for (const Sample& sample : samples) {
        Scratch scratch;
        Pass<double> pass{kernels<double>(), weights.data(), transposed.data(), gradient.data(), scratch};
        pass.tap = &tap;
        const Batch batch = makeBatch({sample});
        BatchView view = viewOf(batch, 0, 1);
        view.ofSequences = static_cast<int>(samples.size());
        model.network().train(pass, view, 1.0 / counted);
    }
    return gradient;
}

double norm(const double* x, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += x[i] * x[i];
    return std::sqrt(sum);
}

}  // namespace

class GradientTest : public QObject {
    Q_OBJECT

    static void addRows(const std::vector<NamedConfig>& forms) {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < forms.size(); ++i) QTest::newRow(forms[i].name.c_str()) << static_cast<int>(i);
    }
    static void compareWithDifferences(const Model& model, const Drawn& drawn) {
        const auto weights = randomWeights<double>(model, 5);
        const Batch batch = unevenBatch(model.config());
        const double start = 3.0;  // backward must add to what is there
        const auto gradient = gradientOf(model, weights, batch, drawn, start);
        const double total = norm(gradient.data(), gradient.size());
        for (const Parameter& p : model.layout().parameters()) {
            const RandomStream pick(9, p.name);
            for (std::uint64_t trial = 0; trial < 6; ++trial) {
                const std::size_t i = p.offset + pick.below(trial, static_cast<std::uint32_t>(p.size));
                auto moved = weights;
                const double h = 1e-5;
                moved[i] = weights[i] + h;
                const double up = meanLoss(model, moved, batch, drawn);
                moved[i] = weights[i] - h;
                const double down = meanLoss(model, moved, batch, drawn);
                const double expected = (up - down) / (2 * h);
                const double found = gradient[i] - start;
                QVERIFY2(std::isfinite(found) && std::abs(found - expected) <= 1e-6 + 1e-5 * std::abs(expected) + 1e-9 * total,
                         qPrintable(
                             QString("%1[%2]: %3, central difference %4").arg(p.name.c_str()).arg(i - p.offset).arg(found).arg(expected)));
            }
        }
    }

private slots:
    void equalsCentralDifferences_data() { addRows(formsOfEveryInput()); }
    void equalsCentralDifferences() {
        QFETCH(int, index);
        compareWithDifferences(Model(formsOfEveryInput()[static_cast<std::size_t>(index)].config), {});
    }

    void equalsCentralDifferencesUnderDropout() {
        for (const char* name : {"qkv", "llama gqa", "encoder-decoder", "mixing net", "no norm", "product kernel",
                                 "vectors with class token, pre-norm, learned positions", "numbers", "tied", "act", "experts",
                                 "one of three experts, causal", "shared keys of three, gqa rope"})
            for (const NamedConfig& form : formsOfEveryInput())
                if (form.name == name) compareWithDifferences(Model(form.config), {{0.3, 42, 7, 0}});
    }

    /// Parts of layers that are left out of some sequences, before and behind the norm, and of steps that halt.
    void equalsCentralDifferencesOfStochasticDepth() {
        for (const char* name : {"qkv", "llama gqa", "encoder-decoder", "mixing net", "act", "shared keys of three, gqa rope"})
            for (NamedConfig& form : formsOfEveryInput()) {
                if (form.name != name) continue;
                form.config.layer_dropout = 0.6;
                const Model model(form.config);
                compareWithDifferences(model, {{0, 42, 7, 0}, true});
                compareWithDifferences(model, {{0.3, 42, 7, 0}, true});
                const auto weights = randomWeights<double>(model, 5);
                const Batch batch = unevenBatch(form.config);
                const auto lossAt = [&](std::int64_t step, bool training) {
                    return meanLoss(model, weights, batch, {{0, 42, step, 0}, training});
                };
                QVERIFY(lossAt(7, true) != lossAt(8, true));
                QCOMPARE(lossAt(7, true), lossAt(7, true));
                QCOMPARE(lossAt(7, false), lossAt(8, false));  // nothing is left out where nobody trains
            }
    }

    /// Of many draws so many are left out as the layer says, and the rest makes up for them.
    void wholeSequencesAreLeftOut() {
        const int length = 3, lengths[] = {3, 3, 3, 3};
        Scratch scratch;
        Pass<float> pass{kernels<float>(), nullptr, nullptr, nullptr, scratch, {0, 42, 1, 0}, true};
        int left = 0;
        const int draws = 1000;
        for (int step = 0; step < draws; ++step) {
            pass.dropout.step = step;
            std::vector<float> x(4 * 3 * 2, 1.0F);
            dropSequences(pass, 5, Sequences{4, length, lengths}, 2, 0.25, x.data());
            for (int s = 0; s < 4; ++s) {
                const auto first = x.begin() + s * 6;
                QVERIFY(*first == 0.0F || *first == static_cast<float>(1.0 / 0.75));
                QVERIFY(std::all_of(first, first + 6, [&](float v) { return v == *first; }));
                left += *first == 0.0F;
            }
        }
        QVERIFY(std::abs(left - draws) < 5 * 28);  // 4000 draws of a quarter, 5 sigma
    }

    void equalsCentralDifferencesOfWhatAnswersCost() {
        for (const char* name : {"qkv", "llama gqa", "encoder-decoder"})
            for (const NamedConfig& form : formsOfEveryInput())
                if (form.name == name)
                    for (const AnswerCost& cost : {AnswerCost{0.2, 0.0}, {0.0, 0.05}, {0.2, 0.05}})
                        compareWithDifferences(Model(form.config), {{}, false, cost});
    }

    /// A model that answers numbers has no classes to smooth over.
    void answersThatAreNumbersCostNothingMore() {
        for (const NamedConfig& form : formsOfEveryInput()) {
            if (!form.config.answersNumbers()) continue;
            const Model model(form.config);
            const auto weights = randomWeights<double>(model, 5);
            const Batch batch = unevenBatch(model.config());
            QVERIFY(gradientOf(model, weights, batch, {{}, false, {0.2, 0.05}}, 0.0) == gradientOf(model, weights, batch, {}, 0.0));
        }
    }

    /// Weights drop out of every attention, cross-attention included, whatever becomes of the layers' own dropout.
    void equalsCentralDifferencesOfDroppedWeights() {
        int dropping = 0;
        std::vector<NamedConfig> forms = scoreForms();
        for (NamedConfig& form : sharedKeyForms()) forms.push_back(std::move(form));
        for (const NamedConfig& form : forms) {
            if (form.config.attention.dropout == 0) continue;
            ++dropping;
            const Model model(form.config);
            const Batch batch = unevenBatch(model.config());
            const auto weights = randomWeights<double>(model, 5);
            const Drawn drawn{{0, 42, 7, 0}, true};
            QVERIFY2(meanLoss(model, weights, batch, drawn) != meanLoss(model, weights, batch, {{0, 42, 7, 0}, false}), form.name.c_str());
            compareWithDifferences(model, drawn);
            compareWithDifferences(model, {{0.3, 42, 7, 0}, true});
        }
        QVERIFY(dropping > 2);
    }

    /// What is drawn in training stays relaxed, and smooth; with what usage and injectivity cost.
    void equalsCentralDifferencesOfDrawnCodes() {
        int drawn = 0;
        for (NamedConfig& form : bottleneckForms()) {
            if (!form.config.bottleneck.shape().draws) continue;
            ++drawn;
            compareWithDifferences(Model(form.config), {{0, 42, 7, 0}, true});
            compareWithDifferences(Model(form.config), {{0.3, 42, 7, 0}, true});
            form.config.bottleneck.usage = form.config.bottleneck.injectivity = 0;
            compareWithDifferences(Model(form.config), {{0, 42, 2000, 0}, true});
        }
        QVERIFY(drawn > 0);
    }

    void whatIsWrittenEqualsWhatIsAddedToZero_data() { addRows(formsOfEveryKind()); }
    void whatIsWrittenEqualsWhatIsAddedToZero() {
        QFETCH(int, index);
        const Model model(formsOfEveryKind()[static_cast<std::size_t>(index)].config);
        const auto weights = randomWeights<double>(model, 6);
        std::vector<Sample> samples;
        for (std::uint64_t i = 0; i < 70; ++i) samples.push_back(randomSample(model.config(), i, 10, 8));  // several portions of rows
        for (const Batch& batch : {makeBatch(samples), unevenBatch(model.config())}) {
            const auto added = gradientOf(model, weights, batch, {}, 0.0);
            const auto written = gradientOf(model, weights, batch, {}, std::numeric_limits<double>::quiet_NaN(), true);
            for (const Parameter& p : model.layout().parameters())
                QVERIFY2(std::equal(at(added, p), at(added, p) + p.size, at(written, p)), p.name.c_str());
        }
    }

    void trainingKernelsEqualTheDensePath_data() { addRows(formsOfEveryKind()); }
    void trainingKernelsEqualTheDensePath() {
        QFETCH(int, index);
        NamedConfig form = formsOfEveryKind()[static_cast<std::size_t>(index)];
        form.config.bottleneck.usage = form.config.bottleneck.injectivity = 0;  // of sequences that are computed together
        const Model model(form.config);
        const auto weights = randomWeights<double>(model, 6);
        // The last: as long on both sides, so that encoder, decoder and cross-attention look up tiles of one size.
        const std::vector<Sample> samples{randomSample(model.config(), 11, 9, 6), randomSample(model.config(), 12, 3, 8),
                                          randomSample(model.config(), 13, 12, 2), randomSample(model.config(), 14, 7, 7)};
        const Batch batch = makeBatch(samples);
        const auto fast = gradientOf(model, weights, batch, {}, 0.0);
        const auto dense = denseGradient(model, weights, samples, countingPositions(batch));
        const double total = norm(dense.data(), dense.size());
        for (const Parameter& p : model.layout().parameters()) {
            BasicWeights<double> difference(p.size);
            for (std::size_t i = 0; i < p.size; ++i) difference[i] = at(fast, p)[i] - at(dense, p)[i];
            QVERIFY2(norm(difference.data(), p.size) <= 1e-10 * (norm(at(dense, p), p.size) + total), p.name.c_str());
        }
    }

    /// Long enough for bands to leave keys out.
    void bandsOfLongSequencesEqualTheDensePath() {
        std::vector<NamedConfig> forms = reachForms();
        for (auto& more : {segmentForms(), sharedKeyForms()}) forms.insert(forms.end(), more.begin(), more.end());
        for (NamedConfig& form : forms) {
            if (specOf(form.config.position.kind).learnedTable) continue;
            form.config.max_seq_len = 80;
            const Model model(form.config);
            const auto weights = randomWeights<double>(model, 6);
            const std::vector<Sample> samples{randomSample(model.config(), 11, 70, 41), randomSample(model.config(), 12, 3, 75),
                                              randomSample(model.config(), 13, 41, 41)};
            const Batch batch = makeBatch(samples);
            const auto fast = gradientOf(model, weights, batch, {}, 0.0);
            const auto dense = denseGradient(model, weights, samples, countingPositions(batch));
            BasicWeights<double> difference(dense.size());
            for (std::size_t i = 0; i < dense.size(); ++i) difference[i] = fast[i] - dense[i];
            QVERIFY2(norm(difference.data(), difference.size()) <= 1e-10 * norm(dense.data(), dense.size()), form.name.c_str());
        }
    }

    void paddingChangesNothing() {
        for (NamedConfig& form : formsOfEveryKind()) {
            form.config.bottleneck.usage = form.config.bottleneck.injectivity = 0;  // of sequences that are computed together
            const Model model(form.config);
            const auto weights = randomWeights<double>(model, 8);
            const Sample one = randomSample(model.config(), 21, 4, 3), longer = randomSample(model.config(), 22, 11, 9);
            const auto sumOf = [&](const Batch& batch) {
                const PassSums sums = sumsOf(model, weights, batch, {});
                return sums.loss + sums.beside;
            };
            const double together = sumOf(makeBatch({one, longer}));
            const double apart = sumOf(makeBatch({one})) + sumOf(makeBatch({longer}));
            QVERIFY2(std::abs(together - apart) <= 1e-9 * std::abs(apart), form.name.c_str());
        }
    }

    void floatAgreesWithDouble() {
        for (const NamedConfig& form : formsOfEveryKind()) {
            const Model model(form.config);
            const auto exact = randomWeights<double>(model, 31);
            const auto single = randomWeights<float>(model, 31);
            const Batch batch = unevenBatch(model.config());
            const auto expected = gradientOf(model, exact, batch, {}, 0.0);
            const auto found = gradientOf(model, single, batch, {}, 0.0f);
            BasicWeights<double> difference(expected.size());
            for (std::size_t i = 0; i < expected.size(); ++i) difference[i] = static_cast<double>(found[i]) - expected[i];
            QVERIFY2(norm(difference.data(), difference.size()) <= 1e-4 * norm(expected.data(), expected.size()), form.name.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(GradientTest)
#include "gradient_test.moc"
