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

    /// Files of less than a kilobyte that claim to be terabytes large.
    void claimsAreRefusedWithoutMemory() {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("model.gguf").toStdString();
        const auto refusal = [&](std::uint64_t tensors, std::uint64_t keys, const GgufText& rest) {
            GgufText head;
            head.put<std::uint32_t>(3).put(tensors).put(keys);
            writeText(path, "GGUF" + head.front() + rest.front());
            return QString::fromStdString(lab::messageOf([&] { openPretrained(path); }));
        };
        constexpr std::uint64_t huge = std::uint64_t{1} << 60;
        QVERIFY(refusal(huge, 0, GgufText()).contains("in the middle of its keys"));
        QVERIFY(refusal(0, huge, GgufText()).contains("in the middle of its keys"));
        QVERIFY(refusal(0, 1, GgufText().put(huge)).contains("in the middle of its keys"));
        QVERIFY(refusal(0, 1, GgufText().text("k").put<std::uint32_t>(9).put<std::uint32_t>(8).put(huge)).contains("more than follow"));
        QVERIFY(refusal(0, 1, GgufText().text("k").put<std::uint32_t>(9).put<std::uint32_t>(9).put(huge)).contains("lists in a list"));
        const auto tensor = [](std::uint64_t extent, std::uint64_t offset) {
            return GgufText().text("t").put<std::uint32_t>(2).put(extent).put(extent).put<std::uint32_t>(0).put(offset);
        };
        QVERIFY(refusal(1, 0, tensor(huge, 0)).contains("too large"));
        QVERIFY(refusal(1, 0, tensor(1 << 20, 0)).contains("behind the end"));
        QVERIFY(refusal(1, 0, tensor(1, huge)).contains("behind the end"));
    }
};

QTEST_APPLESS_MAIN(GgufTest)
#include "gguf_test.moc"
