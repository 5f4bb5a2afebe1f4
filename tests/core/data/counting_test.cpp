#include "core/data/counting.h"

#include <QtTest>
#include <cmath>
#include <numbers>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/data/text_loading.h"

using namespace lab;

namespace {

std::string tale(int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i)
        text += "The " + std::to_string(i * i % 97) + " goats went over the bridge, and one of them stayed.\n\n";
    return text;
}

/// Characters, blocks of 8; `blocks` of them are validated.
LoadedTask taleTask(int blocks) {
    Experiment e;
    e.task.kind = "text";
    e.task.path = "tale.txt";
    e.task.seq_len = 8;
    e.task.text.tokenizer = "characters";
    e.task.validation_size = blocks;
    e.model.architecture = Architecture::decoder;
    e.model.d_model = 16;
    e.model.num_heads = 2;
    e.model.num_layers = 1;
    return loadText(e, std::make_shared<const Corpus>(partedCorpus(tale(0, 200), tale(300, 320), "raw", "clean")), {}, {});
}

const TextDataset& textOf(const LoadedTask& task) {
    return dynamic_cast<const TextDataset&>(*task.dataset);
}

}  // namespace

class CountingTest : public QObject {
    Q_OBJECT

private slots:
    void whatValidationAsksForIsScored() {
        for (const int blocks : {1, 3, 10, 100000}) {
            const LoadedTask task = taleTask(blocks);
            const TextDataset& data = textOf(task);
            const std::vector<unsigned char> scored = data.scoredTokens();
            QCOMPARE(scored.size(), data.validation().size());
            std::size_t asked = 0;
            for (int i = 0; i < data.validationSize(); ++i)
                for (const int target : data.validationSample(i).targets) asked += target >= 0 ? 1 : 0;
            QCOMPARE(static_cast<std::size_t>(std::ranges::count(scored, 1)), asked);
            QCOMPARE(countingBaselines(data).scoredTokens, asked);
        }
        // Where all blocks are validated every token but the first counts.
        const std::vector<unsigned char> all = textOf(taleTask(100000)).scoredTokens();
        QVERIFY(all.front() == 0 && std::ranges::count(all, 1) == std::ssize(all) - 1);
    }

    void theyAreTheNgramsOfTheTrainingText() {
        const LoadedTask task = taleTask(100000);
        const TextDataset& data = textOf(task);
        const CountingBaselines counting = countingBaselines(data);
        const auto train = data.train().part(0, data.train().size()), judged = data.validation().part(0, data.validation().size());
        const NgramBaselines bits = ngramBaselines(train, judged, data.tokenizer().symbols(), {}, {}, data.scoredTokens());
        QCOMPARE(counting.nats.size(), std::size_t{6});
        for (std::size_t n = 0; n < 6; ++n) QVERIFY(std::abs(counting.nats[n] - bits.bits[n] * std::numbers::ln2) < 1e-12);
        QVERIFY(std::abs(counting.nats[0] - std::log(data.tokenizer().symbols())) < 1e-12);
        QVERIFY(counting.isWhole() && counting.counted == train.size());
        QCOMPARE(counting.bestNats(), std::ranges::min(counting.nats));
        QVERIFY(counting.best() >= 3);
        // The same tokens given as another text.
        QCOMPARE(countingBaselines(data, data.validation()).nats, counting.nats);
    }

    void aModelIsBetterOnlyBelowTheBestOfThem() {
        CountingBaselines counting{{3, 2.5, 2, 1.5, 1.25, 1.375}, 1000, 1000, 100};
        QCOMPARE(counting.best(), 4);
        QVERIFY(isBetterThanCounting(1.2499, counting) && !isBetterThanCounting(1.25, counting));
        const LossUnit bits{1 / std::numbers::ln2, true};
        QCOMPARE(QString::fromStdString(countingSentence(1.0, counting, {}).english()),
                 QString("Better than counting: 1.000, against 1.250 nats a token of the best n-gram on the same tokens (4-gram)."));
        QCOMPARE(QString::fromStdString(countingSentence(2.0, counting, bits).english()),
                 QString("Not better than counting: 2.885, against 1.803 bits a byte of the best n-gram on the same tokens (4-gram)."));
        counting.trainTokens = 4000;
        QVERIFY(countingSentence(1.0, counting, {}).english().ends_with("It was counted in the first 25 % of the training text."));
        const char* names[] = {"uniform guess", "unigram", "bigram", "trigram", "4-gram", "5-gram"};
        for (int n = 0; n < 6; ++n) QCOMPARE(ngramName(n).english(), std::string(names[n]));
    }

    void limitsAndTheWatchHold() {
        const LoadedTask task = taleTask(10);
        const CountingBaselines part = countingBaselines(textOf(task), {}, {.trainTokens = 500});
        QVERIFY(!part.isWhole() && part.counted == 500);
        QVERIFY_EXCEPTION_THROWN(countingBaselines(textOf(task), [](double) { return false; }), InputError);
    }
};

QTEST_GUILESS_MAIN(CountingTest)
#include "counting_test.moc"
