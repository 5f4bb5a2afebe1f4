#include "core/examples/worked_example.h"

#include <QtTest>
#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/model/decoding.h"
#include "core/model/model.h"

using namespace lab;

namespace {

QString problemOfExample(const QString& json) {
    const std::string text = json.toStdString();
    try {
        makeWorkedExample(workedExampleRows({"1-own", text}).front());
        return {};
    } catch (const InputError& error) {
        return QString::fromStdString(error.what());
    }
}

QString exampleWith(const QString& members) {
    return QStringLiteral(R"({"format": "attention-lab/example", "version": 1, "name": "N", "about": "A", "place": "explain?stage=mix",
        "experiment": {"task": {"kind": "pairs", "path": "built-in:three-words"}, "model": {"d_model": 4, "num_heads": 1},
        "training": {"batch_size": 1}}, %1})")
        .arg(members);
}

Trace traceOfExample(const std::string& id) {
    const WorkedExample example = makeWorkedExample(*findWorkedExample(id));
    return Model(example.task.experiment.model).trace(example.weights, example.input, {});
}

}  // namespace

class WorkedExampleTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrongIsNamed_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("sentence");
        const QString inputs = QStringLiteral(R"("inputs": [{"tokens": "the cat"}])");
        QTest::newRow("no JSON") << "{"
                                 << "example: not JSON";
        QTest::newRow("another file") << R"({"format": "attention-lab/questions", "version": 1})"
                                      << "expected attention-lab/example, version 1";
        QTest::newRow("no inputs") << exampleWith(R"("inputs": [])") << "example.inputs: expected a list of inputs";
        QTest::newRow("an unknown word") << exampleWith(R"("inputs": [{"tokens": "the dog"}])") << "example.inputs.tokens: token 1: 'dog'";
        QTest::newRow("no such parameter") << exampleWith(inputs + R"(, "weights": {"encoder.7.attention.query.weight": [1]})")
                                           << "example.weights.encoder.7.attention.query.weight: this model has no such parameter";
        QTest::newRow("too few numbers") << exampleWith(inputs + R"(, "weights": {"encoder.0.attention.query.weight": [[1, 2]]})")
                                         << "expected 16 numbers, got 2";
        QTest::newRow("no number") << exampleWith(inputs + R"(, "weights": {"encoder.0.attention.query.weight": [["a"]]})")
                                   << "expected numbers";
    }
    void whatIsWrongIsNamed() {
        QFETCH(QString, json);
        QFETCH(QString, sentence);
        QVERIFY2(problemOfExample(json).contains(sentence), qPrintable(problemOfExample(json)));
    }

    void eachIsMadeAndTraced() {
        QVERIFY(workedExamples().size() >= 8);
        for (const WorkedExampleRow& row : workedExamples()) {
            const WorkedExample example = makeWorkedExample(row);
            const Trace trace = Model(example.task.experiment.model).trace(example.weights, example.input, {});
            QVERIFY2(trace.contains("logits"), row.id.c_str());
            QCOMPARE(findWorkedExample(row.id), &row);
        }
        QVERIFY(!findWorkedExample("none"));
    }

    /// "cat" is (0, 2, 1, 1): q = W_Q x.
    void theEmbeddingMeetsTheMatrix() {
        const std::vector<float> q = traceOfExample("embedding").at("encoder.0.attention.query").values;
        QCOMPARE(std::vector(q.begin() + 4, q.begin() + 8), (std::vector<float>{1, 3, 2, 2}));
    }

    /// y = W_O (o of head 0, o of head 1), row by row.
    void theHeadsStandSideBySide() {
        const Trace trace = traceOfExample("two-heads");
        const auto& heads = trace.at("encoder.0.attention.head_output").values;  // [H, T, d_h]
        const auto& y = trace.at("encoder.0.attention.output").values;           // [T, d_model]
        for (std::size_t i = 0; i < 3; ++i) {
            const float a = heads[2 * i], b = heads[2 * i + 1], c = heads[6 + 2 * i], d = heads[6 + 2 * i + 1];
            const float wanted[] = {a + c, b + d, a - c, b - d};
            for (std::size_t m = 0; m < 4; ++m) QVERIFY(std::abs(y[4 * i + m] - wanted[m]) < 1e-5F);
        }
    }

    /// What the text says: PAD weighs nothing, and a word's row is that of the sentence alone.
    void paddingChangesNoWord() {
        const WorkedExample example = makeWorkedExample(*findWorkedExample("padding"));
        const Model model(example.task.experiment.model);
        const Trace padded = model.trace(example.weights, example.input, {});
        Input alone;
        alone.tokens.assign(example.input.tokens.begin(), example.input.tokens.begin() + 3);
        const Trace bare = model.trace(example.weights, alone, {});
        const auto& weights = padded.at("encoder.0.attention.weights").values;  // [1, 5, 5]
        for (std::size_t i = 0; i < 5; ++i) QCOMPARE(weights[5 * i + 3] + weights[5 * i + 4], 0.0F);
        const auto &a = padded.at("logits").values, &b = bare.at("logits").values;
        for (std::size_t k = 0; k < b.size(); ++k) QVERIFY(std::abs(a[k] - b[k]) < 1e-6F);
    }

    void fourQueryHeadsShareAKey() {
        const WorkedExample example = makeWorkedExample(*findWorkedExample("grouped-heads"));
        const Model model(example.task.experiment.model);
        const AttentionBlock& block = model.attentionBlocks().front();
        QCOMPARE(block.heads, 32);
        QCOMPARE(block.kvHeads, 8);
        QCOMPARE(model.layout().find("encoder.0.attention.key.weight")->shape.front(), 16);
        QCOMPARE(model.layout().find("encoder.0.attention.query.weight")->shape.front(), 64);
    }

    /// As trained: each phrase comes out in French, and each French word was asked of its English one.
    void theCatBecomesLeChat() {
        const WorkedExample example = makeWorkedExample(*findWorkedExample("le-chat-2"));
        const Model model(example.task.experiment.model);
        const Tokenizer& words = example.task.dataset->tokenizer();
        int right = 0;
        const int all = example.task.dataset->validationSize();
        for (int i = 0; i < all; ++i) {
            const Sample sample = example.task.dataset->validationSample(i);
            const Trace trace = model.trace(example.weights, {sample.tokens, sample.targetTokens, {}, {}, {}}, {});
            const auto& logits = trace.at("logits");
            const auto classes = static_cast<std::ptrdiff_t>(logits.shape.back());
            bool same = true;
            for (std::size_t p = 0; p < sample.targets.size(); ++p) {
                const auto row = logits.values.begin() + static_cast<std::ptrdiff_t>(p) * classes;
                same = same && std::max_element(row, row + classes) - row == sample.targets[p];
            }
            right += same;
        }
        QCOMPARE(right, all);
        QCOMPARE(all, 14);
        const Trace trace = model.trace(example.weights, example.input, {});
        const auto& weights = trace.at("decoder.0.cross_attention.weights").values;  // [1, 4, 3]
        QCOMPARE(words.shown(example.input.tokens[1]), std::string("yellow"));
        QVERIFY2(weights[3 + 2] > 0.9F, "after 'le' it asks the third word, dog");
        QVERIFY2(weights[6 + 1] > 0.9F, "after 'chien' the second, yellow");
    }
};

QTEST_APPLESS_MAIN(WorkedExampleTest)
#include "worked_example_test.moc"
