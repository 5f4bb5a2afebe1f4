#include "core/data/own_data.h"

#include <QtTest>

#include "core/data/pairs_dataset.h"

using namespace lab;

namespace {

OwnTable tabs(const std::string& text, bool header = false) {
    return readOwnTable(text, "my.tsv", {{'\t', false}, header});
}

OwnTable lines(const std::string& text) {
    return readOwnTable(text, "my.txt", {{'\0', false}, false});
}

OwnPlan plan(const char* use, OwnTokens tokens = OwnTokens::blanks) {
    OwnPlan made;
    made.use = use;
    made.tokens = tokens;
    return made;
}

QString ownPairsText(const OwnTable& table, const OwnPlan& plan) {
    return QString::fromStdString(ownPairs(table, plan).text);
}

QString ownDataRefusal(const OwnTable& table, const OwnPlan& plan) {
    try {
        ownPairs(table, plan);
        return {};
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
}

QString tokensOf(const char* text, OwnTokens rule) {
    QStringList tokens;
    for (const std::string& token : ownTokens(text, rule)) tokens << QString::fromStdString(token);
    return tokens.join(QLatin1Char('|'));
}

/// The program's own reader takes what was made.
LoadedTask loaded(const OwnPairs& pairs) {
    Experiment experiment;
    experiment.task.kind = "pairs";
    experiment.task.path = "made.tsv";
    experiment.model.architecture = pairs.architecture;
    experiment.training.shuffle = false;
    experiment.training.batch_size = 1;
    return loadPairs(experiment, PairsTexts{pairs.text, {}});
}

}  // namespace

class OwnDataTest : public QObject {
    Q_OBJECT

private slots:
    void tokensByBlanks() {
        QCOMPARE(tokensOf("  the cat\t sat,\u00A0now \n", OwnTokens::blanks), QStringLiteral("the|cat|sat,|now"));
        QCOMPARE(tokensOf(" \n", OwnTokens::blanks), QString());
        // At the beginning of a file it would not be read as a token's.
        QCOMPARE(tokensOf("\u001E\uFEFFa \uFEFF b", OwnTokens::blanks), QStringLiteral("a|b"));
        QCOMPARE(tokensOf("3 -1 -20 -x", OwnTokens::blanks), QStringLiteral("3|\u22121|\u221220|-x"));
    }

    void tokensByWords() {
        QCOMPARE(tokensOf("Don't stop, ill-fated \u201CÉmile\u201D (2 of 3)!", OwnTokens::words),
                 QStringLiteral("Don't|stop|,|ill-fated|\u201C|Émile|\u201D|(|2|of|3|)|!"));
        QCOMPARE(tokensOf("'tis -so- a--b", OwnTokens::words), QStringLiteral("'|tis|-|so|-|a|-|-|b"));
    }

    void tokensByCharacters() {
        QCOMPARE(tokensOf("a b\r\nç", OwnTokens::characters), QStringLiteral("a|\u2423|b|\u23CE|ç"));
        QCOMPARE(tokensOf("x\u0323y", OwnTokens::characters), QStringLiteral("x\u0323|y"));
        QCOMPARE(ownTokens("a\xC3", OwnTokens::blanks).size(), std::size_t{1});  // cut within a character: nothing is read beyond
    }

    void tagsStandBesideTheirTokens() {
        const OwnPairs pairs = ownPairs(tabs("the cat\tDET N\nsleeps\tV\n"), plan("tag"));
        QCOMPARE(pairs.text, std::string("the cat\tDET N\nsleeps\tV\n"));
        QCOMPARE(pairs.lines, 2);
        QCOMPARE(pairs.symbols.size(), std::size_t{6});
        QCOMPARE(pairs.classes.size(), std::size_t{3});
        QCOMPARE(loaded(pairs).dataset->trainSample(0).targets.size(), std::size_t{2});
    }

    void unequalNumbersOfTagsAreNamedByLine() {
        QCOMPARE(ownDataRefusal(tabs("the cat\tDET N\nit sleeps now\tP V\n"), plan("tag")),
                 QStringLiteral("my.tsv: line 2: column 1 has 3 tokens, but column 2 has 2; each token needs a tag"));
        QCOMPARE(ownDataRefusal(tabs("tokens\ttags\nx\tA B\n", true), plan("tag")),
                 QStringLiteral("my.tsv: line 2: \u201Ctokens\u201D has 1 token, but \u201Ctags\u201D has 2; each token needs a tag"));
    }

    void translationsAreShiftedBehindBos() {
        const OwnPairs pairs = ownPairs(tabs("the cat\tdie Katze schläft\nyes\tja\n"), plan("translate"));
        QCOMPARE(QString::fromStdString(pairs.text),
                 QStringLiteral("the cat\tBOS die Katze schläft\tdie Katze schläft EOS\nyes\tBOS ja\tja EOS\n"));
        QVERIFY(pairs.architecture == Architecture::encoder_decoder);
        const Sample sample = loaded(pairs).dataset->trainSample(0);
        QCOMPARE(sample.targetTokens.size(), std::size_t{4});
        QVERIFY(std::equal(sample.targetTokens.begin() + 1, sample.targetTokens.end(), sample.targets.begin()));
    }

    void numbersAreTranslatedToo() {
        const LoadedTask task = loaded(ownPairs(tabs("3 1 4\t4 1\n5\t5 5 5\n"), plan("translate")));
        QCOMPARE(task.dataset->trainSample(1).targetTokens.size(), std::size_t{4});
    }

    void aTextThatSaysBosKeepsItsWord() {
        QCOMPARE(ownPairsText(tabs("BOS is\tEOS\n"), plan("translate")), QStringLiteral("BOS is\tBOS_ EOS\tEOS EOS_\n"));
    }

    void aTextIsCutIntoPieces() {
        OwnPlan three = plan("continue");
        three.piece = 3;
        const OwnPairs pairs = ownPairs(lines("a b\nc d e\n\nf g h\n"), three);
        QCOMPARE(pairs.text, std::string("a b c\tb c d\nd e f\te f g\ng\th\n"));
        QVERIFY(pairs.architecture == Architecture::decoder);
        QCOMPARE(loaded(pairs).dataset->trainSize(), 3);
    }

    void aTextOfCharactersKeepsItsLines() {
        OwnPlan four = plan("continue", OwnTokens::characters);
        four.piece = 4;
        QCOMPARE(ownPairsText(lines("a b\n\ncd\n"), four), QStringLiteral("a \u2423 b \u23CE\t\u2423 b \u23CE \u23CE\n\u23CE c\tc d\n"));
    }

    void inATableEachTextIsOnItsOwn() {
        OwnPlan second = plan("continue");
        second.input = 1;
        const OwnPairs pairs = ownPairs(tabs("1\ta b c\n2\td\n3\te f\n"), second);
        QCOMPARE(pairs.text, std::string("a b\tb c\ne\tf\n"));
        QCOMPARE(pairs.leftOut, 1);
    }

    void whatHasNoNextTokenIsRefused() {
        QCOMPARE(ownDataRefusal(lines("word\n"), plan("continue")),
                 QStringLiteral("my.txt: no text has more than one token, so nothing follows any"));
    }

    void theClassIsAskedAtTheFirstPosition() {
        const OwnPairs pairs = ownPairs(tabs("what a day\tvery good\nno\tbad\n"), plan("classify"));
        QCOMPARE(pairs.text, std::string("what a day\tvery_good -1 -1\nno\tbad\n"));
        QCOMPARE(pairs.classes, (std::set<std::string, std::less<>>{"bad", "very_good"}));
        const LoadedTask task = loaded(pairs);
        QCOMPARE(task.dataset->trainSample(0).targets[1], -1);
        QVERIFY(task.dataset->trainSample(0).targets[0] >= 0);
    }

    void aClassBelowZeroIsAClass() {
        const OwnPairs pairs = ownPairs(tabs("no\t-1\nyes\t1\n"), plan("classify"));
        QCOMPARE(QString::fromStdString(pairs.text), QStringLiteral("no\t\u22121\nyes\t1\n"));
        QVERIFY(loaded(pairs).dataset->trainSample(0).targets[0] >= 0);
    }

    void aTenthDrawnFromAllOverValidates() {
        std::string text;
        for (int i = 0; i < 400; ++i) text += "w" + std::to_string(1000 + i) + (i < 200 || i % 2 == 0 ? "\tA\n" : "\tB\n");
        const QStringList made = ownPairsText(tabs(text), plan("classify")).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(made.size(), 400);
        QStringList rest = made.mid(0, 360), last = made.mid(360);
        QVERIFY(std::is_sorted(rest.begin(), rest.end()) && std::is_sorted(last.begin(), last.end()));
        QVERIFY(last.front() < QStringLiteral("w1100") && last.back() > QStringLiteral("w1300"));
        QVERIFY(!last.filter(QStringLiteral("B")).isEmpty() && !last.filter(QStringLiteral("A")).isEmpty());
        QCOMPARE(ownPairsText(tabs(text), plan("classify")).split(QLatin1Char('\n'), Qt::SkipEmptyParts), made);
    }

    void columnsMayStandInAnyOrder() {
        OwnPlan turned = plan("tag");
        turned.input = 2;
        turned.answer = 0;
        QCOMPARE(ownPairsText(tabs("A B\t1\tx y\n"), turned), QStringLiteral("x y\tA B\n"));
    }

    void emptyCellsAreNamedByLine() {
        QCOMPARE(ownDataRefusal(tabs("a\tx\n\ty\n"), plan("tag")), QStringLiteral("my.tsv: line 2: column 1 is empty"));
        QCOMPARE(ownDataRefusal(tabs("a\tx\nb\t \n"), plan("classify", OwnTokens::characters)),
                 QStringLiteral("my.tsv: line 2: column 2 is empty"));
    }

    void aColumnThatIsNotThereIsNamed() {
        QCOMPARE(ownDataRefusal(lines("a b\n"), plan("translate")), QStringLiteral("my.txt: line 1: there is no column 2"));
    }

    void theTablesOwnProblemComesFirst() {
        QCOMPARE(ownDataRefusal(tabs("a\tb\nc\n"), plan("tag")), QStringLiteral("my.tsv: line 2: has 1 cell, but the first line 2"));
    }

    void integersBeyondAnyTableAreNamed() {
        QCOMPARE(ownDataRefusal(tabs("1\t2\n20000000\t3\n"), plan("tag")),
                 QStringLiteral("my.tsv: line 2: 20000000 is too large; where all tokens are integers they go up to 16777215"));
        QVERIFY(ownDataRefusal(tabs("1\t2\n99999999999999999999999\t3\n"), plan("tag")).contains(QStringLiteral("line 2")));
        QCOMPARE(ownDataRefusal(tabs("word\t2\n20000000\t3\n"), plan("tag")), QString());
    }

    void theLikeliestUseIsGuessed() {
        const auto guess = [](const OwnTable& table) {
            const OwnPlan plan = guessedPlan(table);
            return QString::fromUtf8(plan.use.name().data()) + (plan.tokens == OwnTokens::words ? " by words" : "");
        };
        QCOMPARE(guess(lines("Call me Ishmael.\n")), QStringLiteral("continue by words"));
        QCOMPARE(guess(lines("1 2.5 3\n")), QStringLiteral("continue"));
        QCOMPARE(guess(tabs("the cat\tDET N\nsleeps\tV\n")), QStringLiteral("tag"));
        QCOMPARE(guess(tabs("the cat sleeps\tdie Katze\nyes\tja\n")), QStringLiteral("translate by words"));
        QCOMPARE(guess(tabs("3 1 4\t1 3\n5\t5\n")), QStringLiteral("translate"));
        QCOMPARE(guess(tabs("what a day\tgood\nno\tbad\n")), QStringLiteral("classify by words"));
        QCOMPARE(guess(lines("")), QStringLiteral("continue"));
    }

    void everyUseSaysWhatItIs() {
        for (const OwnUse* use : OwnUse::table()) {
            QVERIFY(!use->title.empty() && !use->help.empty() && !use->watch.empty() && !use->inputTitle.empty() && use->make);
            QCOMPARE(Kind<OwnUse>(use->name)->name, use->name);
        }
    }
};

QTEST_APPLESS_MAIN(OwnDataTest)
#include "own_data_test.moc"
