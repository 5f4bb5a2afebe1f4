#include "core/learn/search.h"

#include <QtTest>

#include "core/learn/questions.h"

using namespace lab;

namespace {

const std::vector<Searchable> few = {
    {"What do query, key and value mean?", {"why are there three vectors"}, "The query asks, the key is found by, the value is passed on."},
    {"Is softmax just normalising?", {"does dividing by the sum do the same"}, "No: exponentials first."},
    {"What is grouped-query attention?", {"GQA", "sharing keys between heads"}, "Several query heads read one key-value head."},
    {"Training: One step", {}, ""},
    {"Preset: Reverse \u00B7 half of the weights dropped", {"attention-dropout"}, "A list back to front."},
    {"Preset: Reverse", {"reverse"}, "A list back to front."},
};

int firstOf(const char* words) {
    const std::vector<std::size_t> found = Search(few).find(words);
    return found.empty() ? -1 : static_cast<int>(found.front());
}

}  // namespace

class SearchTest : public QObject {
    Q_OBJECT

private slots:
    void findsByWhatIsTyped_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("first");
        QTest::newRow("its words") << "query key value" << 0;
        QTest::newRow("another order") << "value, key" << 0;
        QTest::newRow("another wording") << "three vectors" << 0;
        QTest::newRow("inflected") << "normalised" << 1;
        QTest::newRow("a wrong letter") << "sofmax" << 1;
        QTest::newRow("only begun") << "soft" << 1;
        QTest::newRow("short for it") << "gqa" << 2;
        QTest::newRow("with words that mean nothing") << "what is the one step" << 3;
        QTest::newRow("a name that is all of another's beginning") << "reverse" << 5;
        QTest::newRow("more words of the longer name") << "reverse dropped" << 4;
        QTest::newRow("capitals") << "SOFTMAX" << 1;
        QTest::newRow("found in the answer alone") << "exponentials" << 1;
        QTest::newRow("nothing like it") << "zebra crossing" << -1;
    }
    void findsByWhatIsTyped() {
        QFETCH(QString, typed);
        QFETCH(int, first);
        QCOMPARE(firstOf(typed.toUtf8().constData()), first);
    }

    void germanIsSearchedByGermanWords_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("first");
        QTest::newRow("its words") << "Query Key Value" << 0;
        QTest::newRow("inflected") << "normiert" << 1;
        QTest::newRow("with words that mean nothing") << "was ist denn ein Schritt" << 3;
        QTest::newRow("a capital with dots") << "\u00C4HNLICH" << 2;
        QTest::newRow("another word for it") << "Skalarprodukt" << 2;
        QTest::newRow("another word, the plural") << "W\u00F6rter" << 4;
        QTest::newRow("nothing like it") << "Zebrastreifen" << -1;
    }
    void germanIsSearchedByGermanWords() {
        QFETCH(QString, typed);
        QFETCH(int, first);
        const Search search({{"Was bedeuten Query, Key und Value?"},
                             {"Ist der Softmax nur ein Normieren?"},
                             {"Wann sind sich zwei Vektoren \u00E4hnlich?"},
                             {"Training: ein Schritt"},
                             {"Was ist ein Token?"}},
                            "de");
        const std::vector<std::size_t> found = search.find(typed.toStdString());
        QCOMPARE(found.empty() ? -1 : static_cast<int>(found.front()), first);
    }

    /// Words for one thing find one another, however they are inflected.
    void otherWordsForTheSameAreFound_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("typed");
        for (const auto& [name, typed] : {std::pair("tokens", "words"),
                                          {"context length", "size"},
                                          {"embedding", "representations"},
                                          {"similarity", "score"},
                                          {"training", "optimisation"},
                                          {"position", "place"},
                                          {"positions", "order"},
                                          {"decoding", "generation"},
                                          {"dense layer", "feedforward"},
                                          {"sharing keys", "GQA"},
                                          {"RoPE", "rotation"},
                                          {"rotary", "phases"},
                                          {"memory", "Hopfield"},
                                          {"gradient", "backpropagation"},
                                          {"weighted sum", "average"},
                                          {"matrices", "table"},
                                          {"opposite", "negative"},
                                          {"maximum", "best"}})
            QTest::newRow(name) << name << typed;
    }
    void otherWordsForTheSameAreFound() {
        QFETCH(QString, name);
        QFETCH(QString, typed);
        QCOMPARE(Search({{"nothing of it"}, {name.toStdString()}}).find(typed.toStdString()), std::vector<std::size_t>{1});
    }

    void quotesAndDotsAreNoLetters() {
        const Search search({{"Duplicate\u2026"}, {"the \u201Ckept\u201D input"}, {"q\u2032 turned"}});
        QCOMPARE(search.find("duplicate").front(), std::size_t{0});
        QCOMPARE(search.find("kept").front(), std::size_t{1});
        QCOMPARE(search.find("q\u2032").front(), std::size_t{2});
    }

    void noWordsFindEverythingInItsOrder() {
        for (const char* nothing : {"", "  ", "?!"}) QCOMPARE(Search(few).find(nothing), (std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
        QVERIFY(Search({}).find("word").empty());
    }

    /// Also of words that say nothing something is found, when nothing else was typed.
    void aWordWithoutMeaningIsLookedForWhenItIsAlone() { QCOMPARE(firstOf("why"), 0); }

    void everyQuestionIsFoundByItsOtherWordings() {
        std::vector<Searchable> all;
        for (const LearnerQuestion& question : learnerQuestions()) all.push_back({question.ask, question.also, question.answer});
        const Search search(all);
        QStringList far;
        for (std::size_t i = 0; i < all.size(); ++i) {
            std::vector<std::string> typed = all[i].also;
            typed.push_back(all[i].name);
            for (const std::string& words : typed) {
                const std::vector<std::size_t> found = search.find(words);
                const auto place = std::ranges::find(found, i) - found.begin();
                if (place >= 3) far << QString::fromStdString(words) + QString(" (%1)").arg(place);
            }
        }
        QVERIFY2(far.isEmpty(), qPrintable(far.join(QStringLiteral("; "))));
    }
};

QTEST_APPLESS_MAIN(SearchTest)
#include "search_test.moc"
