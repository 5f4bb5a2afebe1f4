#include <QtTest>

#include <QTemporaryDir>
#include <fstream>

#include "core/data/loaded_task.h"
#include "core/data/masked_dataset.h"
#include "core/data/tokenizers/pipeline/plain_tokenizers.h"
#include "tests/core/base/input_error.h"
#include "tests/core/pretrained/pretrained_cases.h"

using namespace lab;

namespace {

Experiment maskedExperiment(const std::string& tokenizer = "characters") {
    Experiment e;
    e.task.kind = "masked";
    e.task.path = "text.txt";
    e.task.seq_len = 20;
    e.task.text.tokenizer = tokenizer;
    e.task.text.pieces = 270;
    e.model.architecture = Architecture::encoder;
    e.model.d_model = 16;
    e.model.num_heads = 2;
    e.model.num_layers = 1;
    e.training.batch_size = 4;
    e.training.steps = 3;
    return e;
}

std::string maskedText() {
    std::string text;
    for (int i = 0; i < 60; ++i) text += "Mira lost the small key. Tom found the old owl " + std::to_string(i) + " times.\n\n";
    return text;
}

KeptTokenizer keptTokenizerOfCase(const char* name) {
    return {{}, readFile(lab::testing::pretrainedFolder / name / "tokenizer.json")};
}

int chosenIn(const Sample& sample) {
    return static_cast<int>(std::ranges::count_if(sample.targets, [](int target) { return target >= 0; }));
}

/// The sequence before it was masked.
std::vector<int> unmasked(const Sample& sample) {
    std::vector<int> tokens = sample.tokens;
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (sample.targets[i] >= 0) tokens[i] = sample.targets[i];
    return tokens;
}

}  // namespace

/// Which tokens an encoder is to guess, and what it reads in their place.
class MaskingTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    LoadedTask load(const Experiment& experiment, const KeptTokenizer& kept = {}) const {
        std::ofstream(folder() / "text.txt", std::ios::binary) << maskedText();
        return loadSavedTask(experiment, kept, folder());
    }

    QString refusal(const Experiment& experiment, const KeptTokenizer& kept = {}) const {
        return QString::fromStdString(lab::messageOf([&] { load(experiment, kept); }));
    }

private slots:
    /// 80, 10 and 10 of 100, of which a random token may be the same again.
    void aShareIsChosenAndMostOfItMasked() {
        const LoadedTask task = load(maskedExperiment("bytes"));
        const Masking masking(task.dataset->tokenizer(), 0.15);
        const int mask = requiredMask(task.dataset->tokenizer());
        const std::vector<int> tokens(40, 'e');
        int masks = 0, others = 0, same = 0;
        for (std::uint64_t i = 0; i < 2000; ++i) {
            const Sample sample = masking.masked(tokens, RandomStream(5, i));
            QCOMPARE(chosenIn(sample), 6);  // 0.15 x 40
            for (std::size_t at = 0; at < tokens.size(); ++at) {
                if (sample.targets[at] < 0) {
                    QCOMPARE(sample.tokens[at], tokens[at]);
                    continue;
                }
                QCOMPARE(sample.targets[at], tokens[at]);
                (sample.tokens[at] == mask ? masks : sample.tokens[at] == tokens[at] ? same : others)++;
            }
        }
        const auto isNear = [](int count, double share) { return std::abs(count / 12000.0 - share) < 0.015; };  // four sigma
        QVERIFY2(isNear(masks, 0.8) && isNear(others, 0.1) && isNear(same, 0.1),
                 qPrintable(QString("%1 masked, %2 others, %3 the same").arg(masks).arg(others).arg(same)));
    }

    void oneAtLeastIsChosenAndNoneWhereNothingStandsForText() {
        const LoadedTask task = load(maskedExperiment("bytes"));
        const Masking masking(task.dataset->tokenizer(), 0.15);
        const int mask = requiredMask(task.dataset->tokenizer());
        for (std::uint64_t i = 0; i < 20; ++i) {
            QCOMPARE(chosenIn(masking.masked({7, 8}, RandomStream(1, i))), 1);
            QCOMPARE(chosenIn(masking.masked({mask, mask}, RandomStream(1, i))), 0);
        }
    }

    /// [CLS], [SEP], <s> and </s> stand where they did and are neither asked for nor drawn.
    void whatFramesABlockIsNeverMasked_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"bert-mlm", "distilbert", "roberta"}) QTest::newRow(name) << name;
    }
    void whatFramesABlockIsNeverMasked() {
        QFETCH(QString, name);
        Experiment experiment = maskedExperiment();
        experiment.task.parameters.set("masked_share", 0.9);
        const LoadedTask task = load(experiment, keptTokenizerOfCase(qPrintable(name)));
        const Tokenizer& tokenizer = task.dataset->tokenizer();
        const std::vector<int> frame = SentenceFrame(tokenizer).usual({});
        QCOMPARE(std::ssize(frame), 2);
        const int mask = requiredMask(tokenizer);
        for (int i = 0; i < 200; ++i) {
            const Sample sample = task.dataset->trainSample(i * 1009);
            QCOMPARE(std::ssize(sample.tokens), 20);
            QCOMPARE(sample.tokens.front(), frame.front());
            QCOMPARE(sample.tokens.back(), frame.back());
            QVERIFY(sample.targets.front() == -1 && sample.targets.back() == -1);
            for (std::size_t at = 1; at + 1 < sample.tokens.size(); ++at)
                QVERIFY(sample.targets[at] == -1 || (!isSpecialToken(tokenizer, sample.targets[at]) &&
                                                     (sample.tokens[at] == mask || !isSpecialToken(tokenizer, sample.tokens[at]))));
        }
    }

    /// Sample i is the same whenever it is asked for; the same block comes masked in other ways, and what lies beneath is the text.
    void theSameBlockIsMaskedAnewEachTime() {
        const LoadedTask task = load(maskedExperiment()), again = load(maskedExperiment());
        const auto& data = dynamic_cast<const MaskedDataset&>(*task.dataset);
        const int blocks = static_cast<int>(data.train().size()) - 20 + 1;
        QVERIFY(data.trainSize() > 100'000 * blocks && data.trainSize() % blocks == 0);
        std::set<std::vector<int>> ways;
        for (int way = 0; way < 50; ++way) {
            const Sample sample = data.trainSample(3 + way * blocks);
            QCOMPARE(unmasked(sample), data.train().part(3, 20));
            QCOMPARE(again.dataset->trainSample(3 + way * blocks).tokens, sample.tokens);
            ways.insert(sample.tokens);
        }
        QVERIFY(ways.size() > 40);
        Experiment other = maskedExperiment();
        other.task.seed = 7;
        QVERIFY(load(other).dataset->trainSample(3).targets != data.trainSample(3).targets);
    }

    /// Side by side, each in one way, so that losses of different steps can be compared.
    void validationReadsTheWholeTextOnce() {
        const LoadedTask task = load(maskedExperiment());
        const auto& data = dynamic_cast<const MaskedDataset&>(*task.dataset);
        std::vector<int> read;
        for (int i = 0; i < data.blocks(); ++i) {
            const Sample sample = data.testSample(i);
            QVERIFY(chosenIn(sample) >= 1);
            const std::vector<int> tokens = unmasked(sample);
            read.insert(read.end(), tokens.begin(), tokens.end());
        }
        QCOMPARE(read, data.validation().part(0, data.validation().size()));
        QCOMPARE(data.validationSize(), data.blocks());
        QCOMPARE(data.testSize(), 0);
        Experiment few = maskedExperiment();
        few.task.validation_size = 3;
        const LoadedTask some = load(few);
        QCOMPARE(some.dataset->validationSize(), 3);
        QCOMPARE(some.dataset->testSize(), data.blocks());
        QCOMPARE(some.dataset->validationSample(0).tokens, data.testSample(0).tokens);
    }

    /// A tokenizer that is learned from the text gets a token for it, behind all others.
    void ownTokenizersGainAMask() {
        for (const char* name : {"characters", "bytes", "bpe"}) {
            const LoadedTask task = load(maskedExperiment(name));
            const Tokenizer& tokenizer = task.dataset->tokenizer();
            QVERIFY2(maskToken(tokenizer), name);
            QCOMPARE(tokenizer.shown(requiredMask(tokenizer)), std::string("[MASK]"));
            QCOMPARE(*task.experiment.model.vocab_size, tokenizer.symbols());
            const auto& data = dynamic_cast<const MaskedDataset&>(*task.dataset);
            QCOMPARE(tokenizer.decode(data.train().part(0, data.train().size())), data.corpus().train);
            Experiment plain = maskedExperiment(name);
            plain.task.kind = "text";
            plain.model.architecture = Architecture::decoder;
            QCOMPARE(load(plain).dataset->tokenizer().symbols() + 1, tokenizer.symbols());
        }
    }

    void whatCannotBeMaskedIsSaid() {
        Experiment decoder = maskedExperiment();
        decoder.model.architecture = Architecture::decoder;
        QVERIFY2(refusal(decoder).contains("guessed from both sides"), qPrintable(refusal(decoder)));
        QVERIFY2(refusal(maskedExperiment(), keptTokenizerOfCase("gpt2")).contains("has no mask token"),
                 qPrintable(refusal(maskedExperiment(), keptTokenizerOfCase("gpt2"))));
        Experiment tight = maskedExperiment();
        tight.task.seq_len = 2;
        QVERIFY2(refusal(tight, keptTokenizerOfCase("bert-mlm")).contains("leaves no room"),
                 qPrintable(refusal(tight, keptTokenizerOfCase("bert-mlm"))));
        Experiment headless = maskedExperiment();
        headless.model.output.kind = OutputKind::none;
        headless.model.output.loss = LossKind::squared;
        QVERIFY2(refusal(headless).contains("no head that names tokens"), qPrintable(refusal(headless)));
        Experiment next = maskedExperiment();
        next.task.kind = "text";
        QVERIFY2(refusal(next).contains("or use task masked"), qPrintable(refusal(next)));
    }
};

QTEST_APPLESS_MAIN(MaskingTest)
#include "masking_test.moc"
