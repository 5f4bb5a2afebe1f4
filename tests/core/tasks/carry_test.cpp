#include <QtTest>
#include <set>

#include "core/base/random.h"
#include "core/tasks/task_config.h"

using namespace lab;

namespace {

TaskConfig carry(int length, int farthest, int symbols = 8) {
    TaskConfig task;
    task.kind = "carry";
    task.seq_len = length;
    task.vocab_size = symbols;
    task.parameters.set("farthest", farthest);
    return task;
}

std::vector<int> drawn(const TaskConfig& task, std::uint64_t seed) {
    const RandomStream random(seed, "symbols");
    return task.kind->draw(
        [&](int count) {
            std::vector<int> symbols;
            for (int i = 0; i < count; ++i)
                symbols.push_back(
                    static_cast<int>(random.below(static_cast<std::uint64_t>(i), static_cast<std::uint32_t>(task.vocab_size))));
            return symbols;
        },
        task);
}

}  // namespace

class CarryTest : public QObject {
    Q_OBJECT

private slots:
    void asksForWhatStoodBehindTheLastKeepMark() {
        const TaskConfig task = carry(9, 0);
        const std::vector<int> x{1, 0, 5, 3, 1, 0, 4, 1, 1};
        QCOMPARE(task.kind->answer(x, task), (std::vector<int>{-1, -1, -1, -1, 5, -1, -1, 4, 4}));
        QCOMPARE(task.kind->keys(x, task), (AnswerKeys{{}, {}, {}, {}, {2}, {}, {}, {6}, {6}}));
        // What stands behind 0 is kept whatever it is, once it has been read.
        QCOMPARE(task.kind->answer({0, 1, 1}, task), (std::vector<int>{-1, -1, 1}));
        QCOMPARE(task.kind->answer({2, 3, 0}, task), (std::vector<int>{-1, -1, -1}));
    }

    /// One question, answered by the next token, and every distance from 1 to the farthest.
    void drawsOneQuestionOfEveryDistance() {
        for (const auto& [length, farthest, most] :
             {std::array{4, 0, 1}, std::array{12, 0, 9}, std::array{12, 5, 5}, std::array{12, 99, 9}}) {
            const TaskConfig task = carry(length, farthest);
            std::set<int> distances, kept;
            for (std::uint64_t seed = 0; seed < 300; ++seed) {
                const std::vector<int> x = drawn(task, seed), y = task.kind->answer(x, task);
                QCOMPARE(static_cast<int>(x.size()), length);
                const auto asked = std::ranges::find_if(y, [](int t) { return t >= 0; });
                QVERIFY(asked != y.end());
                QCOMPARE(std::ranges::count_if(y, [](int t) { return t >= 0; }), 1);
                const auto place = static_cast<std::size_t>(asked - y.begin());
                QVERIFY(place + 1 < x.size());
                QCOMPARE(x[place + 1], *asked);
                QVERIFY(*asked >= 2 && *asked < task.vocab_size);
                kept.insert(*asked);
                distances.insert(static_cast<int>(place) - task.kind->keys(x, task)[place].front());
            }
            QCOMPARE(*distances.begin(), 1);
            QCOMPARE(*distances.rbegin(), most);
            QCOMPARE(static_cast<int>(distances.size()), most);
            QCOMPARE(static_cast<int>(kept.size()), task.vocab_size - 2);
        }
    }
};

QTEST_APPLESS_MAIN(CarryTest)
#include "carry_test.moc"
