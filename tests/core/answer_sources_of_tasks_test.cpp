// The source positions of every task, held against the task's own samples: nothing here knows the code under test's patterns. Where all
// tokens differ, the position that holds the answer is the only one it can come from.

#include <QtTest>
#include <set>

#include "core/analysis/answer_sources.h"
#include "core/data/loaded_task.h"

using namespace lab;

namespace {

LoadedTask taskOf(Kind<TaskSpec> kind, Architecture architecture, int n, int vocabulary) {
    Experiment experiment;
    experiment.task.kind = kind;
    experiment.task.seq_len = n;
    experiment.task.vocab_size = vocabulary;
    experiment.task.train_size = 200;
    experiment.task.validation_size = 8;
    experiment.task.test_size = 8;
    experiment.model.architecture = architecture;
    return loadTask(experiment, {});
}

Trace traceOf(const Sample& sample) {
    Trace trace;
    trace.tokens = sample.tokens;
    trace.targetTokens = sample.targetTokens;
    return trace;
}

/// What the model is to answer from: the tokens before the separator, or the first of the two equal halves, or all.
std::vector<int> givenTokens(const Experiment& experiment, const Sample& sample) {
    const bool repeats = experiment.task.kind == "repeat";
    const auto n = static_cast<std::size_t>(repeats ? experiment.task.seq_len / 2 : experiment.task.seq_len);
    return {sample.tokens.begin(), sample.tokens.begin() + static_cast<std::ptrdiff_t>(n)};
}

std::optional<Sources> sourcesOf(const LoadedTask& task, const Sample& sample, bool cross) {
    const AttentionBlock block{"b", cross ? "decoder" : "encoder", 0, 1, 1, cross, {}};
    return answerSources(task.experiment.task, task.experiment.model.architecture, block, traceOf(sample));
}

/// Whether every answer is a token of x said again, or as sub's one that tells which.
bool answersWithTokensOfX(const TaskSpec& row) {
    if (!row.isBuiltIn() || row.name == "sub") return row.isBuiltIn();
    TaskConfig task;
    task.kind = Kind<TaskSpec>(row);
    task.seq_len = 8;
    task.vocab_size = 200;
    const std::vector<int> x{101, 102, 103, 104, 105, 106, 107, 108};
    const std::vector<int> answers = row.answer(x, task);  // none of carry, which asks behind a mark
    return std::ranges::any_of(answers, [](int y) { return y >= 0; }) &&
           std::ranges::all_of(answers, [&x](int y) { return y < 0 || std::ranges::find(x, y) != x.end(); });
}

}  // namespace

class AnswerSourcesOfTasksTest : public QObject {
    Q_OBJECT

private slots:
    void everyAnswerStandsAtItsSource_data() {
        QTest::addColumn<std::string>("kind");
        QTest::addColumn<int>("architecture");
        for (const TaskSpec* row : TaskSpec::table())
            for (const Architecture architecture : {Architecture::encoder, Architecture::decoder, Architecture::encoder_decoder})
                if (answersWithTokensOfX(*row) && (row->framing == Framing::answered || architecture == Architecture::decoder))
                    QTest::addRow("%s %d", row->name.data(), static_cast<int>(architecture))
                        << std::string(row->name) << static_cast<int>(architecture);
    }
    void everyAnswerStandsAtItsSource() {
        QFETCH(std::string, kind);
        QFETCH(int, architecture);
        const LoadedTask task = taskOf(Kind<TaskSpec>(kind), static_cast<Architecture>(architecture), 8, 200);
        const bool sub = task.experiment.task.kind == "sub", repeats = task.experiment.task.kind == "repeat";
        int looked = 0;
        for (int s = 0; s < task.dataset->trainSize(); ++s) {
            const Sample sample = task.dataset->trainSample(s);
            const std::vector<int> given = givenTokens(task.experiment, sample);
            if (std::set<int>(given.begin(), given.end()).size() != given.size()) continue;
            const auto sources = sourcesOf(task, sample, task.experiment.model.architecture == Architecture::encoder_decoder);
            QVERIFY(sources);
            QCOMPARE(sources->keys.size(), sample.targets.size());
            for (std::size_t i = 0; i < sample.targets.size(); ++i) {
                const std::vector<int>& keys = sources->keys[i];
                const int target = sample.targets[i];
                const int wanted = sub ? task.experiment.task.vocab_size - 1 - target : target;
                const auto place = std::find(given.begin(), given.end(), wanted);
                // The first block of a repetition is guesswork: nothing stands anywhere yet.
                const bool known = target >= 0 && (!repeats || i + 1 >= given.size());
                QCOMPARE(keys, known ? std::vector<int>{static_cast<int>(place - given.begin())} : std::vector<int>{});
            }
            ++looked;
        }
        QVERIFY(looked > 50);
    }

    /// The sum of the digits an answer stands on is the answer, or with a carry one less.
    void everyDigitOfASumStandsInItsColumn() {
        for (const Architecture architecture : {Architecture::encoder, Architecture::decoder, Architecture::encoder_decoder}) {
            for (const double reversed : {0, 1}) {
                Experiment experiment = taskOf("add", architecture, 8, 10).experiment;
                experiment.task.parameters.set("reversed", reversed);
                const LoadedTask task = loadTask(experiment, {});
                for (int s = 0; s < 20; ++s) {
                    const Sample sample = task.dataset->trainSample(s);
                    const std::vector<int> given = givenTokens(experiment, sample);
                    const auto sources = sourcesOf(task, sample, architecture == Architecture::encoder_decoder);
                    QVERIFY(sources);
                    int answers = 0, first = -1;
                    for (std::size_t i = 0; i < sample.targets.size(); ++i) {
                        const std::vector<int>& keys = sources->keys[i];
                        QCOMPARE(keys.size(), sample.targets[i] < 0 ? std::size_t{0} : std::size_t{2});
                        if (keys.empty()) continue;
                        if (first < 0) first = static_cast<int>(i);
                        QCOMPARE(keys[1], keys[0] + 4);
                        const int sum = given[static_cast<std::size_t>(keys[0])] + given[static_cast<std::size_t>(keys[1])];
                        const bool leading = reversed != 0 ? answers == 4 : answers == 0;
                        if (leading)
                            QVERIFY(sample.targets[i] == (sum > 9) || (sum == 9 && sample.targets[i] == 1));
                        else
                            QVERIFY(sample.targets[i] == sum % 10 || sample.targets[i] == (sum + 1) % 10);
                        ++answers;
                    }
                    QCOMPARE(answers, 5);
                    QCOMPARE(first, architecture == Architecture::encoder ? 3 : architecture == Architecture::decoder ? 8 : 0);
                }
            }
        }
    }

    /// Where tokens come several times, sorting answers from all of them.
    void sortingCountsEveryCopyOfTheAnswer() {
        for (const Architecture architecture : {Architecture::encoder, Architecture::decoder, Architecture::encoder_decoder}) {
            const LoadedTask task = taskOf("sort", architecture, 9, 4);
            for (int s = 0; s < 20; ++s) {
                const Sample sample = task.dataset->trainSample(s);
                const std::vector<int> given = givenTokens(task.experiment, sample);
                const auto sources = sourcesOf(task, sample, architecture == Architecture::encoder_decoder);
                QVERIFY(sources);
                for (std::size_t i = 0; i < sample.targets.size(); ++i) {
                    std::vector<int> places;
                    for (std::size_t j = 0; j < given.size(); ++j)
                        if (given[j] == sample.targets[i]) places.push_back(static_cast<int>(j));
                    QCOMPARE(sources->keys[i], places);
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(AnswerSourcesOfTasksTest)
#include "answer_sources_of_tasks_test.moc"
