#include <QTest>

#include "core/patterns/visibility.h"
#include "tests/core/base/kind_testing.h"
#include "tests/core/patterns/pattern_testing.h"

using namespace lab;

namespace {

/// One line a query: x where it may look.
QString picture(const Visibility& visibility, int n) {
    QStringList lines;
    for (int i = 0; i < n; ++i) {
        QString line;
        for (int j = 0; j < n; ++j) line += visibility.mayAttend(i, j, n) ? 'x' : '.';
        lines << line;
    }
    return lines.join(' ');
}

PatternConfig bigbird(int randoms, double seed = 7, int window = 0, int globals = 0) {
    return {"bigbird", {{"window", window}, {"globals", globals}, {"randoms", randoms}, {"seed", seed}}};
}

std::vector<int> seenBy(const Visibility& visibility, int i, int n) {
    std::vector<int> keys;
    for (int j = 0; j < n; ++j)
        if (visibility.mayAttend(i, j, n)) keys.push_back(j);
    return keys;
}

}  // namespace

/// Who sees whom, drawn; and why not.
class VisibilityTest : public QObject {
    Q_OBJECT

private slots:
    void placesAreToldApartByWhatTheyMayLookAt_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<int>("window");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<bool>("diagonal");
        QTest::addColumn<bool>("apart");
        QTest::newRow("everything") << "full" << 0 << false << false << false;
        QTest::newRow("all but itself") << "full" << 0 << false << true << false;
        QTest::newRow("what came before") << "full" << 0 << true << false << true;
        QTest::newRow("neighbours") << "sliding-window" << 1 << false << false << true;
        QTest::newRow("itself alone") << "sliding-window" << 0 << false << false << false;
        QTest::newRow("a window of all") << "sliding-window" << 3 << false << false << false;
    }
    void placesAreToldApartByWhatTheyMayLookAt() {
        QFETCH(QString, pattern);
        QFETCH(int, window);
        QFETCH(bool, causal);
        QFETCH(bool, diagonal);
        PatternConfig config;
        config.kind = Kind<PatternSpec>(std::string_view(pattern.toStdString()));
        if (pattern != "full") config.parameters.set("window", window);
        QTEST(Visibility(config, causal, diagonal).tellsPlacesApart(4), "apart");
    }

    void patternsThatShareAKeyShareItsMeaning() { QCOMPARE(lab::testing::keyOfTwoMeanings<PatternSpec>(), std::string()); }

    void whoSeesWhom_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("second");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<bool>("diagonalMasked");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* kind, int first, int second, bool causal, bool masked, const char* expected) {
            QTest::addRow("%s %d %d causal %d masked %d", kind, first, second, causal, masked)
                << QString(kind) << first << second << causal << masked << QString(expected);
        };
        row("full", 0, 0, false, false, "xxxx xxxx xxxx xxxx");
        row("full", 0, 0, true, false, "x... xx.. xxx. xxxx");
        row("full", 0, 0, false, true, ".xxx x.xx xx.x xxx.");
        row("full", 0, 0, true, true, "x... x... xx.. xxx.");  // the first query has nobody but itself
        row("sliding-window", 1, 0, false, false, "xx.. xxx. .xxx ..xx");
        row("sliding-window", 1, 0, true, false, "x... xx.. .xx. ..xx");
        row("sliding-window", 1, 0, false, true, ".x.. x.x. .x.x ..x.");
        row("sliding-window", 0, 0, false, true, "x... .x.. ..x. ...x");
        row("longformer", 0, 1, false, false, "xxxx xx.. x.x. x..x");
        row("longformer", 0, 1, true, false, "x... xx.. x.x. x..x");
        row("longformer", 0, 1, false, true, ".xxx x... x... x...");
        row("strided", 0, 2, false, false, "x.x. .x.x x.x. .x.x");
        row("strided", 0, 3, true, true, "x... .x.. ..x. x...");
        row("dilated", 1, 2, false, false, "x.x. .x.x x.x. .x.x");
        row("dilated", 1, 3, false, false, "x..x .x.. ..x. x..x");
        row("dilated", 1, 2, true, true, "x... .x.. x... .x..");
        row("dilated", 0, 2, false, false, "x... .x.. ..x. ...x");
        row("dilated", 2, 1, true, false, "x... xx.. xxx. .xxx");
        row("dilated", 16777216, 16777216, false, false, "x... .x.. ..x. ...x");  // their product is no int
    }
    void whoSeesWhom() {
        QFETCH(QString, kind);
        QFETCH(int, first);
        QFETCH(int, second);
        QFETCH(bool, causal);
        QFETCH(bool, diagonalMasked);
        QFETCH(QString, expected);
        PatternConfig pattern{std::string_view(kind.toStdString()), {}};
        const auto parameters = pattern.kind->parameters;
        if (!parameters.empty()) pattern.parameters.set(parameters[0].key, first);
        if (parameters.size() > 1) pattern.parameters.set(parameters[1].key, second);
        QCOMPARE(picture(Visibility(pattern, causal, diagonalMasked), 4), expected);
    }

    void eachQueryOfBigbirdDrawsItsOwnKeys() {
        const int n = 60, randoms = 5;
        const Visibility visibility(bigbird(randoms), false, false);
        std::vector<int> counts(n);
        int towards = 0, back = 0;
        for (int i = 0; i < n; ++i) {
            int drawn = 0;
            for (const int j : seenBy(visibility, i, n)) {
                if (j == i) continue;  // its window
                ++drawn;
                ++counts[static_cast<std::size_t>(j)];
                ++towards;
                back += visibility.mayAttend(j, i, n);
            }
            QVERIFY2(drawn == randoms || drawn == randoms - 1,
                     qPrintable(QString("query %1 sees %2").arg(i).arg(drawn)));  // itself may be drawn
        }
        QVERIFY(back < towards / 2);                                       // being seen is no reason to see
        QVERIFY(*std::max_element(counts.begin(), counts.end()) < n / 3);  // no key is everyone's
        QVERIFY(picture(visibility, n) == picture(Visibility(bigbird(randoms), false, false), n));
        QVERIFY(picture(visibility, n) != picture(Visibility(bigbird(randoms, 8), false, false), n));
    }

    void keysOfBigbirdAreDrawnEvenly() {
        const int n = 10, seeds = 2000;
        std::vector<int> counts(n);
        for (int seed = 0; seed < seeds; ++seed)
            for (const int j : seenBy(Visibility(bigbird(2, seed), false, false), 3, n)) ++counts[static_cast<std::size_t>(j)];
        for (int j = 0; j < n; ++j)  // two of ten: 400 +- 18
            if (j != 3)
                QVERIFY2(std::abs(counts[static_cast<std::size_t>(j)] - 400) < 90,
                         qPrintable(QString::number(counts[static_cast<std::size_t>(j)])));
    }

    void bigbirdInADecoderDrawsFromThePastAndKeepsIt() {
        const Visibility visibility(bigbird(3, 7, 1, 1), true, false);
        for (const int n : {1, 2, 5, 17, 40})
            for (int i = 0; i < n; ++i) {
                QCOMPARE(seenBy(visibility, i, n), seenBy(visibility, i, 40));  // a longer sequence changes nothing
                QVERIFY(seenBy(visibility, i, n).back() == i);
            }
    }

    void asManyRandomKeysAsThereAreIsAll() {
        for (const bool causal : {false, true})
            QCOMPARE(picture(Visibility(bigbird(9), causal, false), 9), picture(Visibility({}, causal, false), 9));
    }

    void reasonsAreGiven() {
        const auto why = [](const PatternConfig& pattern, int i, int j, bool causal = false, bool masked = false) {
            return QString::fromStdString(Visibility(pattern, causal, masked).whyNot(i, j, 9).english());
        };
        QCOMPARE(why({}, 2, 2), QString());
        QCOMPARE(why({}, 2, 3, true), QString("behind the query"));
        QCOMPARE(why({}, 2, 2, false, true), QString("the diagonal is masked"));
        QCOMPARE(why({}, 0, 0, true, true), QString());
        const PatternConfig window{"sliding-window", {{"window", 3}}};
        QCOMPARE(why(window, 4, 0), QString("outside the window of 3"));
        QCOMPARE(why(window, 0, 4, true), QString("behind the query"));
        QCOMPARE(why({"longformer", {{"window", 1}, {"globals", 2}}}, 5, 3),
                 QString("outside the window of 1, and neither is one of the first 2"));
        QCOMPARE(why({"strided", {{"window", 1}, {"stride", 4}}}, 5, 2),
                 QString("outside the window of 1, and the distance 3 is no multiple of 4"));
        const PatternConfig dilated{"dilated", {{"window", 1}, {"dilation", 2}}};
        QCOMPARE(why(dilated, 5, 2), QString("the distance 3 is no multiple of 2"));
        QCOMPARE(why(dilated, 6, 2), QString("further off than 1 times 2"));
        QVERIFY(why(bigbird(0, 7, 1, 2), 5, 3).contains("none of the query's 0 random ones"));
    }

    /// Holds for patterns to come, too.
    void everyPatternIsDescribedAndGivesReasonsExactlyWhereItHides() {
        for (const PatternSpec* row : PatternSpec::table())
            for (const bool causal : {false, true})
                for (const bool masked : {false, true}) {
                    QVERIFY2(!row->help.empty(), row->name.data());
                    const Visibility visibility(testing::smallPattern(row->name), causal, masked);
                    QCOMPARE(visibility.summary().empty(), row == PatternSpec::table().front());
                    bool hides = false;
                    for (int i = 0; i < 12; ++i) {
                        QVERIFY(!seenBy(visibility, i, 12).empty());
                        for (int j = 0; j < 12; ++j) {
                            const bool seen = visibility.mayAttend(i, j, 12);
                            hides = hides || !seen;
                            QCOMPARE(visibility.whyNot(i, j, 12).empty(), seen);
                            QVERIFY(!causal || j <= i || !seen);
                        }
                    }
                    if (!row->hashes) QCOMPARE(visibility.hidesNothing(), !hides);  // of what hashes the vectors decide
                }
    }

    void aSummaryNamesTheNumbers() {
        const Visibility visibility({"longformer", {{"window", 3}, {"globals", 2}}}, false, false);
        QCOMPARE(QString::fromStdString(visibility.summary().english()).section(':', 0, 0),
                 QString("Pattern longformer with window 3, globals 2"));
    }
};

QTEST_APPLESS_MAIN(VisibilityTest)
#include "visibility_test.moc"
