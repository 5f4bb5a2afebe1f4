// What every row of the table promises to those who ask it.

#include <QtTest>
#include <algorithm>
#include <set>

#include "core/tasks/task_config.h"
#include "tests/core/base/kind_testing.h"

using namespace lab;

namespace {

constexpr int symbols = 10;

/// A sequence of the length that the task asks for, from a generator that owes nothing to the program's.
std::vector<int> sequenceOf(const TaskConfig& task, unsigned seed) {
    const DrawSymbols draw = [&seed](int count) {
        std::vector<int> drawn;
        for (int i = 0; i < count; ++i) drawn.push_back(static_cast<int>((seed = 1664525 * seed + 1013904223) >> 16) % symbols);
        return drawn;
    };
    return task.kind->draw ? task.kind->draw(draw, task) : draw(task.seq_len);
}

void eachBuiltIn(const std::function<void(const TaskConfig&)>& test) {
    for (const TaskSpec* row : TaskSpec::table()) {
        if (!row->isBuiltIn()) continue;
        TaskConfig task;
        task.kind = Kind<TaskSpec>(*row);
        for (const int n : {2, 8, 16}) {
            task.seq_len = n;
            if (row->varies) task.parameters.set("min_len", n);  // their own tests draw lengths
            test(task);
        }
    }
}

bool isWithin(int value, int end) {
    return value >= 0 && value < end;
}

}  // namespace

class TaskTableTest : public QObject {
    Q_OBJECT

private slots:
    void tasksThatShareAKeyShareItsMeaning() { QCOMPARE(lab::testing::keyOfTwoMeanings<TaskSpec>(), std::string()); }

    void rowsHaveDifferentNamesAndSayWhatTheyAre() {
        std::set<std::string_view> names;
        for (const TaskSpec* row : TaskSpec::table()) {
            QVERIFY2(names.insert(row->name).second, row->name.data());
            QVERIFY2(!row->title.empty() && !row->help.empty(), row->name.data());
            QVERIFY2(!std::string_view(row->help.text).ends_with('.'), row->name.data());
        }
        QCOMPARE(Kind<TaskSpec>().name(), std::string_view("reverse"));
        QVERIFY(!Kind<TaskSpec>::find("nonsense"));
    }

    void parametersHaveAStandardWithinTheirLimits() {
        const std::set<std::string_view> taken{"kind",   "seq_len",  "vocab_size",      "train_size",  "validation_size", "test_size",
                                               "seed",   "path",     "validation_path", "parameters",  "period",          "patch",
                                               "stride", "function", "nonzero",         "hidden",      "points",          "dimensions",
                                               "layout", "inputs",   "noise",           "input_scale", "weight_scale"};
        for (const TaskSpec* row : TaskSpec::table()) {
            for (const ParameterSpec& parameter : row->parameters) {
                QVERIFY2(!taken.contains(parameter.key), row->name.data());
                QVERIFY2(!parameter.help.empty(), row->name.data());
                QVERIFY2(!parameter.standard || parameter.limits.contains(*parameter.standard), row->name.data());
            }
        }
    }

    void answersAreSymbolsAndAsManyAsPromised() {
        eachBuiltIn([](const TaskConfig& task) {
            for (unsigned seed = 0; seed < 20; ++seed) {
                const std::vector<int> x = sequenceOf(task, seed), y = task.kind->answer(x, task);
                QCOMPARE(static_cast<int>(x.size()), task.seq_len);
                QCOMPARE(static_cast<int>(y.size()), task.kind->lengthOfAnswer(task.seq_len));
                QVERIFY(y.size() <= x.size());
                for (const int token : y) QVERIFY(isWithin(token, symbols) || (task.kind->framing == Framing::nextToken && token == -1));
            }
        });
    }

    void theKeysOfAnAnswerLieInItsSequence() {
        eachBuiltIn([](const TaskConfig& task) {
            if (!task.kind->keys) return;
            const std::vector<int> x = sequenceOf(task, 1), y = task.kind->answer(x, task);
            const AnswerKeys keys = task.kind->keys(x, task);
            QCOMPARE(keys.size(), y.size());
            for (const std::vector<int>& places : keys)
                for (const int key : places) QVERIFY2(isWithin(key, task.seq_len), task.kind->name.data());
        });
    }

    /// Tokens elsewhere may change: an answer that follows from the own place stays.
    void theOwnPlaceIsSaidOfTasksThatNeedNoOther() {
        eachBuiltIn([](const TaskConfig& task) {
            if (task.seq_len < 8) return;
            bool own = task.kind->lengthOfAnswer(task.seq_len) == task.seq_len;
            for (unsigned seed = 0; seed < 5 && own; ++seed) {
                const std::vector<int> x = sequenceOf(task, seed), y = task.kind->answer(x, task);
                for (std::size_t i = 0; i < x.size() && own; ++i) {
                    std::vector<int> other = sequenceOf(task, seed + 100);
                    other[i] = x[i];
                    own = task.kind->answer(other, task)[i] == y[i];
                }
            }
            QVERIFY2(own == (task.kind->basis == AnswerBasis::ownPlace), task.kind->name.data());
        });
    }

    /// Where only the tokens count, their order changes nothing; elsewhere it does.
    void placesAreSaidOfTasksThatNeedThem() {
        eachBuiltIn([](const TaskConfig& task) {
            if (task.seq_len < 8 || task.kind->framing != Framing::answered || task.kind->basis == AnswerBasis::ownPlace) return;
            const std::vector<int> x = sequenceOf(task, 3);
            std::vector<int> other = x;
            std::ranges::sort(other);
            const bool same = task.kind->answer(x, task) == task.kind->answer(other, task);
            QVERIFY2(same == (task.kind->basis == AnswerBasis::tokens), task.kind->name.data());
        });
    }

    void whatHasKeysHasWordsForThem() {
        for (const TaskSpec* row : TaskSpec::table()) {
            QCOMPARE(row->keys != nullptr, row->basis != AnswerBasis::unknown);
            if (!row->keys) continue;
            const SourceWords& words = row->inPlace;
            QVERIFY2(!words.title.empty() && !words.brief.empty() && !words.place.empty() && !words.keys.empty(), row->name.data());
            // Behind SEP or BOS no query stands at its answer's place.
            QVERIFY2(row->basis != AnswerBasis::ownPlace || !(row->inX.place == words.place), row->name.data());
        }
    }

    void whatAFileGivesHasNoAnswerBuiltIn() {
        for (const TaskSpec* row : TaskSpec::table()) QCOMPARE(row->isBuiltIn(), row->source == TaskSource::drawn);
        QVERIFY(!Kind<TaskSpec>("pairs")->isBuiltIn());
    }
};

QTEST_APPLESS_MAIN(TaskTableTest)
#include "task_table_test.moc"
