#include "core/data/tokenizers/pipeline/text_pipeline.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "core/data/tokenizers/pipeline/portions.h"

using namespace lab;

namespace {

const QString goldenFolder = QStringLiteral(LAB_SOURCE_DIR "/tests/reference/tokenizers/");

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

TextPipeline pipelineOf(const QString& name) {
    const QByteArray json = bytesOf(goldenFolder + name + QStringLiteral(".tokenizer.json"));
    return {std::string_view(json.constData(), static_cast<std::size_t>(json.size())), name.toStdString()};
}

std::vector<int> idsOf(const QJsonValue& array) {
    std::vector<int> ids;
    for (const QJsonValue& each : array.toArray()) ids.push_back(each.toInt());
    return ids;
}

std::vector<int> idsOf(const std::vector<TextToken>& tokens) {
    std::vector<int> ids;
    for (const TextToken& token : tokens) ids.push_back(token.id);
    return ids;
}

QString problemOfPipeline(const QByteArray& json) {
    try {
        TextPipeline({json.constData(), static_cast<std::size_t>(json.size())}, "t.json");
        return {};
    } catch (const InputError& error) {
        return QString::fromStdString(error.what());
    }
}

}  // namespace

class TextPipelineTest : public QObject {
    Q_OBJECT

private slots:
    void goldenLines_data() {
        QTest::addColumn<QString>("name");
        for (const QString& file : QDir(goldenFolder).entryList({QStringLiteral("*.jsonl")}))
            QTest::newRow(qPrintable(file.section('.', 0, 0))) << file.section('.', 0, 0);
    }
    /// Ids, places and decoded text of each line as Hugging Face's tokenizers give them.
    void goldenLines() {
        QFETCH(QString, name);
        const TextPipeline pipeline = pipelineOf(name);
        int lines = 0;
        for (const QByteArray& line : bytesOf(goldenFolder + name + QStringLiteral(".jsonl")).split('\n')) {
            if (line.isEmpty()) continue;
            const QJsonObject golden = QJsonDocument::fromJson(line).object();
            const QByteArray text = golden["text"].toString().toUtf8();
            const std::vector<TextToken> tokens = pipeline.encode({text.constData(), static_cast<std::size_t>(text.size())});
            const std::vector<int> ids = idsOf(tokens);
            QVERIFY2(ids == idsOf(golden["ids_no_special"]), line.constData());
            QVERIFY2(pipeline.framed(ids) == idsOf(golden["ids"]), line.constData());
            const QJsonArray offsets = golden["offsets"].toArray();
            for (std::size_t i = 0; i < tokens.size(); ++i) {
                const QJsonArray span = offsets[static_cast<int>(i)].toArray();
                QVERIFY2(
                    (tokens[i].span == TextSpan{span[0].toInt(), span[1].toInt()}),
                    qPrintable(QStringLiteral("token %1: %2 to %3 in ").arg(i).arg(tokens[i].span.begin).arg(tokens[i].span.end) + line));
            }
            const std::vector<int> all = pipeline.framed(ids);
            QCOMPARE(QString::fromStdString(pipeline.decode(all)), golden["decoded"].toString());
            QCOMPARE(QString::fromStdString(pipeline.decode(all, true)), golden["decoded_all"].toString());
            ++lines;
        }
        QCOMPARE(lines, 64);
    }

    void idsOfALongTextAreThoseOfTheWhole_data() { goldenLines_data(); }
    /// Taken in portions: every golden line among words, again and again.
    void idsOfALongTextAreThoseOfTheWhole() {
        QFETCH(QString, name);
        const TextPipeline pipeline = pipelineOf(name);
        std::string text;
        for (const QByteArray& line : bytesOf(goldenFolder + name + QStringLiteral(".jsonl")).split('\n'))
            if (!line.isEmpty()) text += QJsonDocument::fromJson(line).object()["text"].toString().toStdString() + " and  then\n more ";
        while (text.size() < 3 * portionBytes) text += text.substr(0, 50'000);
        QVERIFY(pipeline.ids(text) == idsOf(pipeline.encode(text)));
        QVERIFY_EXCEPTION_THROWN(pipeline.ids(
                                     text, [](double share) { return share < 0.5; }, "t"),
                                 InputError);
    }

    void whatStandsBeforeEachTextStandsThereOnce() {
        const std::string json = R"({"normalizer": {"type": "Prepend", "prepend": "_"},
            "model": {"type": "BPE", "unk_token": "?", "vocab": {"_": 0, "a": 1, " ": 2, "?": 3}, "merges": []}})";
        std::string text(portionBytes, 'a');
        text += " a a";
        const std::vector<int> ids = TextPipeline(json, "t").ids(text);
        QCOMPARE(std::ranges::count(ids, 0), 1);
        QCOMPARE(ids.size(), text.size() + 1);
    }

    void aLostCharacterFarOnIsFoundAtItsPlace() {
        const std::string json = R"({"model": {"type": "BPE", "vocab": {"a": 0, " ": 1}, "merges": []}})";
        std::string text;
        for (std::size_t i = 0; i < portionBytes; ++i) text += i % 5 == 0 ? " a" : "a";
        QCOMPARE(TextPipeline(json, "t").firstLost(text + "x")->at, static_cast<int>(text.size()));
    }

    /// Byte-level pieces lose nothing, not even what is no UTF-8 on the way through a piece.
    void byteLevelTextComesBack() {
        const TextPipeline pipeline = pipelineOf(QStringLiteral("gpt2-style"));
        const RandomStream random(5, "text");
        for (int i = 0; i < 200; ++i) {
            QString text;
            for (int c = 0; c < 40; ++c) {
                const char32_t draw = random.below(static_cast<std::uint64_t>(i * 40 + c), 0x2FFFF);
                if (draw > 0 && !(draw >= 0xD800 && draw < 0xE000)) text += QString::fromUcs4(&draw, 1);
            }
            const std::string utf8 = text.toStdString();
            QCOMPARE(pipeline.decode(idsOf(pipeline.encode(utf8))), utf8);
        }
    }

    /// Bytes that are no UTF-8 count as U+FFFD; all else comes back, and each token says which bytes it stands for.
    void randomBytesComeBack() {
        const TextPipeline pipeline = pipelineOf(QStringLiteral("gpt2-style"));
        const RandomStream random(6, "bytes");
        for (std::uint64_t i = 0; i < 300; ++i) {
            std::string bytes;
            for (std::uint64_t b = 0; b < 64; ++b) bytes += static_cast<char>(random.below(i * 64 + b, i % 2 ? 256 : 128));
            const std::string text = MappedText::of(bytes).utf8();
            const std::vector<int> ids = idsOf(pipeline.encode(bytes));
            QCOMPARE(pipeline.decode(ids), text);
            std::string joined;
            for (const int id : ids) joined += pipeline.bytes(id);
            QCOMPARE(joined, text);
        }
    }

    void aLongWordIsMergedAsAShortOneIs() {
        const TextPipeline pipeline = pipelineOf(QStringLiteral("gpt2-style"));
        std::string word;
        for (int i = 0; i < 60; ++i) word += "thereof"[i * 5 % 7];
        const auto& bpe = pipeline.model();
        std::vector<TextToken> whole;
        bpe.encode(MappedText::of(word), whole);
        // The slow way: the first merge that applies, again and again.
        std::vector<std::string> pieces;
        for (const char c : word) pieces.emplace_back(1, c);
        QJsonArray merges = QJsonDocument::fromJson(bytesOf(goldenFolder + "gpt2-style.tokenizer.json"))["model"]["merges"].toArray();
        for (const QJsonValue& merge : merges) {
            const QStringList pair =
                merge.isString() ? merge.toString().split(' ') : QStringList{merge.toArray()[0].toString(), merge.toArray()[1].toString()};
            for (std::size_t i = 0; i + 1 < pieces.size(); ++i)
                if (pieces[i] == pair[0].toStdString() && pieces[i + 1] == pair[1].toStdString()) {
                    pieces[i] += pieces[i + 1];
                    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                }
        }
        QCOMPARE(whole.size(), pieces.size());
        for (std::size_t i = 0; i < whole.size(); ++i) QCOMPARE(pipeline.piece(whole[i].id), pieces[i]);
    }

    void whatIsNotKnownIsNamed_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("sentence");
        const QByteArray bpe = R"("model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]})";
        QTest::newRow("sound") << QByteArray("{" + bpe + "}") << QString();
        QTest::newRow("no JSON") << QByteArray("{") << "t.json: not the JSON of a tokenizer";
        QTest::newRow("no model") << QByteArray("{}") << "t.json: model.type";
        QTest::newRow("normalizer") << QByteArray(R"({"normalizer": {"type": "Precompiled"}, )" + bpe + "}")
                                    << "normalizer.type: Precompiled is a part of a tokenizer that is not known here";
        QTest::newRow("inside a sequence")
            << QByteArray(R"({"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Nmt"}]}, )" + bpe + "}")
            << "normalizer.normalizers[1].type: Nmt";
        QTest::newRow("regex") << QByteArray(R"({"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "a+"}}, )" + bpe + "}")
                               << "pre_tokenizer.pattern: a+";
        QTest::newRow("post") << QByteArray(R"({"post_processor": {"type": "X"}, )" + bpe + "}") << "post_processor.type: X";
        for (const char* id : {"1e300", "-1", "4294967296", "\"3\""})
            QTest::newRow(id) << QByteArray(R"({"post_processor": {"type": "BertProcessing", "cls": ["c", )" + QByteArray(id) +
                                            R"(], "sep": ["s", 0]}, )" + bpe + "}")
                              << "post_processor.cls: missing, or of another type";
        QTest::newRow("id of a template")
            << QByteArray(R"({"post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "c"}}], )"
                          R"("special_tokens": {"c": {"ids": [1e300]}}}, )" +
                          bpe + "}")
            << "post_processor.special_tokens.c.ids: missing, or of another type";
        QTest::newRow("decoder") << QByteArray(R"({"decoder": {"type": "CTC"}, )" + bpe + "}") << "decoder.type: CTC";
        QTest::newRow("merge of nothing") << QByteArray(R"({"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}})")
                                          << "model.merges[0]: 'b' is not in the vocabulary";
        QTest::newRow("merge into nothing") << QByteArray(R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}})")
                                            << "model.merges[0]: 'ab' is not in the vocabulary";
        QTest::newRow("no merge") << QByteArray(R"({"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [3]}})")
                                  << "model.merges[0]: 3 is no merge of two pieces";
        QTest::newRow("an id twice") << QByteArray(R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}})")
                                     << "model.vocab: id 0 is given twice";
        QTest::newRow("no id") << QByteArray(R"({"model": {"type": "BPE", "vocab": {"a": -1}, "merges": []}})")
                               << "model.vocab: 'a' has no id";
        QTest::newRow("a far id") << QByteArray(R"({"model": {"type": "BPE", "vocab": {"a": 16000000}, "merges": []}})")
                                  << "model.vocab: 'a' has the id 16000000, far beyond";
        QTest::newRow("no vocabulary") << QByteArray(R"({"model": {"type": "BPE", "merges": []}})")
                                       << "t.json: a part of the tokenizer is not";
        QTest::newRow("added") << QByteArray(R"({"added_tokens": [{"id": 3}], )" + bpe + "}") << "added_tokens[0].content: missing";
        QTest::newRow("no unknown piece") << QByteArray(R"({"model": {"type": "WordPiece", "vocab": {"a": 0}}})")
                                          << "model.unk_token: '[UNK]' is not in the vocabulary";
        QTest::newRow("no score") << QByteArray(R"({"model": {"type": "Unigram", "vocab": [["a"]]}})")
                                  << "model.vocab: [\"a\"] is no piece";
    }
    void whatIsNotKnownIsNamed() {
        QFETCH(QByteArray, json);
        QFETCH(QString, sentence);
        const QString problem = problemOfPipeline(json);
        QVERIFY2(sentence.isEmpty() ? problem.isEmpty() : problem.contains(sentence), qPrintable(problem));
    }
};

QTEST_APPLESS_MAIN(TextPipelineTest)
#include "text_pipeline_test.moc"
