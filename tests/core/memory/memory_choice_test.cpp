#include "core/memory/memory_choice.h"

#include <QtTest>

#include "core/memory/modern_recall.h"
#include "core/memory/pattern_vectors.h"

using namespace lab;

class MemoryChoiceTest : public QObject {
    Q_OBJECT

private slots:
    void modernIsTheLastOfTheNames() {
        const std::vector<std::string> names = memoryNames();
        QCOMPARE(names.size(), storageRules().size() + 1);
        QCOMPARE(names.back(), std::string(modernRule));
        for (std::size_t k = 0; k + 1 < names.size(); ++k) QVERIFY(findStorageRule(names[k]));
        QVERIFY(!findStorageRule(modernRule));
    }

    void eachChoiceIsItsMemory() {
        std::vector<States> patterns;
        for (const Pattern& pattern : randomPatterns(6, 1, 60, 0, 1)) patterns.push_back(pattern.states);
        const States query = withNoise({{}, 1, 60, patterns[2]}, 0.2, 5).states;
        MemoryChoice choice;
        choice.rule = &storageRule("storkey");
        QCOMPARE(memoryMaker(choice)(patterns)(query, 5), classicalMemory(storageRule("storkey"))(patterns)(query, 5));
        choice.rule = nullptr;
        QCOMPARE(choice.betaFor(60), attentionBeta(60));
        QCOMPARE(memoryMaker(choice)(patterns)(query, 5), modernMemory(attentionBeta(60))(patterns)(query, 5));
        choice.beta = 0.5;
        QCOMPARE(choice.betaFor(60), 0.5);
    }

    void sizesAreCompared() {
        QVERIFY(sizeProblem(blankPattern(3, 4), blankPattern(3, 4)).empty());
        QVERIFY(!sizeProblem(blankPattern(3, 4), blankPattern(4, 3)).empty());
    }
};

QTEST_APPLESS_MAIN(MemoryChoiceTest)
#include "memory_choice_test.moc"
