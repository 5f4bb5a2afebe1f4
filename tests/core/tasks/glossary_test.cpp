#include "core/tasks/glossary.h"

#include <QtTest>

#include <set>

using namespace lab;

class GlossaryTest : public QObject {
    Q_OBJECT

private slots:
    void noTwoTokensAreWrittenAlike() {
        for (const int definition : {2, 3}) {
            GlossaryConfig config;
            config.definition = definition;
            config.words = 4096;
            const std::vector<std::string> words = glossaryVocabulary(config);
            QCOMPARE(static_cast<int>(words.size()), config.vocabulary());
            QCOMPARE(std::set<std::string>(words.begin(), words.end()).size(), words.size());
            for (const std::string& word : words) QVERIFY(!word.empty() && word.find(' ') == std::string::npos);
        }
    }

    void idsStandInTheirOrder() {
        const GlossaryConfig config;
        const std::vector<std::string> words = glossaryVocabulary(config);
        QCOMPARE(words[static_cast<std::size_t>(config.ask(0))], std::string("colour?"));
        QCOMPARE(words[static_cast<std::size_t>(config.ask(1))], std::string("thing?"));
        QCOMPARE(words[static_cast<std::size_t>(config.values() - 1)], std::string("shoe"));
        QCOMPARE(config.word(0), config.ask(1) + 1);
    }

    void theSizesAreWhatTheTaskSays() {
        TaskConfig task;
        task.kind = "glossary";
        task.parameters = {{"entries", 100}, {"definition", 3}, {"questions", 4}, {"distractors", 0}, {"words", 200}};
        const TaskNeeds needs = task.kind->needs(task);
        QCOMPARE(needs.vocabSize, 24 + 3 + 200);
        QCOMPARE(needs.numClasses, 24);
        QCOMPARE(needs.maxSeqLen, 100 * 4 + 4 * 2);
    }
};

QTEST_APPLESS_MAIN(GlossaryTest)
#include "glossary_test.moc"
