#include <QtTest>

#include <QTemporaryDir>
#include <fstream>

#include "core/config/experiment.h"
#include "core/data/sentence_frame.h"
#include "core/data/text_pairs.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/plain_tokenizers.h"
#include "tests/core/base/input_error.h"
#include "tests/core/pretrained/pretrained_cases.h"

using namespace lab;

namespace {

KeptTokenizer keptOf(const char* name) {
    return {{}, readFile(lab::testing::pretrainedFolder / name / "tokenizer.json")};
}

PieceTokenizer piecesOf(const char* name) {
    return {keptOf(name).pipeline, name};
}

Experiment textPairs(Architecture architecture) {
    Experiment e;
    e.task.kind = "pairs";
    e.task.path = "pairs.tsv";
    e.model.architecture = architecture;
    e.training.batch_size = 2;
    return e;
}

/// The tokens that are asked for.
std::vector<int> askedOf(const Sample& sample) {
    std::vector<int> asked;
    for (const int target : sample.targets)
        if (target >= 0) asked.push_back(target);
    return asked;
}

}  // namespace

/// Pairs of texts for a model that has its own tokenizer.
class TextPairsTest : public QObject {
    Q_OBJECT

    static QString refusal(const char* text, Architecture architecture, const char* tokenizer) {
        return QString::fromStdString(lab::messageOf([&] { loadPairs(textPairs(architecture), PairsTexts{text, {}}, keptOf(tokenizer)); }));
    }

private slots:
    /// What is read is the text that both make, and each token's target the next one, but none of the prompt's.
    void aDecoderIsAskedForTheAnswerAlone_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"gpt2", "llama-gqa", "qwen2"}) QTest::newRow(name) << name;
    }
    void aDecoderIsAskedForTheAnswerAlone() {
        QFETCH(QString, name);
        const PieceTokenizer tokenizer = piecesOf(qPrintable(name));
        const Sample sample = continuedText(tokenizer, "Mira lost the", "small key");
        std::vector<int> whole = SentenceFrame(tokenizer).usual(tokenizer.encode("Mira lost the small key"));
        std::vector<int> answer = tokenizer.encode(" small key");
        QCOMPARE(sample.tokens, whole);  // the end is only a target
        QVERIFY(endToken(tokenizer));
        answer.push_back(*endToken(tokenizer));
        QCOMPARE(askedOf(sample), answer);
        for (std::size_t i = 0; i + 1 < sample.tokens.size(); ++i)
            QVERIFY(sample.targets[i] == -1 || sample.targets[i] == sample.tokens[i + 1]);
        QCOMPARE(sample.targets.size(), sample.tokens.size());
        QCOMPARE(sample.targets.back(), *endToken(tokenizer));
        QCOMPARE(continuedText(tokenizer, "Mira lost the ", "small key").tokens, whole);  // one blank
    }

    void withoutATokenThatEndsATextTheAnswerEnds() {
        const PieceTokenizer tokenizer(byteTokenizerJson(), "bytes");
        const Sample sample = continuedText(tokenizer, "ab", "cd");
        QCOMPARE(sample.tokens, (std::vector<int>{'a', 'b', ' ', 'c'}));
        QCOMPARE(sample.targets, (std::vector<int>{-1, ' ', 'c', 'd'}));
    }

    void anEncoderFillsTheGaps_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::newRow("bert-mlm") << "bert-mlm"
                                  << "Mira lost the [MASK] of [MASK].";
        QTest::newRow("roberta") << "roberta"
                                 << "Mira lost the<mask> of<mask>.";  // its pieces have the blanks before them
    }
    void anEncoderFillsTheGaps() {
        QFETCH(QString, name);
        QFETCH(QString, text);
        const PieceTokenizer tokenizer = piecesOf(qPrintable(name));
        const std::string gaps = text.toStdString();
        const Sample sample = filledText(tokenizer, gaps, "key Tom");
        QCOMPARE(sample.tokens, SentenceFrame(tokenizer).usual(tokenizer.encode(gaps)));
        std::vector<int> filled = sample.tokens;
        for (std::size_t i = 0; i < filled.size(); ++i)
            if (sample.targets[i] >= 0) filled[i] = sample.targets[i];
        QCOMPARE(filled, SentenceFrame(tokenizer).usual(tokenizer.encode("Mira lost the key of Tom.")));
        QCOMPARE(std::ssize(askedOf(sample)), 2);
    }

    /// The last tenth of the lines is validated on, the texts are kept as they were.
    void aFileIsReadAsPairsFilesAre() {
        const QTemporaryDir folder;
        std::string lines;
        for (int i = 0; i < 20; ++i) lines += "How much is " + std::to_string(i) + " and 1?\t" + std::to_string(i + 1) + "\r\n";
        std::ofstream(folder.filePath("pairs.tsv").toStdString(), std::ios::binary) << lines << "\n\n";
        const LoadedTask task = loadSavedTask(textPairs(Architecture::decoder), keptOf("gpt2"), folder.path().toStdString());
        QCOMPARE(task.dataset->trainSize(), 18);
        QCOMPARE(task.dataset->validationSize(), 2);
        QCOMPARE(task.dataset->tokenizer().kept(), keptOf("gpt2"));
        QCOMPARE(*task.experiment.model.vocab_size, task.dataset->tokenizer().symbols());
        QVERIFY(task.dataset->tokenizer().decode(task.dataset->trainSample(7).tokens).starts_with("How much is 7 and 1? 8"));
        const LoadedTask again = loadPairs(task.experiment, pairsTexts(*task.dataset, task.experiment), keptOf("gpt2"));
        QCOMPARE(again.dataset->validationSample(1).targets, task.dataset->validationSample(1).targets);
        QCOMPARE(again.dataset->trainSize(), 18);
    }

    void whatIsNoPairSaysWhere() {
        const QString none = refusal("a\tb\nno tab\n", Architecture::decoder, "gpt2");
        QVERIFY2(none.contains("pairs.tsv:2: ") && none.contains("one TAB"), qPrintable(none));
        for (const char* text : {"a\tb\n \tb\n", "a\tb\na\t \n", "a\tb\na\tb\tc\n", "a\tb\n\na\tb\n"})
            QVERIFY2(refusal(text, Architecture::decoder, "gpt2").contains("pairs.tsv:2: "), text);
        const QString few = refusal("the [MASK] of [MASK]\tkey\n", Architecture::encoder, "bert-mlm");
        QVERIFY2(few.contains("1 token") && few.contains("2 times [MASK]"), qPrintable(few));
        const QString gapless = refusal("the key\tkey\n", Architecture::encoder, "bert-mlm");
        QVERIFY2(gapless.contains("0 times [MASK]"), qPrintable(gapless));
        QVERIFY(refusal("\xFF\tb\n", Architecture::decoder, "gpt2").contains("UTF-8"));
    }
};

QTEST_APPLESS_MAIN(TextPairsTest)
#include "text_pairs_test.moc"
