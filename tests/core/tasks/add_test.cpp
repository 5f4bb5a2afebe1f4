#include <QtTest>
#include <algorithm>

#include "core/tasks/task_config.h"

using namespace lab;

namespace {

TaskConfig addition(bool reversed, int base = 10) {
    TaskConfig task;
    task.kind = "add";
    task.vocab_size = base;
    task.parameters.set("reversed", reversed ? 1 : 0);
    return task;
}

std::vector<int> sumOf(const TaskConfig& task, std::vector<int> x) {
    return task.kind->answer(std::move(x), task);
}

std::vector<int> digitsOf(std::int64_t number, int count, int base) {
    std::vector<int> digits;
    for (int i = 0; i < count; ++i, number /= base) digits.insert(digits.begin(), static_cast<int>(number % base));
    return digits;
}

}  // namespace

class AddTest : public QObject {
    Q_OBJECT

private slots:
    void twoNumbersGiveTheDigitsOfTheirSum() {
        QCOMPARE(sumOf(addition(false), {1, 2, 3, 4}), (std::vector<int>{0, 4, 6}));
        QCOMPARE(sumOf(addition(false), {9, 9, 0, 1}), (std::vector<int>{1, 0, 0}));
        QCOMPARE(sumOf(addition(false), {7, 5}), (std::vector<int>{1, 2}));
        QVERIFY(sumOf(addition(false), {}) == std::vector<int>{0});
    }

    void everyBaseCountsRight() {
        for (const int base : {2, 3, 10, 16}) {
            for (std::int64_t n = 0; n < 400; ++n) {
                const std::int64_t range = base * base * base, a = 7919 * n % range, b = 104729 * n % range;
                std::vector<int> x = digitsOf(a, 3, base);
                const std::vector<int> second = digitsOf(b, 3, base);
                x.insert(x.end(), second.begin(), second.end());
                std::vector<int> sum = digitsOf(a + b, 4, base);
                QCOMPARE(sumOf(addition(false, base), x), sum);
                std::ranges::reverse(sum);
                QCOMPARE(sumOf(addition(true, base), x), sum);
            }
        }
    }

    void theMostSignificantDigitComesFirstUnlessReversed() {
        TaskConfig task;
        task.kind = "add";
        QCOMPARE(sumOf(task, {6, 0, 5, 0}), (std::vector<int>{1, 1, 0}));
        QCOMPARE(sumOf(addition(true), {6, 0, 5, 0}), (std::vector<int>{0, 1, 1}));
    }

    void aSumHasOneDigitMoreThanEachNumber() {
        const Kind<TaskSpec> add("add");
        for (const int n : {2, 4, 16})
            QCOMPARE(static_cast<int>(sumOf(addition(false), std::vector<int>(static_cast<std::size_t>(n), 1)).size()),
                     add->lengthOfAnswer(n));
        QCOMPARE(add->lengthOfAnswer(16), 9);
    }

    /// Digits of another column change the answer by a carry at most.
    void anAnswerStandsOnTheDigitsOfItsColumn() {
        const std::vector<int> x{1, 2, 3, 4, 5, 6};
        QCOMPARE(addition(false).kind->keys(x, addition(false)), (AnswerKeys{{0, 3}, {0, 3}, {1, 4}, {2, 5}}));
        QCOMPARE(addition(true).kind->keys(x, addition(true)), (AnswerKeys{{2, 5}, {1, 4}, {0, 3}, {0, 3}}));
        const TaskConfig task = addition(false);
        const AnswerKeys keys = task.kind->keys(x, task);
        for (std::size_t i = 1; i < 4; ++i) {
            std::vector<int> changed = x;
            for (const int key : keys[i]) ++changed[static_cast<std::size_t>(key)];
            QCOMPARE((sumOf(task, changed)[i] - sumOf(task, x)[i] + 10) % 10, 2);
        }
        QVERIFY(task.kind->keys({}, task).empty());
    }

    void anOddNumberOfDigitsIsRefused() {
        TaskConfig task = addition(false);
        std::vector<std::string> said;
        const Refuse refuse = [&](std::string_view key, const Message& why) { said.push_back(std::string(key) + ": " + why.english()); };
        task.kind->check(task, refuse);
        QVERIFY(said.empty());
        task.seq_len = 7;
        task.kind->check(task, refuse);
        task.seq_len = 1;
        task.kind->check(task, refuse);
        QCOMPARE(said, (std::vector<std::string>{"seq_len: 7 is odd; add has two halves, so use 6 or 8",
                                                 "seq_len: 1 is odd; add has two halves, so use 2"}));
    }
};

QTEST_APPLESS_MAIN(AddTest)
#include "add_test.moc"
