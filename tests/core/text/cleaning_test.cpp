#include "core/text/cleaning.h"

#include <QSet>
#include <QtTest>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "core/base/utf8.h"
#include "core/text/cleaning_rules.h"
#include "core/text/code_points.h"
#include "core/text/sha256.h"
#include "core/text/unicode.h"
#include "core/text/words.h"

using namespace lab;

namespace {

std::string by(const std::string& rule, std::string_view text) {
    CleaningReport report;
    return cleanedDocument(text, CleaningRules({rule}), report);
}

std::int64_t placesOfRule(const std::string& rule, std::string_view text) {
    CleaningReport report;
    cleanedDocument(text, CleaningRules({rule}), report);
    return report.places();
}

/// Pieces that rules look for, one after the other.
std::string drawnDirt(std::uint64_t seed, std::uint32_t parts) {
    const RandomStream random(seed, "dirt");
    static const std::vector<std::string> dirt{"a",
                                               "Word",
                                               " ",
                                               "  ",
                                               "\t",
                                               "\n",
                                               "\r\n",
                                               "\r",
                                               "\n\n\n\n",
                                               " \n",
                                               "\u00A0",
                                               "\u2009",
                                               "e\u0301",
                                               "\u0301",
                                               "\u00AD",
                                               "\u200B",
                                               "\uFEFF",
                                               "\u201C",
                                               "\u2014",
                                               "\u2026",
                                               "&amp;",
                                               "&#65;",
                                               "&",
                                               "\u1100\u1161\u11A8",
                                               "\u0915\u200D\u0937",
                                               "\u2028",
                                               "\x01",
                                               "\u212B",
                                               "\u0085",
                                               "\U0001F469\u200D\U0001F680",
                                               "\u0130",
                                               "\u4E2D",
                                               "z\u0323\u0302"};
    std::string text;
    for (std::uint32_t i = 0; i < parts; ++i) text += dirt[random.below(i, static_cast<std::uint32_t>(dirt.size()))];
    return text;
}

std::vector<std::string> allRules() {
    std::vector<std::string> names;
    for (const CleaningRule& rule : CleaningRule::table()) names.emplace_back(rule.name);
    return names;
}

}  // namespace

class CleaningTest : public QObject {
    Q_OBJECT

private slots:
    void everyRowCanBeShown() {
        QSet<QString> names;
        for (const CleaningRule& rule : CleaningRule::table()) {
            names.insert(QString::fromStdString(std::string(rule.name)));
            QVERIFY(!rule.title.empty() && !rule.help.empty() && !rule.example.empty());
        }
        QCOMPARE(names.size(), qsizetype(CleaningRule::table().size()));
        QCOMPARE(defaultCleaning(),
                 (std::vector<std::string>{"bom", "line_ends", "nfc", "controls", "spaces", "blank_lines", "repeated_documents"}));
        QCOMPARE(CleaningRule::find("lower"), -1);
    }

    void rulesAreNamedInTheTablesOrder() {
        QCOMPARE(CleaningRules({"spaces", "bom"}).names(), (std::vector<std::string>{"bom", "spaces"}));
        try {
            CleaningRules({"bom", "lower"});
            QFAIL("an unknown rule passed");
        } catch (const InputError& error) {
            QVERIFY(QString(error.what()).startsWith("task.cleaning: there is no rule of cleaning 'lower'; there are latin1, bom, "));
        }
    }

    void eachRuleDoesWhatItSays_data() {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("clean");
        QTest::addColumn<int>("places");
        const auto row = [](const char* rule, const char* text, const char* clean, int places) {
            QTest::addRow("%s %s", rule, QByteArray(text).toPercentEncoding().constData())
                << QByteArray(rule) << QByteArray(text) << QByteArray(clean) << places;
        };
        row("line_ends", "a\r\nb\rc\nd\u2028e\u2029f\u0085g\r", "a\nb\nc\nd\ne\nf\ng\n", 6);
        row("line_ends", "\u2027\u00A0\u00C5", "\u2027\u00A0\u00C5", 0);
        row("html_entities", "&amp;lt; &lt;&gt;&quot;&apos;&nbsp;&#233;&#xE9;&#X1F600;", "&lt; <>\"'\u00A0\u00E9\u00E9\U0001F600", 9);
        row("html_entities", "& &; &#; &#x; &#0; &#13; &#xD800; &#x110000; &unknown; &amp &#99999999999;",
            "& &; &#; &#x; &#0; &#13; &#xD800; &#x110000; &unknown; &amp &#99999999999;", 0);
        row("nfc", "e\u0308 \u212B \u1100\u1161\u11A8 z\u0302\u0323", "\u00EB \u00C5 \uAC01 \u1E93\u0302", 4);
        row("nfc", "\u00EB plain \u0915\u093C \u4E2D", "\u00EB plain \u0915\u093C \u4E2D", 0);
        row("nfc", "\u0301", "\u0301", 0);
        row("controls",
            "a\tb\nc\x01"
            "d\x7F\u0080e\u00ADf\u200Bg\uFEFFh\u202Ai\u2060",
            "a\tb\ncdefghi", 8);
        row("controls", "x\u200Dy \u0915\u094D\u200D\u0937 \u0645\u200C\u0627 \U0001F469\u200D\U0001F680 \u200D",
            "xy \u0915\u094D\u200D\u0937 \u0645\u200C\u0627 \U0001F469\u200D\U0001F680 ", 2);
        row("spaces", "a\u00A0b\u2003c\u202Fd\u3000e\u1680f g", "a b c d e f g", 5);
        row("space_runs", "  a  b\t\tc \n\td   \n \ne ", "  a b c\n\td\n\ne", 6);
        row("blank_lines", "a\n\n\n\n\nb\n\n\nc\n \n\t\n\n\nd\n\n\n\n", "a\n\n\nb\n\n\nc\n \n\t\nd\n\n\n", 3);
        row("quotes", "\u201CNo,\u201D \u2018I\u2019m\u2026\u2019 a\u2013b\u2014c\u2212", "\"No,\" 'I'm...' a-b-c-", 9);
        row("quotes", "\u2020 \u20AC", "\u2020 \u20AC", 0);
        row("lower_case", "The \u00C9t\u00E9 \u0416\u0130", "the \u00E9t\u00E9 \u0436i\u0307", 4);
    }

    void eachRuleDoesWhatItSays() {
        QFETCH(QByteArray, rule);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, clean);
        QFETCH(int, places);
        QCOMPARE(QByteArray::fromStdString(by(rule.toStdString(), text.toStdString())), clean);
        QCOMPARE(placesOfRule(rule.toStdString(), text.toStdString()), std::int64_t(places));
    }

    void aControlCharacterNulIsDropped() { QCOMPARE(by("controls", std::string_view("a\0b", 3)), std::string("ab")); }

    /// Any text comes out as UTF-8, a second cleaning finds nothing, and the edits make of the raw text the clean one.
    void dirtIsCleanedOnce() {
        for (std::uint64_t seed = 0; seed < 400; ++seed) {
            const std::string text = drawnDirt(seed, 1 + static_cast<std::uint32_t>(seed % 60));
            std::vector<std::string> names;
            const auto every = allRules();
            for (std::size_t rule = 0; rule < every.size(); ++rule)
                if (RandomStream(seed, "rules").below(rule, 3) > 0) names.push_back(every[rule]);
            CleaningReport report, again;
            std::vector<TextEdit> edits;
            const CleaningRules rules(names);
            const std::string clean = cleanedDocument(text, rules, report, &edits);
            QVERIFY(isUtf8(clean));
            QCOMPARE(edited(text, edits), clean);
            QCOMPARE(cleanedDocument(text, rules, again), clean);
            for (std::size_t i = 1; i < edits.size(); ++i) QVERIFY(edits[i - 1].end <= edits[i].begin);
            for (const TextEdit& edit : edits) QVERIFY(edit.end <= text.size() && rules.isOn(static_cast<std::size_t>(edit.rule)));
            if (edits.empty()) QCOMPARE(report.places(), std::int64_t(0));
        }
    }

    void defaultsLeaveNothingToDo() {
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            CleaningReport report, again;
            const CleaningRules rules(defaultCleaning());
            const std::string once = cleanedDocument(drawnDirt(seed, 50), rules, report);
            const std::string twice = cleanedDocument(once, rules, again);
            // What a dropped character parted may compose in a second round, and only that.
            if (once != twice) QVERIFY(again.rows[static_cast<std::size_t>(CleaningRule::find("nfc"))].places == again.places());
        }
    }

    void piecesMakeWhatTheWholeMakes() {
        for (const bool lines : {true, false}) {
            std::string text;
            for (std::uint64_t seed = 0; text.size() < 3500000; ++seed) {
                std::string part = drawnDirt(seed, 40);
                if (!lines)
                    std::replace_if(
                        part.begin(), part.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
                text += part + "some words between them" + (lines ? "\n" : " ");
            }
            const CleaningRules rules(allRules());
            CleaningReport whole, pieces;
            std::string made;
            int count = 0;
            for (std::size_t begin = 0; begin < text.size(); ++count) {
                const std::size_t end = cleaningPieceEnd(text, begin);
                made += cleanedDocument(std::string_view(text).substr(begin, end - begin), rules, pieces);
                begin = end;
            }
            QVERIFY(count >= 3);
            QVERIFY(made == cleanedDocument(text, rules, whole));
            QCOMPARE(pieces.places(), whole.places());
        }
    }

    /// All characters: what the quick look lets pass is in its form, alone and behind a letter.
    void nothingEscapesTheLookForNfc() {
        for (char32_t code = 1; code < 0x110000; ++code) {
            if (code >= 0xD800 && code < 0xE000) continue;
            std::string text = "a";
            appendUtf8(text, code);
            if (!unicode::mayRecompose(code) && unicode::nfc(text) != text) QFAIL(qPrintable(QString::number(code, 16)));
            QCOMPARE(codePointAt(text, 1).code, code);
        }
    }

    void nfcOfDrawnCharacters() {
        const RandomStream random(3, "nfc");
        for (std::uint64_t i = 0; i < 4000; ++i) {
            std::string text;
            for (std::uint64_t c = 0; c < 12; ++c) {
                const std::uint32_t kind = random.below(i * 64 + 2 * c, 6), drawn = random.below(i * 64 + 2 * c + 1, 1 << 20);
                appendUtf8(text, kind == 0   ? U'a' + drawn % 26
                                 : kind == 1 ? 0x300 + drawn % 0x50
                                 : kind == 2 ? 0x1100 + drawn % 0x100
                                 : kind == 3 ? 0x900 + drawn % 0x400
                                 : kind == 4 ? 0xC0 + drawn % 0x200
                                             : 0x1E00 + drawn % 0x200);
            }
            QCOMPARE(by("nfc", text), unicode::nfc(text));
        }
    }

    void latin1IsAByteACharacter() {
        std::string bytes, text;
        for (int byte = 1; byte < 256; ++byte) {
            bytes += static_cast<char>(byte);
            appendUtf8(text, static_cast<char32_t>(byte));
        }
        QCOMPARE(fromLatin1(bytes), text);
    }

    void thePlaceThatIsNoUtf8IsFound() {
        QCOMPARE(firstInvalidByte("0123456789abcdef\xE9gh"), std::size_t(16));
        QCOMPARE(firstInvalidByte("01234567\u00E9 0123\xC3"), std::size_t(15));
        QCOMPARE(firstInvalidByte("0123456789\u00E9"), std::string_view::npos);
        QCOMPARE(firstInvalidByte(""), std::string_view::npos);
        const RandomStream random(7, "utf8");
        for (std::uint64_t i = 0; i < 2000; ++i) {
            std::string text = "some plain text of no interest, \u00E9\u4E2D\U0001F600 here";
            text[random.below(2 * i, static_cast<std::uint32_t>(text.size()))] = static_cast<char>(random.below(2 * i + 1, 256));
            QCOMPARE(firstInvalidByte(text) == std::string_view::npos, isUtf8(text));
        }
    }

    void hashesAreTheStandards() {  // FIPS 180-4's examples
        QCOMPARE(sha256Hex("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256Hex(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        Sha256 parts;
        parts.add("a");
        parts.add("bc");
        QCOMPARE(parts.front(), std::uint64_t(0xba7816bf8f01cfea));
        QCOMPARE(parts.hex(), sha256Hex(""));  // begun anew
    }

    void wordsAreRunsOfLetters() {
        std::vector<std::string> found;
        const std::string_view text = "Don't stop--well-known 3rd \u00E9t\u00E9's 'quoted' \u4E2D\u6587x caf\u00E9-";
        forEachWord(text, [&](std::size_t begin, std::size_t end) { found.emplace_back(text.substr(begin, end - begin)); });
        QCOMPARE(found, (std::vector<std::string>{"Don't", "stop", "well-known", "3rd", "\u00E9t\u00E9's", "quoted", "\u4E2D", "\u6587",
                                                  "x", "caf\u00E9"}));
    }

    void editsOfTwoRoundsAreOne() {
        const RandomStream random(5, "edits");
        const auto drawn = [&](std::string_view text, std::uint64_t at, int rule) {
            std::vector<TextEdit> edits;
            for (std::size_t begin = 0; begin < text.size();) {
                begin += random.below(at++, 4);
                const std::size_t end = begin + 1 + random.below(at++, 3);
                if (end > text.size()) break;
                edits.push_back({begin, end, std::string(random.below(at++, 3), 'x'), rule});
                begin = end;
            }
            return edits;
        };
        for (std::uint64_t i = 0; i < 2000; ++i) {
            const std::string text = "abcdefghijklmnopqrstuvwxyz";
            const auto first = drawn(text, i * 1000, 1);
            const std::string between = edited(text, first);
            const auto second = drawn(between, i * 1000 + 500, 2);
            const auto both = composed(first, between, second);
            QCOMPARE(edited(text, both), edited(between, second));
            for (std::size_t e = 0; e < both.size(); ++e)
                QVERIFY(both[e].begin <= both[e].end && (e == 0 || both[e - 1].end <= both[e].begin));
        }
    }
};

QTEST_APPLESS_MAIN(CleaningTest)
#include "cleaning_test.moc"
