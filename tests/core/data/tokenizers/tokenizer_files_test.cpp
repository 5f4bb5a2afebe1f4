#include "core/data/tokenizers/pipeline/tokenizer_files.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "core/data/tokenizers/pipeline/tokenizer_source.h"

using namespace lab;

namespace {

const QString referenceFolder = QStringLiteral(LAB_SOURCE_DIR "/tests/reference/tokenizers/");

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::string_view viewOf(const QByteArray& bytes) {
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

TextPipeline golden(const QString& name) {
    const QByteArray json = contentOf(referenceFolder + name + QStringLiteral(".tokenizer.json"));
    return {viewOf(json), name.toStdString()};
}

std::vector<std::string> goldenTexts() {
    std::vector<std::string> texts;
    for (const QByteArray& line : contentOf(referenceFolder + QStringLiteral("minilm.jsonl")).split('\n'))
        if (!line.isEmpty()) texts.push_back(QJsonDocument::fromJson(line).object()["text"].toString().toStdString());
    return texts;
}

/// The vocabulary of a golden WordPiece, a piece a line.
QByteArray linesOf(const QString& name) {
    const TextPipeline pipeline = golden(name);
    QByteArray lines;
    for (int id = 0; id < pipeline.size(); ++id) lines += QByteArray::fromStdString(pipeline.piece(id)) + '\n';
    return lines;
}

template <class Do>
QString problemOf(Do act) {
    try {
        act();
        return {};
    } catch (const InputError& error) {
        return QString::fromStdString(error.what());
    }
}

}  // namespace

class TokenizerFilesTest : public QObject {
    Q_OBJECT

    void write(const QString& name, const QByteArray& bytes) {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    std::filesystem::path path(const QString& name) { return m_folder.filePath(name).toStdString(); }
    void isTheSame(const TextPipeline& read, const QString& name) {
        const TextPipeline kept = golden(name);
        QCOMPARE(read.size(), kept.size());
        const std::vector<std::string> texts = goldenTexts();
        QVERIFY(texts.size() > 50);
        for (const std::string& text : texts) {
            const auto tokens = read.encode(text);
            QVERIFY2(tokens == kept.encode(text), text.c_str());
            std::vector<int> ids;
            for (const TextToken& token : tokens) ids.push_back(token.id);
            QCOMPARE(read.framed(ids), kept.framed(ids));
            QCOMPARE(read.decode(ids), kept.decode(ids));
        }
    }

private slots:
    void init() { QVERIFY(m_folder.isValid()); }

    void vocabularyAndMergesAreTheTokenizerOfTheirJson() {
        const QString first = referenceFolder + QStringLiteral("gpt2-style-vocab.json");
        isTheSame(TextPipeline(readTokenizer(first.toStdString()), "v"), QStringLiteral("gpt2-style"));
        const QString second = referenceFolder + QStringLiteral("gpt2-style-merges.txt");
        isTheSame(TextPipeline(readTokenizer(second.toStdString()), "m"), QStringLiteral("gpt2-style"));
    }

    void linesAreAWordPieceTokenizer() {
        write(QStringLiteral("vocab.txt"), linesOf(QStringLiteral("minilm")));
        isTheSame(TextPipeline(readTokenizer(path(QStringLiteral("vocab.txt"))), "v"), QStringLiteral("minilm"));
        // As a folder, and with the ends of lines of another system.
        write(QStringLiteral("vocab.txt"), linesOf(QStringLiteral("minilm")).replace("\n", "\r\n"));
        isTheSame(TextPipeline(readTokenizer(m_folder.path().toStdString()), "v"), QStringLiteral("minilm"));
    }

    void theConfigurationBesideThemIsHeeded() {
        QVERIFY(QDir(m_folder.path()).mkdir(QStringLiteral("cased")));
        write(QStringLiteral("cased/vocab.txt"), linesOf(QStringLiteral("bert-cased-style")));
        write(QStringLiteral("cased/tokenizer_config.json"), R"({"do_lower_case": false, "unk_token": {"content": "[UNK]"}})");
        isTheSame(TextPipeline(readTokenizer(path(QStringLiteral("cased"))), "v"), QStringLiteral("bert-cased-style"));
    }

    void addedTokensAreTokensOfTheirOwn() {
        const TokenizerExtras extras{"", R"({"<mine>": 2})"};
        const TextPipeline pipeline(tokenizerOfMerges(R"({"a": 0, "b": 1})", "", extras, "v", "m"), "t");
        QCOMPARE(pipeline.size(), 3);
        QCOMPARE(pipeline.encode("a<mine>b").size(), 3U);
        QCOMPARE(pipeline.encode("a<mine>b")[1].id, 2);
    }

    /// As RobertaTokenizer reads them: its names go without saying, and its mask takes the blank before it.
    void robertasMaskTakesTheBlankBeforeIt() {
        const std::string vocabulary = R"({"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "a": 4, "\u0120": 5, "<mask>": 6, "\u0120a": 7})";
        const auto read = [&](const std::string& config) {
            std::vector<int> ids;
            const TextPipeline pipeline(tokenizerOfMerges(vocabulary, "\u0120 a\n", {config, ""}, "v", "m"), "t");
            for (const TextToken& token : pipeline.encode("a <mask> a")) ids.push_back(token.id);
            return pipeline.framed(ids);
        };
        QCOMPARE(read(""), (std::vector<int>{0, 4, 6, 7, 2}));
        QCOMPARE(read(R"({"mask_token": "<mask>"})"), (std::vector<int>{0, 4, 6, 7, 2}));
        QCOMPARE(read(R"({"mask_token": {"content": "<mask>", "lstrip": false}})"), (std::vector<int>{0, 4, 5, 6, 7, 2}));
        QCOMPARE(read(R"({"mask_token": {"content": "<mask>", "lstrip": true, "rstrip": true}})"), (std::vector<int>{0, 4, 6, 4, 2}));
    }

    void aMergeThatLooksLikeARemarkIsAMerge() {
        const std::string vocabulary = R"({"#": 0, "##": 1})";
        QCOMPARE(TextPipeline(tokenizerOfMerges(vocabulary, "#version: 0.2\n# #\n", {}, "v", "m"), "t").encode("##").size(), 1U);
    }

    void whatIsWrongIsNamedWithFileAndPlace() {
        const std::string ab = R"({"a": 0, "b": 1})";
        const auto merges = [&](const std::string& vocabulary, const std::string& lines) {
            return problemOf([&] { tokenizerOfMerges(vocabulary, lines, {}, "vocab.json", "merges.txt"); });
        };
        QCOMPARE(merges(ab, "a c\n"), QStringLiteral("merges.txt: line 1: 'c' is not in the vocabulary"));
        QCOMPARE(merges(ab, "#version: 0.2\na b\n"), QStringLiteral("merges.txt: line 2: 'ab' is not in the vocabulary"));
        QVERIFY(merges(ab, "ab\n").startsWith(QStringLiteral("merges.txt: line 1: not two pieces")));
        QVERIFY(merges(ab, "a b c\n").startsWith(QStringLiteral("merges.txt: line 1: not two pieces")));
        QVERIFY(merges("[]", "").startsWith(QStringLiteral("vocab.json: not a JSON object")));
        QVERIFY(merges(R"({"a": "x"})", "").startsWith(QStringLiteral("vocab.json: 'a' has no id")));
        const auto lines = [](const std::string& text, const std::string& config = {}) {
            return problemOf([&] { tokenizerOfVocabulary(text, {config, ""}, "vocab.txt"); });
        };
        QCOMPARE(lines("[UNK]\na\na\n"), QStringLiteral("vocab.txt: line 3: 'a' stands in line 2 already"));
        QVERIFY(lines("a\n").contains(QStringLiteral("'[UNK]', is not among its lines")));
        QVERIFY(lines("[UNK]\n\xFF\n").startsWith(QStringLiteral("vocab.txt: line 2: not UTF-8")));
        QVERIFY(lines("[UNK]\n", "{").startsWith(QStringLiteral("tokenizer_config.json: not a JSON object")));
        QVERIFY(QDir(m_folder.path()).mkdir(QStringLiteral("empty")));
        QVERIFY(problemOf([&] { readTokenizer(path(QStringLiteral("empty"))); }).contains(QStringLiteral("there is no tokenizer.json")));
        write(QStringLiteral("empty/vocab.json"), "{}");
        QVERIFY(problemOf([&] { readTokenizer(path(QStringLiteral("empty"))); }).contains(QStringLiteral("merges.txt: cannot be read")));
    }

    void aSourceMakesItsTokenizer() {
        using Kind = TokenizerSource::Kind;
        const std::string text = "low low lower lowest";
        QCOMPARE(TextPipeline(tokenizerJsonOf({Kind::characters}, text), "c").size(), 8);
        QCOMPARE(TextPipeline(tokenizerJsonOf({Kind::bytes}, text), "b").size(), 256);
        QCOMPARE(TextPipeline(tokenizerJsonOf({Kind::bpe, 258}, text), "p").size(), 258);
        const std::string file = (referenceFolder + QStringLiteral("gpt2-style-vocab.json")).toStdString();
        QCOMPARE(TextPipeline(tokenizerJsonOf({Kind::file, 0, file}, text), "f").size(), 2048);
        QVERIFY_EXCEPTION_THROWN(tokenizerJsonOf({Kind::bpe, 100}, text), InputError);
        QVERIFY_EXCEPTION_THROWN(tokenizerJsonOf({Kind::bpe, 258}, text, [](double share) { return share < 0.2; }), InputError);
    }

    /// A large file is refused or read, never anything else: hundreds of golden ones with a few bytes changed.
    void brokenFilesAreASentence_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"gpt2-style", "bert-cased-style", "llama3-style", "qwen2-style", "unigram-t5-style"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void brokenFilesAreASentence() {
        QFETCH(QString, name);
        QByteArray sound = contentOf(referenceFolder + name + QStringLiteral(".tokenizer.json"));
        QJsonObject whole = QJsonDocument::fromJson(sound).object();
        QJsonObject model = whole["model"].toObject();
        shorten(model);
        whole["model"] = model;
        sound = QJsonDocument(whole).toJson(QJsonDocument::Compact);
        const RandomStream random(11, "edits");
        const QByteArrayList put = {"null", "-1", "\"\"", "[]", "{}", "16777215", "99999999999999999999", "true", "\"\\u0000\"", ","};
        int refused = 0;
        for (std::uint64_t i = 0; i < 150; ++i) {
            QByteArray broken = sound;
            for (std::uint64_t e = 0; e < 1 + i % 3; ++e) {
                const auto at = static_cast<qsizetype>(random.below(i * 16 + e * 4, static_cast<std::uint32_t>(broken.size())));
                const auto length = static_cast<qsizetype>(random.below(i * 16 + e * 4 + 1, 8));
                const auto which = static_cast<qsizetype>(random.below(i * 16 + e * 4 + 2, static_cast<std::uint32_t>(put.size() + 3)));
                const QByteArray in = which < put.size() ? put[which] : QByteArray(1, static_cast<char>(32 + i % 90));
                broken.replace(at, length, in);
            }
            const QString problem = problemOf([&] { use(TextPipeline(viewOf(broken), "t.json")); });
            if (!problem.isEmpty()) {
                ++refused;
                QVERIFY2(problem.startsWith(QStringLiteral("t.json")), qPrintable(problem));
            }
        }
        QVERIFY(refused > 20);
        // Whole values in the place of others: what a JSON of the wrong shape is.
        for (const QString& key : {QStringLiteral("added_tokens"), QStringLiteral("normalizer"), QStringLiteral("pre_tokenizer"),
                                   QStringLiteral("post_processor"), QStringLiteral("decoder"), QStringLiteral("model")})
            for (const QJsonValue& value : {QJsonValue(3), QJsonValue("x"), QJsonValue(true), QJsonValue(QJsonObject()),
                                            QJsonValue(QJsonArray({1, 2})), QJsonValue(QJsonObject({{"type", 3}}))}) {
                QJsonObject other = whole;
                other[key] = value;
                const QByteArray json = QJsonDocument(other).toJson();
                problemOf([&] { use(TextPipeline(viewOf(json), "t.json")); });
            }
    }

private:
    /// The first pieces and merges only: it is the shape that is broken here, not the size.
    static void shorten(QJsonObject& model) {
        if (!model["merges"].isArray()) return;
        QJsonArray merges;
        for (int i = 0; i < 30; ++i) merges.append(model["merges"].toArray()[i]);
        model["merges"] = merges;
    }
    static void use(const TextPipeline& pipeline) {
        std::vector<int> ids;
        for (const TextToken& token : pipeline.encode("Never the same river: na\u00EFve, \u6771\u4EAC! <|endoftext|>"))
            ids.push_back(token.id);
        pipeline.decode(pipeline.framed(ids), true);
        for (const int id : ids) pipeline.bytes(id);
    }

    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TokenizerFilesTest)
#include "tokenizer_files_test.moc"
