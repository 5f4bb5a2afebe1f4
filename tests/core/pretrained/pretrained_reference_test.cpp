#include <QtTest>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/data/sentences_dataset.h"
#include "core/data/tokenizers/tokenizer.h"
#include "core/io/safetensors.h"
#include "core/model/decoding.h"
#include "core/pretrained/pretrained_model.h"
#include "tests/core/pretrained/pretrained_cases.h"

// What transformers makes of tiny models of its families (tests/reference/pretrained): the same must come of them here.

using namespace lab;
using namespace lab::testing;

namespace {

struct PretrainedCase {
    PretrainedModel opened;
    TensorFile expected;
    std::vector<std::string> sentences;

    explicit PretrainedCase(const std::string& name)
        : opened(openPretrained(pretrainedFolder / name)), expected(readSafetensors(pretrainedFolder / name / "expected.safetensors")) {
        sentences = nlohmann::json::parse(expected.metadata.at("sentences")).get<std::vector<std::string>>();
    }

    std::vector<int> ids(std::size_t sentence) const {
        const Tensor& tensor = expected.tensors.at(std::to_string(sentence) + ".input_ids");
        return {tensor.integers.begin(), tensor.integers.end()};
    }
    bool writes() const { return opened.experiment.model.architecture == Architecture::decoder; }
    /// Our name of hidden state `layer`: in a decoder the last one stands behind the last norm.
    std::string hiddenName(int layer) const {
        const int layers = opened.experiment.model.num_layers;
        if (layer == 0) return "embedding";
        if (writes() && layer == layers) return "decoder_norm";
        return std::string(writes() ? "decoder." : "encoder.") + std::to_string(layer - 1) + ".residual";
    }
};

Input inputOf(std::vector<int> tokens) {
    Input input;
    input.tokens = std::move(tokens);
    return input;
}

/// How far the farthest number is beyond 2e-5 max(1, its row's largest) + 2e-4 of itself, as a share of that; above 1 is too far.
double farthest(const Tensor& expected, const Tensor& found) {
    if (expected.shape != found.shape) return INFINITY;
    const auto width = static_cast<std::size_t>(expected.shape.back());
    double worst = 0;
    for (std::size_t row = 0; row < expected.values.size(); row += width) {
        double largest = 1;
        for (std::size_t i = row; i < row + width; ++i) largest = std::max(largest, std::abs(double{expected.values[i]}));
        for (std::size_t i = row; i < row + width; ++i) {
            const double x = expected.values[i], off = std::abs(x - double{found.values[i]});
            worst = std::max(worst, std::isfinite(off) ? off / (2e-5 * largest + 2e-4 * std::abs(x)) : INFINITY);
        }
    }
    return worst;
}

bool isNear(const Tensor& expected, const Tensor* found, const std::string& name) {
    const double worst = found ? farthest(expected, *found) : INFINITY;
    if (worst > 1) qWarning("%s: %s", name.c_str(), found ? std::to_string(worst).c_str() : "is not there");
    return worst <= 1;
}

}  // namespace

class PretrainedReferenceTest : public QObject {
    Q_OBJECT

    void eachCase() {
        QTest::addColumn<QString>("name");
        const auto names = pretrainedCases();
        QCOMPARE(std::ssize(names), 11);
        for (const std::string& name : names) QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

private slots:
    void tokenizersGiveTheirIds_data() { eachCase(); }
    void tokenizersGiveTheirIds() {
        QFETCH(QString, name);
        const PretrainedCase c(name.toStdString());
        const auto tokenizer = tokenizerOf(c.opened.experiment, c.opened.tokenizer);
        for (std::size_t s = 0; s < c.sentences.size(); ++s) QCOMPARE(framedSentence(*tokenizer, c.sentences[s]), c.ids(s));
    }

    void mapsHiddenStatesAndLogitsAreTheirs_data() { eachCase(); }
    void mapsHiddenStatesAndLogitsAreTheirs() {
        QFETCH(QString, name);
        const PretrainedCase c(name.toStdString());
        const std::string side = c.writes() ? "decoder." : "encoder.";
        for (std::size_t s = 0; s < c.sentences.size(); ++s) {
            const std::string prefix = std::to_string(s) + ".";
            const Trace trace = c.opened.model->trace(c.opened.weights, inputOf(c.ids(s)));
            for (int layer = 0; layer <= c.opened.experiment.model.num_layers; ++layer) {
                const std::string hidden = prefix + "hidden." + std::to_string(layer), maps = prefix + "attention." + std::to_string(layer);
                QVERIFY(isNear(c.expected.tensors.at(hidden), trace.find(c.hiddenName(layer)), hidden));
                if (layer == c.opened.experiment.model.num_layers) continue;
                const std::string own = side + std::to_string(layer) + ".attention.weights";
                QVERIFY(isNear(c.expected.tensors.at(maps), trace.find(own), maps));
            }
            const Tensor* logits = c.expected.tensors.find(prefix + "logits");
            if (logits) QVERIFY(isNear(*logits, trace.find("logits"), prefix + "logits"));
        }
    }

    void decodersWriteWhatTheirsWrite_data() { eachCase(); }
    void decodersWriteWhatTheirsWrite() {
        QFETCH(QString, name);
        const PretrainedCase c(name.toStdString());
        if (!c.writes()) return;
        for (std::size_t s = 0; s < c.sentences.size(); ++s) {
            const Tensor& whole = c.expected.tensors.at(std::to_string(s) + ".greedy");
            const std::vector<int> prompt = c.ids(s), expected(whole.integers.begin() + std::ssize(prompt), whole.integers.end());
            for (const bool cache : {true, false}) {
                GenerateOptions options;
                options.count = static_cast<int>(expected.size());
                options.cache = cache;
                QCOMPARE(generate(c.opened.model, c.opened.weights, inputOf(prompt), options).tokens, expected);
            }
        }
    }

    void cachedLogitsAreTheWholeSequences_data() { eachCase(); }
    void cachedLogitsAreTheWholeSequences() {
        QFETCH(QString, name);
        const PretrainedCase c(name.toStdString());
        if (!c.writes()) return;
        const Tensor& expected = c.expected.tensors.at("0.logits");
        const auto classes = static_cast<std::size_t>(expected.extent(1));
        Decoding decoding(c.opened.model, c.opened.weights);
        for (std::size_t t = 0; t < c.ids(0).size(); ++t) {
            const auto row = expected.values.begin() + static_cast<std::ptrdiff_t>(t * classes);
            const Tensor whole{{1, static_cast<std::int64_t>(classes)}, {row, row + static_cast<std::ptrdiff_t>(classes)}, {}};
            const Tensor step{whole.shape, decoding.append({c.ids(0)[t]}), {}};
            QVERIFY(farthest(whole, step) <= 1);
        }
    }
};

QTEST_APPLESS_MAIN(PretrainedReferenceTest)
#include "pretrained_reference_test.moc"
