#include "core/memory/icons.h"

#include <QtTest>
#include <set>

#include "core/base/errors.h"
#include "core/memory/pattern_files.h"

using namespace lab;

class IconsTest : public QObject {
    Q_OBJECT

private slots:
    void theIconsAreThere() {
        for (const char* name : {"skull", "apple", "key", "boat", "leaf", "ladder"}) QVERIFY2(findBuiltInPattern(name), name);
        QVERIFY(!findBuiltInPattern("sword"));
        QCOMPARE(letterPatterns().size(), std::size_t(26));
        for (int k = 0; k < 26; ++k)
            QCOMPARE(letterPatterns()[static_cast<std::size_t>(k)].name, std::string(1, static_cast<char>('A' + k)));
    }

    void theyAreNamedInPlaceOfAFile() {
        QCOMPARE(*builtInPatterns("built-in:icons"), iconPatterns());
        QCOMPARE(*builtInPatterns("built-in:letters"), letterPatterns());
        QCOMPARE(*builtInPatterns("built-in:Q"), std::vector{*findBuiltInPattern("Q")});
        QVERIFY(!builtInPatterns("icons.txt"));
        QVERIFY_THROWS_EXCEPTION(InputError, builtInPatterns("built-in:sword"));
    }

    void eachIsAPictureOfItsOwn() {
        std::set<States> seen;
        std::set<std::string> names;
        for (const auto* list : {&iconPatterns(), &letterPatterns()})
            for (const Pattern& pattern : *list) {
                QCOMPARE(pattern.rows, 16);
                QCOMPARE(pattern.columns, 16);
                QVERIFY2(onCount(pattern.states) > 50 && onCount(pattern.states) < 180, pattern.name.c_str());
                QVERIFY(seen.insert(pattern.states).second && seen.insert(inverted(pattern).states).second);
                QVERIFY(names.insert(pattern.name).second);
                QCOMPARE(findBuiltInPattern(pattern.name), &pattern);
            }
    }

    /// The skull as it is drawn.
    void theSkullLooksAsItWasDrawn() {
        const char* drawn =
            "# skull\n0000111111110000\n0011111111111100\n0111111111111110\n0111111111111110\n0111111111111110\n0110001111000110\n"
            "0100001111000010\n0100001111000010\n0110011001100110\n0011110000111100\n0001111111111000\n0000111111110000\n"
            "0000101001010000\n0000101001010000\n0000111111110000\n0000011111100000\n";
        QCOMPARE(patternsAsText({*findBuiltInPattern("skull")}), std::string(drawn));
    }

    void theFilesAreWrittenAsTheyAreRead() {
        for (const PatternText& file : patternTexts())
            QCOMPARE(patternsAsText(parsePatterns(file.text, std::string(file.name))), std::string(file.text));
    }
};

QTEST_APPLESS_MAIN(IconsTest)
#include "icons_test.moc"
