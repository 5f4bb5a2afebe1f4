#include <QtTest>

#include <QTemporaryDir>

#include "core/data/sentences_dataset.h"
#include "core/pretrained/pretrained_model.h"
#include "tests/core/base/input_error.h"
#include "tests/core/pretrained/gguf_writer.h"

using namespace lab;
using namespace lab::testing;

namespace {

struct GgufCase {
    const char* name;
    const char* architecture;
    const char* pre;
};
constexpr GgufCase ggufCases[] = {{"llama-gqa", "llama", "llama-bpe"}, {"qwen2", "qwen2", "qwen2"}};

}  // namespace

class GgufTest : public QObject {
    Q_OBJECT

private slots:
    void aFileIsTheModelOfItsFolder() {
        const QTemporaryDir folder;
        for (const GgufCase& c : ggufCases) {
            const std::filesystem::path path = folder.filePath("model.gguf").toStdString();
            writeText(path, ggufOfCase(c.name, c.architecture, c.pre));
            const PretrainedModel file = openPretrained(path), whole = openPretrained(pretrainedFolder / c.name);
            QVERIFY(file.model->layout() == whole.model->layout());
            QVERIFY(file.weights == whole.weights);
            const ModelConfig &own = file.experiment.model, &theirs = whole.experiment.model;
            QCOMPARE(static_cast<float>(own.norm.epsilon), static_cast<float>(theirs.norm.epsilon));
            QCOMPARE(own.position.rope.base, theirs.position.rope.base);
            QCOMPARE(own.output.tied, theirs.output.tied);
            const auto tokenizer = tokenizerOf(file.experiment, file.tokenizer), expected = tokenizerOf(whole.experiment, whole.tokenizer);
            for (const char* text : {"Mira lost 1234 keys; it doesn't care.", "Größe 東京\n\n  x"})
                QCOMPARE(framedSentence(*tokenizer, text), framedSentence(*expected, text));
        }
    }

    void whatIsNotKnownIsNamed() {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("model.gguf").toStdString();
        const std::string good = ggufOfCase("llama-gqa", "llama", "llama-bpe");
        const auto refusal = [&](std::string bytes) {
            writeText(path, bytes);
            return QString::fromStdString(lab::messageOf([&] { openPretrained(path); }));
        };
        QVERIFY(refusal(ggufOfCase("llama-gqa", "llama", "tekken")).contains("tokenizer.ggml.pre"));
        QVERIFY(refusal(replaced(good, {{"gpt2", "t5xx"}})).contains("tokenizer.ggml.model"));
        QVERIFY(refusal(replaced(good, {{"blk.0.attn_q.weight", "blk.0.attn_x.weight"}})).contains("self_attn.q_proj.weight is missing"));
        QVERIFY(refusal("GGUF").contains("does not begin as one"));
        QVERIFY(refusal(good.substr(0, good.size() / 2)).contains("behind the end"));
    }
};

QTEST_APPLESS_MAIN(GgufTest)
#include "gguf_test.moc"
