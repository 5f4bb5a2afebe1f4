#include "core/text/stories/story_vocabulary.h"

#include <QtTest>

#include "core/text/stories/story.h"

using namespace lab;

class StoryVocabularyTest : public QObject {
    Q_OBJECT

private slots:
    void wordsAndSignsWithTheBlankBefore() {
        const std::string text = "Mia looked up (the key “here”, red). 'No?!'";
        const std::vector<std::string_view> tokens = storyTokens(text);
        QCOMPARE(tokens, (std::vector<std::string_view>{"Mia", " looked", " up", " (", "the", " key", " “", "here", "”,", " red", ").",
                                                        " '", "No", "?!'"}));
        std::string joined;
        for (const std::string_view token : tokens) joined += token;
        QCOMPARE(joined, text);
        QVERIFY(storyTokens("").empty());
        QCOMPARE(storyTokens(" ").size(), 1u);
    }

    void eachTokenIsThereOnce() {
        const std::vector<std::string> words = storyVocabulary();
        QCOMPARE(std::set<std::string>(words.begin(), words.end()).size(), words.size());
        QVERIFY(words.size() > 200 && words.size() < 400);
    }

    void storiesOfAnySeedAreMadeOfIt() {
        const std::vector<std::string> words = storyVocabulary();
        std::set<std::string, std::less<>> missing(words.begin(), words.end());
        const std::set<std::string, std::less<>> known = missing;
        for (int i = 0; i < 3000; ++i) {
            const Story told = story({}, static_cast<std::uint64_t>(i % 5), i % 2 ? StoryPart::train : StoryPart::validation, i);
            for (const std::string_view token : storyTokens(told.text)) {
                QVERIFY2(known.contains(token), std::string(token).c_str());
                if (const auto found = missing.find(token); found != missing.end()) missing.erase(found);
            }
        }
        for (const std::string& token : missing) qWarning() << "never told:" << token.c_str();
        QVERIFY(missing.empty());
    }
};

QTEST_APPLESS_MAIN(StoryVocabularyTest)
#include "story_vocabulary_test.moc"
