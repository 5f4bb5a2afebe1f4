#include "core/goedel/alphabet.h"

#include <QTest>

#include "tests/core/goedel/goedel_testing.h"

using namespace lab;
using namespace lab::goedel;
using namespace lab::goedel::testing;

namespace {

Alphabet sentenceWords() {
    return Alphabet::ofWords("run", Message::verbatim("the run"), {"the", "owl", "", "old owl", "the", "#2", "a#3", "\xFF", "Ünal"});
}

Alphabet named(const QString& id) {
    if (id == "words") return sentenceWords();
    return findAlphabet(id.toStdString())->alphabet();
}

}  // namespace

class AlphabetTest : public QObject {
    Q_OBJECT

private slots:
    void rowsAreFound() {
        QCOMPARE(alphabetRows().size(), std::size_t(3));
        for (const AlphabetRow* row : alphabetRows()) {
            QCOMPARE(findAlphabet(row->id), row);
            const Alphabet alphabet = row->alphabet();
            QCOMPARE(alphabet.id(), std::string(row->id));
            QCOMPARE(alphabet.size(), static_cast<int>(row->symbols.size()));
            QVERIFY(!alphabet.read(row->example).empty());
            QCOMPARE(alphabet.write(alphabet.read(row->example)), std::string(row->example));
            for (int k = 0; k < alphabet.size(); ++k) QCOMPARE(alphabet.read(alphabet.symbol(k)), Symbols(1, k));
        }
        QVERIFY(!findAlphabet("runes"));
    }

    void textsAreRead_data() {
        QTest::addColumn<QString>("alphabet");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QVector<int>>("symbols");
        const auto row = [](const char* alphabet, const QByteArray& text, const QVector<int>& symbols) {
            QTest::addRow("%s: %s", alphabet, text.constData()) << QString(alphabet) << text << symbols;
        };
        row("digits", "", {});
        row("digits", " \n", {});
        row("digits", "3 1 4", {3, 1, 4});
        row("digits", "314", {3, 1, 4});
        row("digits", "3, 1,4\n", {3, 1, 4});
        row("digits", "#3 #0,#9", {3, 0, 9});
        row("digits", "10", {1, 0});
        row("letters", "abz", {0, 1, 25});
        row("letters", "a b, z", {0, 1, 25});
        row("letters", "#25#0", {25, 0});
        row("words", "the owl", {0, 1});
        row("words", "  owl\tthe\n", {1, 0});
        row("words", "#4 #0 #3", {4, 0, 3});
        row("words", "a#3 Ünal", {6, 8});
        row("formula", "0=0", {0, 4, 0});
        row("formula", "~ A E & | -> !", {11, 15, 16, 12, 13, 14, 11});
        row("formula", "¬∀∃∧∨→", {11, 15, 16, 12, 13, 14});
        row("formula", "x' y″ z‴ x’", {7, 10, 8, 10, 10, 9, 10, 10, 10, 7, 10});
        row("formula", "(S0 * S0)", {5, 1, 0, 3, 1, 0, 6});
        row("formula", "(S0·S0)", {5, 1, 0, 3, 1, 0, 6});
        row("formula", "#17;", {17, 17});
    }

    void textsAreRead() {
        QFETCH(QString, alphabet);
        QFETCH(QByteArray, text);
        QFETCH(QVector<int>, symbols);
        QCOMPARE(named(alphabet).read(text.toStdString()), Symbols(symbols.begin(), symbols.end()));
    }

    /// An x between two terms multiplies, any other is the variable.
    void xIsReadByItsNeighbours_data() {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<QByteArray>("written");
        const auto row = [](const char* typed, const char* written) { QTest::newRow(typed) << QByteArray(typed) << QByteArray(written); };
        row("x=x", "x=x");
        row("(0x0)=0", "(0×0)=0");
        row("(x x x)=0", "(x×x)=0");
        row("(xxx)=0", "(x×x)=0");
        row("(x'xx')=0", "(x′×x′)=0");
        row("((0+0)x(0+0))=0", "((0+0)×(0+0))=0");
        row("(SxxSx)=0", "(Sx×Sx)=0");
        row("Ax x=x", "∀xx=x");
        row("Axx=x", "∀xx=x");
        row("Ax'x=x", "∀x′x=x");
        row("Ex(xx0)=0", "∃x(x×0)=0");
        row("AyEx(yxx)=x", "∀y∃x(y×x)=x");
        row("(0 x Sx)=(y x z)", "(0×Sx)=(y×z)");
        row("(x+x)=x", "(x+x)=x");
        row("xx", "xx");
        row("x", "x");
    }

    void xIsReadByItsNeighbours() {
        QFETCH(QByteArray, typed);
        QFETCH(QByteArray, written);
        const Alphabet alphabet = formulaAlphabet.alphabet();
        const Symbols symbols = alphabet.read(typed.toStdString());
        QCOMPARE(alphabet.write(symbols), written.toStdString());
        QCOMPARE(alphabet.read(written.toStdString()), symbols);
    }

    void whatIsWrittenIsReadAgain_data() {
        QTest::addColumn<QString>("alphabet");
        QTest::addColumn<QVector<int>>("of");
        QTest::addColumn<int>("longest");
        const auto all = [](int count) {
            const Symbols symbols = firstSymbols(count);
            return QVector<int>(symbols.begin(), symbols.end());
        };
        QTest::newRow("digits") << "digits" << all(10) << 3;
        QTest::newRow("letters") << "letters" << all(26) << 2;
        QTest::newRow("words") << "words" << all(9) << 3;
        QTest::newRow("formula") << "formula" << all(signCount) << 3;
        QTest::newRow("much x") << "formula" << QVector<int>{0, 3, 5, 6, 7, 10, 15} << 5;
    }

    void whatIsWrittenIsReadAgain() {
        QFETCH(QString, alphabet);
        QFETCH(QVector<int>, of);
        QFETCH(int, longest);
        const Alphabet used = named(alphabet);
        for (const Symbols& symbols : allSequences(Symbols(of.begin(), of.end()), static_cast<std::size_t>(longest))) {
            const std::string text = used.write(symbols);
            if (used.read(text) != symbols) QFAIL(text.c_str());
        }
    }

    void badTextsAreNamed_data() {
        QTest::addColumn<QString>("alphabet");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* alphabet, const QByteArray& text, const QString& message) {
            QTest::addRow("%s: %s", alphabet, text.constData()) << QString(alphabet) << text << message;
        };
        row("digits", "3 1 x", "character 5: “x” is no symbol here; expected a digit from 0 to 9");
        row("digits", "-1", "character 1: “-” is no symbol here; expected a digit from 0 to 9");
        row("digits", "1.5", "character 2: “.” is no symbol here; expected a digit from 0 to 9");
        row("digits", "½3", "character 1: “½” is no symbol here; expected a digit from 0 to 9");
        row("digits", "1½x", "character 2: “½” is no symbol here; expected a digit from 0 to 9");
        row("digits", "1#10", "character 2: “#10” is no symbol; they are numbered from #0 to #9");
        row("digits", "#99999999999999999999", "character 1: “#99999999999999999999” is no symbol; they are numbered from #0 to #9");
        row("digits", "#x", "character 1: “#” is no symbol here; expected a digit from 0 to 9");
        row("digits", "1\xFF", "character 2 of the text is not UTF-8");
        row("letters", "abC", "character 3: “C” is no symbol here; expected a small letter from a to z");
        row("letters", "ä", "character 1: “ä” is no symbol here; expected a small letter from a to z");
        row("words", "the cat", "word 2: “cat” is none of the 9 words of the run");
        row("words", "owl #9", "word 2: “#9” is no symbol; they are numbered from #0 to #8");
        row("words", "#x", "word 1: “#x” is none of the 9 words of the run");
        row("formula", "w=w", "character 1: “w” is no symbol here; expected 0, S, +, ×, =, a parenthesis, x, y, z, ′, ¬, ∧, ∨, →, ∀ or ∃");
        row("formula", "x=1", "character 3: “1” is no symbol here; expected 0, S, +, ×, =, a parenthesis, x, y, z, ′, ¬, ∧, ∨, →, ∀ or ∃");
        row("formula", "x,y", "character 2: “,” is no symbol here; expected 0, S, +, ×, =, a parenthesis, x, y, z, ′, ¬, ∧, ∨, →, ∀ or ∃");
        row("formula", "0-0", "character 2: “-” is no symbol here; expected 0, S, +, ×, =, a parenthesis, x, y, z, ′, ¬, ∧, ∨, →, ∀ or ∃");
    }

    void badTextsAreNamed() {
        QFETCH(QString, alphabet);
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        QCOMPARE(errorOf([&] { named(alphabet).read(text.toStdString()); }), message);
    }

    void tooManySymbolsAreRefused() {
        const Alphabet digits = digitsAlphabet.alphabet();
        QCOMPARE(digits.read(std::string(mostSymbols, '7')).size(), mostSymbols);
        QCOMPARE(errorOf([&] { digits.read(std::string(mostSymbols + 1, '7')); }), QStringLiteral("there are more than 200000 symbols"));
    }

    void placesAreThoseOfTheText() {
        const ReadSymbols read = formulaAlphabet.alphabet().readPlaces("x″ -> #12");
        QCOMPARE(read.symbols, Symbols({7, 10, 10, 14, 12}));
        QCOMPARE(read.begin, std::vector<std::size_t>({0, 1, 1, 5, 8}));
        QCOMPARE(read.end, std::vector<std::size_t>({1, 4, 4, 7, 11}));
        const ReadSymbols words = sentenceWords().readPlaces(" owl  the");
        QCOMPARE(words.begin, std::vector<std::size_t>({1, 6}));
        QCOMPARE(words.end, std::vector<std::size_t>({4, 9}));
    }

    void wordsThatCannotBeTypedAreWrittenByNumber() {
        QCOMPARE(sentenceWords().write({0, 1, 2, 3, 4, 5, 6, 7, 8}), std::string("the owl #2 #3 #4 #5 a#3 #7 Ünal"));
        QCOMPARE(errorOf([] { Alphabet::ofWords("run", Message::verbatim("the run"), {}); }),
                 QStringLiteral("the run: an alphabet has at least one symbol"));
        QVERIFY(sentenceWords().contains({0, 8}) && !sentenceWords().contains({9}) && !sentenceWords().contains({-1}));
        const Alphabet copy = sentenceWords();  // outlives what it was copied of
        QCOMPARE(copy.read("Ünal owl"), Symbols({8, 1}));
    }
};

QTEST_APPLESS_MAIN(AlphabetTest)
#include "alphabet_test.moc"
