#include <QtTest>

#include <QTemporaryDir>
#include <fstream>

#include "core/data/sentences_dataset.h"
#include "core/data/tokenizers/pipeline/plain_tokenizers.h"
#include "tests/core/base/input_error.h"

using namespace lab;

namespace {

Experiment sentencesOf(Architecture architecture) {
    Experiment experiment;
    experiment.task.kind = "sentences";
    experiment.model.architecture = architecture;
    experiment.training.batch_size = 2;
    return experiment;
}

const KeptTokenizer bytes{{}, byteTokenizerJson()};

}  // namespace

class SentencesDatasetTest : public QObject {
    Q_OBJECT

private slots:
    void theBuiltInOnesAreThere() {
        const LoadedTask task = loadSavedTask(sentencesOf(Architecture::decoder), bytes, {});
        QVERIFY(task.dataset->trainSize() >= 8);
        QCOMPARE(task.dataset->validationSize(), task.dataset->trainSize());
        QCOMPARE(task.experiment.model.vocab_size, std::optional(256));
        const Sample sample = task.dataset->trainSample(0);
        QVERIFY(task.dataset->tokenizer().decode(sample.tokens).starts_with("Mira lost"));
    }

    void aDecoderIsAskedForTheNextTokenAnEncoderForNothing() {
        const Sample next = loadSavedTask(sentencesOf(Architecture::decoder), bytes, {}).dataset->trainSample(1);
        for (std::size_t i = 0; i + 1 < next.tokens.size(); ++i) QCOMPARE(next.targets[i], next.tokens[i + 1]);
        QCOMPARE(next.targets.back(), -1);
        const Sample none = loadSavedTask(sentencesOf(Architecture::encoder), bytes, {}).dataset->trainSample(1);
        QCOMPARE(none.tokens, next.tokens);
        QVERIFY(std::ranges::all_of(none.targets, [](int target) { return target == -1; }));
    }

    void aFileHasOneALine() {
        const QTemporaryDir folder;
        std::ofstream(folder.filePath("own.txt").toStdString()) << "one\r\n\n  \ntwo words\nthree\tfour\n";
        Experiment experiment = sentencesOf(Architecture::decoder);
        experiment.task.text.sentences = "own.txt";
        const LoadedTask task = loadSavedTask(experiment, bytes, folder.path().toStdString());
        QCOMPARE(task.dataset->trainSize(), 3);
        const auto text = [&](int i) { return task.dataset->tokenizer().decode(task.dataset->trainSample(i).tokens); };
        QCOMPARE(text(0), std::string("one"));
        QCOMPARE(text(1), std::string("two words"));
        QCOMPARE(text(2), std::string("threefour"));
    }

    void whatCannotBeReadIsSaid() {
        const QTemporaryDir folder;
        Experiment experiment = sentencesOf(Architecture::decoder);
        experiment.task.text.sentences = "own.txt";
        const auto refusal = [&](const char* text) {
            if (text) std::ofstream(folder.filePath("own.txt").toStdString()) << text;
            return QString::fromStdString(lab::messageOf([&] { loadSavedTask(experiment, bytes, folder.path().toStdString()); }));
        };
        QVERIFY(refusal(nullptr).contains("own.txt"));
        QVERIFY(refusal(" \n\n").contains("no sentence"));
        QVERIFY(refusal("fine\n\xff\xfe\n").contains("line 2"));
    }

    void longOnesAreCutWhereATableOfPositionsEnds() {
        Experiment experiment = sentencesOf(Architecture::decoder);
        experiment.model.position.kind = PositionKind::learned;
        experiment.model.max_seq_len = 7;
        const Sample sample = loadSavedTask(experiment, bytes, {}).dataset->trainSample(0);
        QCOMPARE(sample.tokens.size(), std::size_t{7});
        QCOMPARE(sample.targets.size(), std::size_t{7});
    }
};

QTEST_APPLESS_MAIN(SentencesDatasetTest)
#include "sentences_dataset_test.moc"
