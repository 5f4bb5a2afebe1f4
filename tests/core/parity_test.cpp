#include <QtTest>
#include <algorithm>
#include <map>
#include <set>

#include "core/analysis/answer_sources.h"
#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "core/tasks/task_config.h"

using namespace lab;

namespace {

Experiment parityOf(int shortest, int longest, int symbols = 2) {
    Experiment e;
    e.task.kind = "parity";
    e.task.parameters.set("min_len", shortest);
    e.task.seq_len = longest;
    e.task.vocab_size = symbols;
    e.task.train_size = 4000;
    e.task.validation_size = 20;
    e.task.test_size = 20;
    return e;
}

std::vector<int> answered(const std::vector<int>& x, int symbols) {
    TaskConfig task;
    task.kind = "parity";
    task.vocab_size = symbols;
    return task.kind->answer(x, task);
}

}  // namespace

class ParityTest : public QObject {
    Q_OBJECT

private slots:
    void eachAnswerCountsTheOnesUpToItsPlace() {
        QCOMPARE(answered({1, 0, 1, 1, 0, 1}, 2), (std::vector<int>{1, 1, 0, 1, 1, 0}));
        QCOMPARE(answered({2, 2, 1, 0, 2}, 3), (std::vector<int>{2, 1, 2, 2, 1}));
        QVERIFY(answered({}, 2).empty());
        const LoadedTask task = loadTask(parityOf(1, 12), {});
        for (int s = 0; s < 50; ++s) {
            const Sample sample = task.dataset->trainSample(s);
            QCOMPARE(sample.targets.size(), sample.tokens.size());
            for (std::size_t i = 0; i < sample.tokens.size(); ++i) {
                const auto end = sample.tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1;
                QCOMPARE(sample.targets[i], static_cast<int>(std::count(sample.tokens.begin(), end, 1) % 2));
            }
        }
    }

    void lengthsAreDrawnEvenly() {
        const LoadedTask task = loadTask(parityOf(3, 10), {});
        std::map<std::size_t, int> seen;
        for (int s = 0; s < 4000; ++s) ++seen[task.dataset->trainSample(s).tokens.size()];
        QCOMPARE(seen.size(), std::size_t{8});
        QCOMPARE(seen.begin()->first, std::size_t{3});
        QCOMPARE(seen.rbegin()->first, std::size_t{10});
        for (const auto& [length, count] : seen) QVERIFY2(std::abs(count - 500) < 5 * 21, std::to_string(length).c_str());  // 5 sigma
        for (int s = 0; s < 20; ++s) QCOMPARE(task.dataset->trainSample(s).tokens, task.dataset->trainSample(s).tokens);
    }

    void oneLengthIsDrawnWhereBothEndsMeet() {
        const LoadedTask task = loadTask(parityOf(7, 7), {});
        std::set<std::vector<int>> different;
        for (int s = 0; s < 50; ++s) {
            different.insert(task.dataset->trainSample(s).tokens);
            QCOMPARE(task.dataset->trainSample(s).tokens.size(), std::size_t{7});
        }
        QVERIFY(different.size() > 20);
    }

    void theModelHasRoomForTheLongest() {
        Experiment e = parityOf(2, 9);
        QCOMPARE(resolved(e).model.max_seq_len, std::optional(9));
        e.model.architecture = Architecture::decoder;
        QCOMPARE(resolved(e).model.max_seq_len, std::optional(19));
        QCOMPARE(resolved(e).model.vocab_size, std::optional(3));
        const LoadedTask task = loadTask(e, {});
        std::size_t longest = 0;
        for (int s = 0; s < 200; ++s) longest = std::max(longest, task.dataset->trainSample(s).tokens.size());
        QCOMPARE(longest, std::size_t{19});
    }

    void anAnswerStandsOnAllPlacesUpToItsOwn() {
        TaskConfig task;
        task.kind = "parity";
        QCOMPARE(task.kind->keys({1, 0, 1}, task), (AnswerKeys{{0}, {0, 1}, {0, 1, 2}}));
    }

    /// A sequence that somebody types may be shorter than any that is drawn: its answers are known all the same.
    void sourcesAreKnownOfShorterSequences() {
        const LoadedTask task = loadTask(parityOf(5, 8), {});
        Trace trace;
        trace.tokens = {1, 0, 1};
        const AttentionBlock block{"encoder.0.attention", "encoder", 0, 1, 1, false, {}};
        const auto sources = answerSources(task.experiment.task, Architecture::encoder, block, trace);
        QVERIFY(sources);
        QCOMPARE(sources->keys, (AnswerKeys{{0}, {0, 1}, {0, 1, 2}}));
    }

    void theShortestIsNoLongerThanTheLongest() {
        QVERIFY(problemsOf(parityOf(5, 5)).empty());
        const auto problems = problemsOf(parityOf(6, 5));
        QCOMPARE(problems.size(), std::size_t{1});
        QCOMPARE(problems.front().path, std::string("task.min_len"));
        QCOMPARE(problems.front().message.english(), std::string("6 is longer than seq_len 5; use at most 5"));
    }
};

QTEST_APPLESS_MAIN(ParityTest)
#include "parity_test.moc"
