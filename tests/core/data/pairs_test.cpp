#include <QtTest>
#include <fstream>
#include <random>
#include <sstream>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/built_in_pairs.h"
#include "core/config/experiment_json.h"
#include "core/data/loaded_task.h"

using namespace lab;

namespace {

Experiment pairsExperiment(Architecture architecture = Architecture::encoder) {
    Experiment e;
    e.task.kind = "pairs";
    e.task.path = "pairs.tsv";
    e.model.architecture = architecture;
    e.training.shuffle = false;
    e.training.batch_size = 2;
    return e;
}

}  // namespace

class PairsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    void write(const char* name, const std::string& text) const {
        std::ofstream file(folder() / name, std::ios::binary);
        file << text;
    }

    LoadedTask load(const std::string& text, const Experiment& experiment = pairsExperiment()) const {
        write("pairs.tsv", text);
        return loadTask(experiment, folder());
    }

    /// The sentence without the temporary folder.
    QString refusal(const std::string& text, const Experiment& experiment = pairsExperiment()) const {
        try {
            load(text, experiment);
            return {};
        } catch (const InputError& error) {
            return QString::fromUtf8(error.what()).replace(m_folder.path() + "/", "");
        }
    }

private slots:
    void readsIntegers() {
        const auto task = load("3 1 4\t1 -1 0\n5\t2\n");
        QCOMPARE(task.dataset->trainSize(), 2);
        QCOMPARE(task.dataset->validationSize(), 0);
        QCOMPARE(task.dataset->testSize(), 0);
        QCOMPARE(task.dataset->trainSample(0).tokens, (std::vector{3, 1, 4}));
        QCOMPARE(task.dataset->trainSample(0).targets, (std::vector{1, -1, 0}));
        QCOMPARE(task.dataset->trainSample(1).tokens, (std::vector{5}));
        QVERIFY(task.dataset->tokenizer().kept().words.empty());
        QCOMPARE(task.experiment.model.vocab_size, std::optional(6));
        QCOMPARE(task.experiment.model.num_classes, std::optional(3));
        QCOMPARE(task.experiment.model.max_seq_len, std::optional(3));
        QCOMPARE(task.experiment.task.validation_size, std::optional(0));
    }

    void readsWordsInOrderOfFirstAppearance() {
        const auto task = load("the cat sat\tcat sat -1\n\xc3\xa9t\xc3\xa9 the\t7 the\n");
        const std::vector<std::string> words{"the", "cat", "sat", "\xc3\xa9t\xc3\xa9", "7"};
        QCOMPARE(task.dataset->tokenizer().kept().words, words);
        QCOMPARE(task.dataset->trainSample(0).targets, (std::vector{1, 2, -1}));
        QCOMPARE(task.dataset->trainSample(1).tokens, (std::vector{3, 0}));
        QCOMPARE(task.experiment.model.vocab_size, std::optional(5));
        QCOMPARE(task.experiment.model.num_classes, std::optional(5));
    }

    void readsThreeColumns() {
        const auto task = load("1 2 3\t9 4\t4 5\n", pairsExperiment(Architecture::encoder_decoder));
        QCOMPARE(task.dataset->trainSample(0).targetTokens, (std::vector{9, 4}));
        QCOMPARE(task.dataset->trainSample(0).targets, (std::vector{4, 5}));
        QCOMPARE(task.experiment.model.vocab_size, std::optional(10));
        QCOMPARE(task.experiment.model.num_classes, std::optional(6));
        QCOMPARE(task.experiment.model.max_seq_len, std::optional(3));
    }

    void toleratesForeignLineEnds() {
        for (const char* text : {"1 2\t2 1\r\n3\t4\r\n", "1 2\t2 1\n3\t4",
                                 "\xEF\xBB\xBF"
                                 "1 2\t2 1\n3\t4\n\n",
                                 "1 2\t2 1\r\n3\t4\r\n\r\n", "1 2\t2 1\r\r\n3\t4\r\r\n"}) {
            const auto task = load(text);
            QCOMPARE(task.dataset->trainSize(), 2);
            QCOMPARE(task.dataset->trainSample(0).targets, (std::vector{2, 1}));
            QCOMPARE(task.dataset->trainSample(1).targets, (std::vector{4}));
        }
    }

    void composedAndDecomposedLettersAreOneWord() {
        const auto task = load("caf\u00E9 cafe\u0301\tx y\n\u1E69 s\u0307\u0323\ty x\n");
        QCOMPARE(task.dataset->tokenizer().kept().words, (std::vector<std::string>{"caf\u00E9", "x", "y", "\u1E69"}));
        QCOMPARE(task.dataset->trainSample(0).tokens, (std::vector{0, 0}));
        QCOMPARE(task.dataset->trainSample(1).tokens, (std::vector{3, 3}));
        QCOMPARE(task.dataset->tokenizer().encodeOne("cafe\u0301"), 0);  // typed, or in a command
        QCOMPARE(refusal("e\u0301 \xFF\tx y\n"), QString("pairs.tsv:1:4: this is not UTF-8"));
    }

    void splitsTheLastLinesOff() {
        std::string text;
        for (int i = 0; i < 25; ++i) text += std::to_string(i) + "\t0\n";
        Experiment e = pairsExperiment();
        e.training.shuffle = true;
        auto task = load(text, e);
        QCOMPARE(task.experiment.task.validation_size, std::optional(2));
        QCOMPARE(task.dataset->trainSize(), 23);
        QCOMPARE(task.dataset->validationSample(0).tokens, std::vector{23});
        e.task.validation_size = 5;
        task = load(text, e);
        QCOMPARE(task.dataset->trainSize(), 20);
        QCOMPARE(task.dataset->validationSample(0).tokens, std::vector{20});
        QCOMPARE(task.experiment.model.vocab_size, std::optional(25));
        e.task.validation_size = 25;
        QCOMPARE(refusal(text, e), QString("task.validation_size: 25 leaves nothing to train on; pairs.tsv has 25 lines"));
    }

    void readsASecondFileForValidation() {
        write("second.tsv", "7 8\t1 2\n");
        Experiment e = pairsExperiment();
        e.task.validation_path = "second.tsv";
        const auto task = load("1 2\t2 1\n3\t4\n", e);
        QCOMPARE(task.dataset->trainSize(), 2);
        QCOMPARE(task.dataset->validationSize(), 1);
        QCOMPARE(task.dataset->validationSample(0).tokens, (std::vector{7, 8}));
        QCOMPARE(task.experiment.model.vocab_size, std::optional(9));
        QCOMPARE(task.experiment.task.validation_size, std::optional(1));
        write("second.tsv", "seven\t1\n");
        QCOMPARE(load("1 2\t2 1\n3\t4\n", e).dataset->tokenizer().kept().words.size(), std::size_t{5});  // 1 2 3 4 seven: all are words now
    }

    void tiedOutputsTakeTheLargerSize() {
        Experiment e = pairsExperiment();
        e.model.output.tied = true;
        const auto task = load("9\t2\n", e);
        QCOMPARE(task.experiment.model.vocab_size, std::optional(10));
        QCOMPARE(task.experiment.model.num_classes, std::optional(10));
    }

    void refusesBadLines_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const char* text, const char* sentence) {
            QTest::newRow(name) << QByteArray(text) << QString(sentence);
        };
        row("empty file", "", "pairs.tsv: has no lines; expected input TAB target");
        row("blank file", "\n\n", "pairs.tsv: has no lines; expected input TAB target");
        row("empty line", "1\t1\n\n2\t2\n", "pairs.tsv:2:1: the line is empty; expected input TAB target");
        row("no tab", "1\t1\n1 2 3\n", "pairs.tsv:2:6: the line ends after 1 column; expected input TAB target");
        row("three columns", "1\t1\t1\n", "pairs.tsv:1:4: one TAB too many; expected input TAB target");
        row("two spaces", "1  2\t1 2\n", "pairs.tsv:1:3: expected a token, got a space; tokens are separated by single spaces");
        row("space in front", " 1\t1\n", "pairs.tsv:1:1: expected a token, got a space; tokens are separated by single spaces");
        row("space at the end", "1\t1 \n",
            "pairs.tsv:1:5: expected a token, got the end of the line; tokens are separated by single spaces");
        row("empty column", "1 2\t\n", "pairs.tsv:1:5: expected a token, got the end of the line; tokens are separated by single spaces");
        row("no input", "\t1\n", "pairs.tsv:1:1: expected a token, got a TAB; tokens are separated by single spaces");
        row("one token", "1 2 3\t1\n", "pairs.tsv:1:7: the target has 1 token, but the input 3");
        row("old line ends", "a b\tb a\rb a\ta b\n",
            "pairs.tsv:1:8: there is a carriage return inside the line; lines end with LF or CR LF");
        row("lengths", "1 2 3\t1 2\n", "pairs.tsv:1:7: the target has 2 tokens, but the input 3");
        row("negative", "1 -2\t1 2\n", "pairs.tsv:1:3: -2 is out of range; tokens are integers from 0 to 16777215");
        row("negative target", "1\t1\n1 2\t1 -2\n",
            "pairs.tsv:2:7: -2 is out of range; tokens are integers from 0 to 16777215, or -1 for no loss");
        row("huge", "99999999999999999999\t1\n",
            "pairs.tsv:1:1: 99999999999999999999 is out of range; tokens are integers from 0 to 16777215");
        row("not UTF-8", "\xc3\xa9 \xff\t1 2\n", "pairs.tsv:1:3: this is not UTF-8");
        row("overlong", "a \xc0\xaf\t1 2\n", "pairs.tsv:1:3: this is not UTF-8");
        row("surrogate", "\xed\xa0\x80\t1\n", "pairs.tsv:1:1: this is not UTF-8");
        row("cut character", "a\t\xe2\x82\n", "pairs.tsv:1:3: this is not UTF-8");
        row("nothing to learn", "1 2\t-1 -1\n", "pairs.tsv: every target is -1, so there is nothing to learn");
    }

    void refusesBadLines() {
        QFETCH(QByteArray, text);
        QFETCH(QString, sentence);
        QCOMPARE(refusal(text.toStdString()), sentence);
    }

    void refusesWhatDoesNotFit() {
        Experiment e = pairsExperiment();
        e.model.vocab_size = 4;
        QCOMPARE(refusal("1 2\t1 2\n3 4\t1 2\n", e), QString("pairs.tsv:2:3: token 4 has the id 4, but model.vocab_size is 4"));
        e = pairsExperiment();
        e.model.num_classes = 2;
        QCOMPARE(refusal("1 2\t1 2\n", e), QString("pairs.tsv:1:7: token 2 has the id 2, but model.num_classes is 2"));
        e = pairsExperiment();
        e.model.position.kind = PositionKind::learned;
        e.model.max_seq_len = 1;
        QCOMPARE(refusal("1\t1\n1 2\t1 2\n", e), QString("pairs.tsv:2:1: the line has 2 tokens, but model.max_seq_len is 1"));
        e = pairsExperiment();
        e.training.shuffle = true;
        e.training.batch_size = 8;
        QCOMPARE(refusal("1\t1\n2\t2\n", e),
                 QString("training.batch_size: 8 is larger than the 2 training lines of pairs.tsv; an epoch then has no whole batch"));
        e.task.path = "none.tsv";
        QCOMPARE(refusal("", e), QString("none.tsv: cannot be read: No such file or directory"));
    }

    void mutatedFilesAreReadOrRefused() {
        const std::string original = "3 1 4 1 5\t5 1 4 1 3\n2 6\t6 -1\n\xc3\xa9 caf\xc3\xa9\t1 2\n9 2 6\t6 2 9\n";
        std::mt19937 random(2);
        int refused = 0;
        for (int i = 0; i < 600; ++i) {
            std::string text = original;
            const std::size_t at = random() % text.size();
            switch (random() % 4) {
                case 0:
                    text[at] = static_cast<char>(random() % 256);
                    break;
                case 1:
                    text.erase(at, 1 + random() % 4);
                    break;
                case 2:
                    text.insert(at, 1, "\t \n-\r\0"[random() % 6]);
                    break;
                default:
                    text.resize(at);
            }
            try {
                load(text);
            } catch (const InputError& error) {
                ++refused;
                QVERIFY(!std::string(error.what()).empty());
            }
        }
        QVERIFY(refused > 150);
    }

    void readsTheReferenceCases() {
        for (const char* name : {"encoder-qkv", "decoder-llama", "encoder-decoder", "encoder-bert"}) {
            const std::filesystem::path place = std::filesystem::path(LAB_SOURCE_DIR "/tests/reference") / name;
            const auto task = loadTask(parseExperiment(readFile(place / "experiment.json")), place);
            QCOMPARE(task.dataset->trainSize(), 32);
            QCOMPARE(task.dataset->validationSize(), 0);
        }
    }

    void thePairsOfThePresetsAreRead() {
        QVERIFY(builtInPairs().size() >= 4);
        for (const BuiltInPairs& own : builtInPairs()) {
            Experiment experiment;
            experiment.task.kind = "pairs";
            experiment.task.path = "built-in:" + std::string(own.name);
            const auto tabs = std::ranges::count(own.text.substr(0, own.text.find('\n')), '\t');
            if (tabs == 2) experiment.model.architecture = Architecture::encoder_decoder;
            experiment.training.batch_size = 1;
            const LoadedTask task = loadTask(experiment, "/nowhere");
            QVERIFY2(task.dataset->trainSize() > 0, std::string(own.name).c_str());
        }
        QVERIFY(!findBuiltInPairs("translation") && !findBuiltInPairs("built-in:none"));
    }
};

QTEST_APPLESS_MAIN(PairsTest)
#include "pairs_test.moc"
