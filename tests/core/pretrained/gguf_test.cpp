#include <QtTest>

#include <QTemporaryDir>

#include "core/data/sentences_dataset.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "core/pretrained/gguf_keys.h"
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

/// A small vocabulary of SentencePiece: unknown, BOS, EOS, the bytes, pieces whose scores fall two by two.
std::map<std::string, GgufValue> sentencePieceKeys() {
    std::vector<std::string> pieces{"<unk>", "<s>", "</s>"};
    std::vector<std::int64_t> kinds{2, 3, 3};
    for (int byte = 0; byte < 256; ++byte) {
        std::array<char, 8> name{};
        std::snprintf(name.data(), name.size(), "<0x%02X>", static_cast<unsigned>(byte));
        pieces.emplace_back(name.data());
        kinds.push_back(6);
    }
    std::vector<float> scores(pieces.size(), 0.0f);
    const std::vector<std::string> more{"▁t", "he",     "▁the", "▁c",  "at",   "▁cat", "▁s",  "▁sat", "▁lo",    "▁low",
                                        "er", "▁lower", "es",   "est", "▁new", "▁ne",  "we",  "lo",   "ow",     "▁",
                                        "t",  "h",      "e",    "c",   "a",    "s",    "l",   "o",    "w",      "r",
                                        "n",  "▁a",     "m",    "▁m",  "▁mat", "ll",   "▁he", "llo",  "▁hello", "é"};
    for (std::size_t i = 0; i < more.size(); ++i) {
        pieces.push_back(more[i]);
        kinds.push_back(1);
        scores.push_back(-static_cast<float>(i / 2));
    }
    return {{"tokenizer.ggml.model", std::string("llama")},
            {"tokenizer.ggml.tokens", pieces},
            {"tokenizer.ggml.token_type", kinds},
            {"tokenizer.ggml.scores", scores},
            {"tokenizer.ggml.bos_token_id", std::int64_t{1}}};
}

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

    /// Ids as Hugging Face's tokenizers give them for the same pieces and the merges that transformers makes of such scores.
    void sentencePiecesAreJoinedByTheirScores() {
        const PieceTokenizer tokenizer(tokenizerOfGguf(GgufKeys(sentencePieceKeys(), "m.gguf")), "m.gguf");
        const std::pair<const char*, std::vector<int>> golden[] = {
            {"the cat sat", {261, 264, 266}},
            {"lowest newer", {268, 272, 278, 289, 281, 287, 269}},
            {"a  mat é 東!", {290, 278, 293, 278, 298, 278, 233, 160, 180, 36}},
            {"hello\nx", {297, 13, 123}},
        };
        for (const auto& [text, ids] : golden) {
            QCOMPARE(tokenizer.encode(text), ids);
            QCOMPARE(tokenizer.decode(ids), std::string(text));
        }
        QCOMPARE(tokenizer.pipeline().framed({261}), (std::vector<int>{1, 261}));
        auto keys = sentencePieceKeys();
        keys["tokenizer.ggml.scores"] = std::vector<float>{1};
        QVERIFY(lab::messageOf([&] { tokenizerOfGguf(GgufKeys(keys, "m.gguf")); }).find("tokenizer.ggml.scores") != std::string::npos);
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
        const auto productOf2To64 = GgufText().text("t").put<std::uint32_t>(3).put<std::uint64_t>(1 << 20).put<std::uint64_t>(1 << 20);
        QVERIFY(refusal(1, 0, GgufText(productOf2To64).put<std::uint64_t>(1 << 24).put<std::uint32_t>(0).put<std::uint64_t>(0))
                    .contains("too large"));
        QVERIFY(refusal(1, 0, tensor(1 << 20, 0)).contains("behind the end"));
        QVERIFY(refusal(1, 0, tensor(1, huge)).contains("behind the end"));
    }
};

QTEST_APPLESS_MAIN(GgufTest)
#include "gguf_test.moc"
