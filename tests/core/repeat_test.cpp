// Repeat with blocks of a drawn length, and that those of a fixed one are what they always were.

#include <QtTest>
#include <map>
#include <set>

#include "core/config/experiment_json.h"
#include "core/data/loaded_task.h"

using namespace lab;

namespace {

LoadedTask repeatTask(RepeatPeriod period, int length, int symbols) {
    Experiment e;
    e.task.kind = "repeat";
    e.task.seq_len = length;
    e.task.vocab_size = symbols;
    e.task.train_size = 4000;
    e.task.validation_size = 100;
    e.task.test_size = 100;
    e.task.repeat.period = period;
    e.model.architecture = Architecture::decoder;
    return loadTask(e, {});
}

std::vector<int> sequence(const LoadedTask& task, int i) {
    return task.dataset->trainSample(i).tokens;
}

/// All lengths in the range that the end of x says twice, by asking each pair of tokens.
std::set<int> periodsThatFit(const std::vector<int>& x) {
    std::set<int> fitting;
    const auto n = static_cast<int>(x.size());
    for (int p = (n + 3) / 4; p <= n / 2; ++p) {
        bool fits = true;
        for (int i = n - p; i < n; ++i) fits = fits && x[static_cast<std::size_t>(i)] == x[static_cast<std::size_t>(i - p)];
        if (fits) fitting.insert(p);
    }
    return fitting;
}

AnswerKeys keysOf(const LoadedTask& task, const std::vector<int>& x) {
    return task.experiment.task.kind->keys(x, task.experiment.task);
}

}  // namespace

class RepeatTest : public QObject {
    Q_OBJECT

private slots:
    /// Kept from before there was a choice.
    void aFixedPeriodDrawsWhatItAlwaysDrew() {
        const LoadedTask task = repeatTask(RepeatPeriod::fixed, 10, 10);
        for (int i = 0; i < 50; ++i) {
            const std::vector<int> x = sequence(task, i);
            for (std::size_t j = 0; j < 5; ++j) QCOMPARE(x[j], x[j + 5]);
            // Half of a sequence of twice its tokens drawn without any task's doing: the same symbols of the same stream.
            Experiment e = task.experiment;
            e.task.kind = "copy";
            e.task.seq_len = 5;
            e.model = {};
            const std::vector<int> drawn = loadTask(e, {}).dataset->trainSample(i).tokens;
            QCOMPARE((std::vector<int>{x.begin(), x.begin() + 5}), drawn);
        }
    }

    void aRandomPeriodEndsWithABlockTwice_data() {
        QTest::addColumn<int>("length");
        QTest::addColumn<int>("symbols");
        for (const int length : {4, 5, 7, 8, 16, 32, 33})
            for (const int symbols : {2, 10, 64, 1048576}) QTest::addRow("%d of %d", length, symbols) << length << symbols;
    }
    void aRandomPeriodEndsWithABlockTwice() {
        QFETCH(int, length);
        QFETCH(int, symbols);
        const LoadedTask task = repeatTask(RepeatPeriod::random, length, symbols);
        for (int i = 0; i < 300; ++i) {
            const Sample sample = task.dataset->trainSample(i);
            QCOMPARE(static_cast<int>(sample.tokens.size()), length);
            QVERIFY(!periodsThatFit(sample.tokens).empty());
            for (const int token : sample.tokens) QVERIFY(token >= 0 && token < symbols);
            for (std::size_t j = 0; j + 1 < sample.tokens.size(); ++j) QCOMPARE(sample.targets[j], sample.tokens[j + 1]);
            QCOMPARE(sample.targets.back(), -1);
        }
    }

    /// Each length as often as the others, and fresh tokens that are even and know nothing of the length.
    void lengthsAndFreshTokensAreUniform() {
        const LoadedTask task = repeatTask(RepeatPeriod::random, 32, 64);  // by chance fits no second length
        std::map<int, int> counts;
        std::map<int, int> firstTokens;
        for (int i = 0; i < 4000; ++i) {
            const std::vector<int> x = sequence(task, i);
            const std::set<int> fitting = periodsThatFit(x);
            QCOMPARE(fitting.size(), std::size_t{1});
            ++counts[*fitting.begin()];
            ++firstTokens[x.front() / 8];
        }
        QCOMPARE(counts.size(), std::size_t{9});  // 8 .. 16
        for (const auto& [length, count] : counts) QVERIFY2(std::abs(count - 4000 / 9) < 100, qPrintable(QString::number(count)));
        for (const auto& [token, count] : firstTokens) QVERIFY(std::abs(count - 500) < 110);
    }

    void partsAndSequencesDiffer() {
        const LoadedTask task = repeatTask(RepeatPeriod::random, 32, 16);
        std::set<std::vector<int>> seen;
        for (int i = 0; i < 100; ++i) {
            seen.insert(task.dataset->trainSample(i).tokens);
            seen.insert(task.dataset->validationSample(i).tokens);
            seen.insert(task.dataset->testSample(i).tokens);
        }
        QCOMPARE(seen.size(), std::size_t{300});
    }

    /// Each key holds the token that its query predicts, one period before it, from the first query that can know.
    void theKeysFollowTheBlock() {
        const LoadedTask task = repeatTask(RepeatPeriod::random, 32, 64);
        for (int i = 0; i < 200; ++i) {
            const std::vector<int> x = sequence(task, i);
            const int p = *periodsThatFit(x).rbegin();
            const AnswerKeys keys = keysOf(task, x);
            QCOMPARE(keys.size(), x.size());
            for (int q = 0; q < 32; ++q) {
                const bool known = q >= 32 - p && q < 31;
                QCOMPARE(keys[static_cast<std::size_t>(q)], known ? std::vector<int>{q + 1 - p} : std::vector<int>{});
            }
        }
    }

    void keysOfWhatAPersonTypesComeFromTheTokensAlone() {
        const LoadedTask task = repeatTask(RepeatPeriod::random, 8, 10);
        QCOMPARE(keysOf(task, {9, 8, 1, 2, 3, 1, 2, 3}), (AnswerKeys{{}, {}, {}, {}, {}, {3}, {4}, {}}));
        QCOMPARE(keysOf(task, {1, 2, 1, 2, 1, 2, 1, 2}), (AnswerKeys{{}, {}, {}, {}, {1}, {2}, {3}, {}}));  // 2 and 4 fit: the longer
        QCOMPARE(keysOf(task, {1, 2, 3, 4, 5, 6, 7, 8}), AnswerKeys(8));
        QCOMPARE(keysOf(task, {}), AnswerKeys{});
        QCOMPARE(keysOf(task, {5}), AnswerKeys(1));
    }

    void thePeriodIsReadAndWritten() {
        const Experiment read = parseExperiment(
            R"({"format": "attention-lab/experiment", "version": 1, "name": "r", "task": {"kind": "repeat", "period": "random"}})");
        QVERIFY(read.task.repeat.period == RepeatPeriod::random);
        QVERIFY(parseExperiment(writeExperiment(read)).task.repeat.period == RepeatPeriod::random);
        QVERIFY(Experiment().task.repeat.period == RepeatPeriod::fixed);
    }

    void halvesAndShortSequencesAreRefusedWhereTheyDoNotFit() {
        const auto refusal = [](RepeatPeriod period, int length) {
            TaskConfig task;
            task.kind = "repeat";
            task.seq_len = length;
            task.repeat.period = period;
            std::string said;
            task.kind->check(task, [&](std::string_view key, const Message& why) { said = std::string(key) + ": " + why.english(); });
            return said;
        };
        QCOMPARE(refusal(RepeatPeriod::fixed, 7), std::string("seq_len: 7 is odd; repeat has two halves, so use 6 or 8"));
        QCOMPARE(refusal(RepeatPeriod::random, 7), std::string());
        QCOMPARE(refusal(RepeatPeriod::random, 3),
                 std::string("seq_len: 3 is too short; with a random period repeat has at least 4 tokens"));
    }
};

QTEST_APPLESS_MAIN(RepeatTest)
#include "repeat_test.moc"
