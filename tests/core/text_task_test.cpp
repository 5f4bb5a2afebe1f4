#include <QtTest>
#include <array>
#include <cmath>
#include <fstream>
#include <numeric>
#include <set>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "core/config/experiment.h"
#include "core/data/batch_order.h"
#include "core/data/data_print.h"
#include "core/data/loss_unit.h"
#include "core/data/text_dataset.h"
#include "core/data/text_loading.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "core/model/model.h"
#include "core/training/trainer.h"

using namespace lab;

namespace {

Experiment textExperiment(const std::string& tokenizer = "characters") {
    Experiment e;
    e.task.kind = "text";
    e.task.path = "text.txt";
    e.task.seq_len = 8;
    e.task.text.tokenizer = tokenizer;
    e.task.text.pieces = 270;
    e.model.architecture = Architecture::decoder;
    e.model.d_model = 16;
    e.model.num_heads = 2;
    e.model.num_layers = 1;
    e.training.batch_size = 4;
    e.training.steps = 3;
    return e;
}

/// Forty short documents, no two alike.
std::string someText() {
    std::string text;
    for (int i = 0; i < 40; ++i)
        text +=
            "The " + std::to_string(i) + " goats went over the bridge.\nOne of them stayed caf\u00E9 " + std::to_string(i * i) + ".\n\n";
    return text;
}

TokenIds counted(std::size_t count) {
    TokenIds ids;
    for (std::size_t i = 0; i < count; ++i) ids.add(static_cast<int>(i));
    return ids;
}

}  // namespace

class TextTaskTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    void write(const char* name, const std::string& text) const { std::ofstream(folder() / name, std::ios::binary) << text; }

    LoadedTask load(const Experiment& experiment, const std::string& text = someText()) const {
        write("text.txt", text);
        return loadTask(experiment, folder());
    }

    QString refusal(const Experiment& experiment, const std::string& text = someText()) const {
        try {
            load(experiment, text);
            return {};
        } catch (const InputError& error) {
            return QString::fromUtf8(error.what()).replace(m_folder.path() + "/", "");
        }
    }

    static const TextDataset& dataOf(const LoadedTask& task) { return dynamic_cast<const TextDataset&>(*task.dataset); }

private slots:
    void idsAreKeptInTwoBytesAsLongAsTheyFit() {
        TokenIds ids;
        for (const int id : {3, 65535}) ids.add(id);
        QCOMPARE(ids.bytes(), std::size_t{4});
        ids.add(65536);
        QCOMPARE(ids.bytes(), std::size_t{12});
        QCOMPARE(ids.part(0, 3), (std::vector{3, 65535, 65536}));
    }

    /// Every token but the first is scored once, by blocks that reach as far back as they may.
    void blocksScoreEveryTokenOnce() {
        for (const TextWindows windows : {TextWindows::overlapping, TextWindows::disjoint})
            for (const int length : {1, 2, 7, 8})
                for (std::size_t tokens = 0; tokens < 60; ++tokens) {
                    const TokenIds ids = counted(tokens);
                    std::vector<int> scored;
                    for (const ScoredBlock& block : scoredBlocks(tokens, length, windows)) {
                        const Sample sample = blockSample(ids, block, length);
                        QVERIFY(static_cast<int>(sample.tokens.size()) <= length);
                        const bool shortText = tokens <= static_cast<std::size_t>(length);
                        QCOMPARE(sample.tokens.size(), shortText ? tokens - 1 : static_cast<std::size_t>(length));
                        for (std::size_t i = 0; i < sample.tokens.size(); ++i) {
                            if (sample.targets[i] < 0) continue;
                            QCOMPARE(sample.targets[i], sample.tokens[i] + 1);
                            scored.push_back(sample.targets[i]);
                            const bool enough = windows == TextWindows::disjoint || block.begin == 0 || 2 * i + 2 >= sample.tokens.size();
                            QVERIFY2(enough, "scored with less than half a block behind it");
                        }
                    }
                    std::vector<int> all(tokens < 2 ? 0 : tokens - 1);
                    std::iota(all.begin(), all.end(), 1);
                    QCOMPARE(scored, all);
                }
    }

    void trainingReadsEveryBlock() {
        const LoadedTask task = load(textExperiment());
        const TextDataset& data = dataOf(task);
        QCOMPARE(data.trainSize(), static_cast<int>(data.train().size()) - 8);
        std::string read;
        for (int i = 0; i < data.trainSize(); i += 8) {
            const Sample sample = data.trainSample(i);
            QCOMPARE(sample.tokens.size(), std::size_t{8});
            for (int k = 0; k + 1 < 8; ++k) QCOMPARE(sample.targets[std::size_t(k)], sample.tokens[std::size_t(k) + 1]);
            read += data.tokenizer().decode(sample.tokens);
        }
        QVERIFY(data.corpus().train.starts_with(read));
        const Sample last = data.trainSample(data.trainSize() - 1);
        QCOMPARE(last.targets.back(), data.train()[data.train().size() - 1]);
    }

    void theExperimentIsCompleted() {
        const LoadedTask task = load(textExperiment());
        const ModelConfig& model = task.experiment.model;
        QCOMPARE(*model.vocab_size, task.dataset->tokenizer().symbols());
        QCOMPARE(*model.num_classes, *model.vocab_size);
        QCOMPARE(*model.max_seq_len, 8);
        QVERIFY(task.experiment.task.text.cleaning);
        QCOMPARE(*task.experiment.task.text.cleaning, defaultCleaning());
        QCOMPARE(*task.experiment.task.validation_size, task.dataset->validationSize());
    }

    void eachTokenizerWritesTheTextAgain() {
        for (const char* name : {"characters", "bytes", "bpe"}) {
            const LoadedTask task = load(textExperiment(name));
            const TextDataset& data = dataOf(task);
            const std::vector<int> ids = data.validation().part(0, data.validation().size());
            QCOMPARE(data.tokenizer().decode(ids), data.corpus().validation);
            QVERIFY(data.tokenizer().isText());
            const LossUnit unit = lossUnitOf(data);
            QVERIFY(unit.bitsPerByte);
            const double bytes = static_cast<double>(data.corpus().validation.size());
            const double tokens = static_cast<double>(data.validation().size());
            QVERIFY(std::abs(unit.of(1.5) - 1.5 * tokens / bytes / std::log(2.0)) < 1e-12);
        }
        QCOMPARE(load(textExperiment("bpe")).dataset->tokenizer().symbols(), 270);
        QCOMPARE(load(textExperiment("bytes")).dataset->tokenizer().symbols(), 256);
    }

    void aTokenizerOfAFileIsRead() {
        write("own.json", load(textExperiment("bpe")).dataset->tokenizer().kept().pipeline);
        const LoadedTask task = load(textExperiment("own.json"));
        QCOMPARE(task.dataset->tokenizer().symbols(), 270);
        QCOMPARE(refusal(textExperiment("none.json")), QString("none.json: cannot be read: No such file or directory"));
    }

    /// A long text is encoded in parts: as if it were whole.
    void partsAreEncodedAsTheWhole() {
        std::string text;
        for (int i = 0; text.size() < 1'500'000; ++i)
            text += "Line " + std::to_string(i * 7919) + " goes on, and on\n\n  and on " + "\u00E9\n";
        for (const char* name : {"characters", "bpe"}) {
            const LoadedTask task = load(textExperiment(name));
            std::set<char> known;
            const auto& tokenizer = task.dataset->tokenizer();
            std::string sound;
            for (const char c : text)
                if (std::string_view("0123456789\n abcdefghijklmnopqrstuvwyTheOno.").find(c) != std::string_view::npos) sound += c;
            std::erase_if(sound, [](char c) { return std::string_view("jkqzLlfpuxI,").find(c) != std::string_view::npos; });
            const TokenIds parts = encodeText(tokenizer, sound);
            QVERIFY(sound.size() > 1'000'000);
            const std::vector<int> whole = tokenizer.encode(sound);
            QCOMPARE(parts.part(0, parts.size()), whole);
        }
    }

    void everyPipelineIsEncodedInPartsAsInOnePiece_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<int>("cuts");
        const auto row = [](const char* name, const QString& json, TextCuts cuts) {
            QTest::newRow(name) << json << static_cast<int>(cuts);
        };
        const QString vocab = R"({"?": 0, "a": 1, "b": 2, " ": 3, "\n": 4, "_": 5, "\u2581": 6, "ab": 7, "\u2581a": 8, " a": 9, "b ": 10,
            "\u0120": 11, "\u0120a": 12, "\u010A": 13, "c": 14, "\u00E9": 15})";
        const QString bpe = R"({"type": "BPE", "unk_token": "?", "vocab": %1, "merges": [%2]})";
        const QString crossing = bpe.arg(vocab, R"("b  ", "a b")").replace("\"b  \"", "[\"b\", \" \"]");
        const QString merged = bpe.arg(vocab, R"("a b", "\u2581 a", "\u0120 a")"), single = bpe.arg(vocab, "");
        const auto whole = [](const QString& normalizer, const QString& pre, const QString& model) {
            return QStringLiteral(R"({"normalizer": %1, "pre_tokenizer": %2, "model": %3})").arg(normalizer, pre, model);
        };
        const QString none = "null", prepend = R"({"type": "Prepend", "prepend": "\u2581"})";
        const QString signs = R"({"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"})";
        const QString meta = R"({"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "%1", "split": %2})";
        const QString bytes = R"({"type": "ByteLevel", "add_prefix_space": %1, "use_regex": %2})";
        row("characters", whole(none, none, single), TextCuts::anywhere);
        row("merges over blanks", whole(none, none, crossing), TextCuts::nowhere);
        row("prepend", whole(prepend, none, merged), TextCuts::nowhere);
        row("prepend and replace",
            whole(QStringLiteral(R"({"type": "Sequence", "normalizers": [%1, %2]})").arg(prepend, signs), none, merged), TextCuts::nowhere);
        row("metaspace always", whole(none, meta.arg("always", "true"), merged), TextCuts::beforeSpaces);
        row("metaspace first", whole(none, meta.arg("first", "true"), merged), TextCuts::beforeSpaces);
        row("metaspace never", whole(none, meta.arg("never", "true"), merged), TextCuts::beforeLineEnds);
        row("metaspace in one", whole(none, meta.arg("first", "false"), merged), TextCuts::nowhere);
        row("byte level with a blank in front", whole(none, bytes.arg("true", "true"), merged), TextCuts::beforeSpaces);
        row("byte level", whole(none, bytes.arg("false", "true"), merged), TextCuts::beforeLineEnds);
        row("byte level in one", whole(none, bytes.arg("false", "false"), merged), TextCuts::nowhere);
        row("words", whole(R"({"type": "NFC"})", R"({"type": "WhitespaceSplit"})", merged), TextCuts::beforeLineEnds);
        row("an added token with a blank",
            whole(none, bytes.arg("false", "true"), merged).chopped(1) + R"(, "added_tokens": [{"id": 14, "content": "b a"}]})",
            TextCuts::nowhere);
        row("an added token that takes blanks",
            whole(none, bytes.arg("false", "true"), merged).chopped(1) +
                R"(, "added_tokens": [{"id": 14, "content": "ba", "rstrip": true}]})",
            TextCuts::nowhere);
    }
    /// Parts of all sizes of a text with every kind of blank.
    void everyPipelineIsEncodedInPartsAsInOnePiece() {
        QFETCH(QString, json);
        QFETCH(int, cuts);
        const PieceTokenizer tokenizer(json.toStdString(), "tokenizer.json");
        QCOMPARE(static_cast<int>(tokenizer.cuts()), cuts);
        std::string text;
        constexpr std::array<const char*, 8> pieces{"a", "b", "ab", " ", "  ", "\n", "\n\n ", "\u00E9"};
        const RandomStream random(7, "parts");
        for (std::uint64_t i = 0; i < 600; ++i) text += pieces[random.below(i, pieces.size())];
        const std::vector<int> whole = tokenizer.encode(text);
        for (const std::size_t partBytes : {64, 150, 299, 100'000}) {
            const TokenIds parts = encodeText(tokenizer, text, {}, partBytes);
            QCOMPARE(parts.part(0, parts.size()), whole);
        }
    }

    void aCharacterWithoutTokenIsNamedWithItsPlaceInTheFile_data() {
        QTest::addColumn<bool>("late");
        QTest::newRow("in what is trained on") << false;
        QTest::newRow("in what is validated on") << true;
    }
    /// Cleaning has dropped a mark, carriage returns, blanks and a document before it.
    void aCharacterWithoutTokenIsNamedWithItsPlaceInTheFile() {
        QFETCH(bool, late);
        write("own.json", load(textExperiment()).dataset->tokenizer().kept().pipeline);
        std::string text = "\xEF\xBB\xBFThe 1 goats.\r\n\r\n\r\n\r\nThe 1 goats.\r\n\r\n";
        const std::size_t lines = 6;
        std::string body;
        for (int i = 0; body.size() < 700'000; ++i) body += "The " + std::to_string(i) + " goats went  over.\r\n";
        const std::size_t line = static_cast<std::size_t>(std::ranges::count(body, '\n')) * (late ? 99 : 70) / 100;
        std::size_t at = 0;
        for (std::size_t k = 0; k < line; ++k) at = body.find('\n', at) + 1;
        body.insert(at + 4, "\u4E2D");
        Experiment e = textExperiment("own.json");
        e.task.text.split = TextSplit::tail;
        const QString expected =
            QStringLiteral("text.txt: line %1, character 5: '\u4E2D' has no token in this vocabulary").arg(lines + line + 1);
        QCOMPARE(refusal(e, text + body), expected);
    }

    void semicolonsInNamesAreNoSeparators() {
        write("a;b.txt", someText());
        write("c.txt", "The 99 boats came.\n");
        Experiment e = textExperiment();
        e.task.path = "a\\;b.txt; c.txt";
        const LoadedTask task = loadTask(e, folder());
        const Corpus& corpus = dataOf(task).corpus();
        QVERIFY((corpus.train + corpus.validation).find("boats came") != std::string::npos);
        QCOMPARE(relocated(task.experiment, folder(), folder().parent_path()).task.path,
                 folder().filename().string() + "/a\\;b.txt;" + folder().filename().string() + "/c.txt");
    }

    void drawnBlocksAreAFunctionOfSeedStepAndSample() {
        TrainingConfig training;
        training.batch_size = 16;
        BatchOrder order(training, 1000, true);
        const std::vector<int> batch = order.indices(7);
        QCOMPARE(BatchOrder(training, 1000, true).indices(7), batch);
        QVERIFY(order.indices(8) != batch);
        QVERIFY(*std::ranges::max_element(batch) < 1000 && *std::ranges::min_element(batch) >= 0);
        // A larger batch is another cut of the same draws.
        training.batch_size = 32;
        const std::vector<int> larger = BatchOrder(training, 1000, true).indices(3);
        training.batch_size = 16;
        QCOMPARE(std::vector<int>(larger.begin() + 16, larger.end()), batch);
        training.seed = 43;
        QVERIFY(BatchOrder(training, 1000, true).indices(7) != batch);
        training.shuffle = false;
        QCOMPARE(BatchOrder(training, 1000, true).indices(0).at(3), 3);
    }

    void filesKeepTheTokenizer() {
        const LoadedTask task = load(textExperiment("bpe"));
        const Model model(task.experiment.model);
        const TrainingState state = initialState(model, task.experiment);
        Metadata notes;
        notePrint(notes, task);
        const auto path = folder() / "state.safetensors";
        writeCheckpoint(path, task.experiment, task.dataset->tokenizer().kept(), model.layout(), state, notes);
        const CheckpointFile file = readCheckpoint(path);
        QVERIFY(file.tokenizer == task.dataset->tokenizer().kept());
        const auto again = tokenizerOf(file.experiment, file.tokenizer);
        QCOMPARE(again->encode("The goats"), task.dataset->tokenizer().encode("The goats"));
        QCOMPARE(notedText(file.metadata).clean, dataOf(task).corpus().cleanHash);
        QVERIFY(dataDifference(file.metadata, task).empty());
        const LoadedTask changed = load(textExperiment("bpe"), someText() + "One more goat came.\n\n");
        QVERIFY(QString::fromStdString(dataDifference(file.metadata, changed).english()).contains("no longer the one it was trained on"));
    }

    void trainingIsTheSameWithAnyNumberOfThreads() {
        const LoadedTask task = load(textExperiment());
        const auto model = std::make_shared<const Model>(task.experiment.model);
        const auto trained = [&](int threads) {
            Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment), threads);
            while (!trainer.finished()) trainer.advance();
            return trainer.state().weights;
        };
        QVERIFY(trained(1) == trained(2));
    }

    void blanksAndBytesAreSeen() {
        const LoadedTask task = load(textExperiment("bpe"));
        const Tokenizer& tokenizer = task.dataset->tokenizer();
        QCOMPARE(tokenizer.shown(tokenizer.encode(" ").front()), std::string("\u2423"));
        QCOMPARE(tokenizer.shown(tokenizer.encode("g").front()), std::string("g"));
        QCOMPARE(tokenizer.shown(tokenizer.encode("\u00E8").front()), std::string("C3"));  // C3 A8: no merge has both
        QCOMPARE(tokenizer.shown(tokenizer.encode("\n").front()), std::string("\u21B5"));
    }

    void badTextsAreRefused() {
        QCOMPARE(refusal(textExperiment(), ""), QString("text.txt: is empty"));
        QVERIFY(refusal(textExperiment(), "a b").contains("text"));
        Experiment e = textExperiment();
        e.task.seq_len = 100'000;
        QVERIFY2(refusal(e).contains("task.seq_len 100000 needs 100001"), qPrintable(refusal(e)));
        e = textExperiment();
        e.task.text.cleaning = std::vector<std::string>{"polish"};
        QVERIFY2(refusal(e).startsWith("task.cleaning: polish is no rule; use "), qPrintable(refusal(e)));
        e = textExperiment();
        e.model.vocab_size = 5;
        QVERIFY2(refusal(e).startsWith("model.vocab_size: 5 is too small; the tokenizer has "), qPrintable(refusal(e)));
        e = textExperiment();
        e.model.architecture = Architecture::encoder;
        QVERIFY2(refusal(e).contains("predicts the next token"), qPrintable(refusal(e)));
        const LoadedTask task = load(textExperiment());
        try {
            task.dataset->tokenizer().encode("The \u4E2D goats");
            QFAIL("read");
        } catch (const InputError& error) {
            QCOMPARE(QString::fromUtf8(error.what()), QString("character 5, '\u4E2D', has no token in this vocabulary"));
        }
    }
};

QTEST_GUILESS_MAIN(TextTaskTest)
#include "text_task_test.moc"
