#include "core/memory/pattern_files.h"

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/memory/icons.h"
#include "tests/core/memory/memory_testing.h"

using namespace lab;
using namespace lab::memory_testing;

namespace {

QString refusedBecause(const std::string& bytes) {
    return errorOf([&] { parsePatterns(bytes, "p.txt"); });
}

std::string art(const Pattern& pattern) {
    std::string text;
    for (int row = 0; row < pattern.rows; ++row) {
        for (int column = 0; column < pattern.columns; ++column) text += pattern.isOn(row, column) ? '#' : '.';
        text += '\n';
    }
    return text;
}

}  // namespace

class PatternFilesTest : public QObject {
    Q_OBJECT

private slots:
    void textIsRead() {
        const auto patterns = parsePatterns("# ell\n10\n10\n11\n\n0 1\r\n0\t1\r\n1 1\r\n\n\n# third \n01\n10\n00", "dir/own.txt");
        QCOMPARE(patterns.size(), std::size_t(3));
        QCOMPARE(patterns[0], (Pattern{"ell", 3, 2, {1, -1, 1, -1, 1, 1}}));
        QCOMPARE(patterns[1], (Pattern{"own 2", 3, 2, {-1, 1, -1, 1, 1, 1}}));
        QCOMPARE(patterns[2], (Pattern{"third", 3, 2, {-1, 1, 1, -1, -1, -1}}));
        QCOMPARE(parsePatterns("\xEF\xBB\xBF"
                               "1\n",
                               "dir/own.txt")
                     .front()
                     .name,
                 std::string("own"));
    }

    void plainPbmIsRead() {
        const auto patterns = parsePatterns("P1\n# CREATOR: GIMP\n# ell\n2 3\n1 0\n10 # a note\n1\n1\nP1 2 3 010111\n", "x.pbm");
        QCOMPARE(patterns.size(), std::size_t(2));
        QCOMPARE(patterns[0].states, States({1, -1, 1, -1, 1, 1}));
        QCOMPARE(patterns[1], (Pattern{"x 2", 3, 2, {-1, 1, -1, 1, 1, 1}}));
    }

    void packedPbmIsRead() {
        const auto patterns = parsePatterns(std::string("P4\n# ten\n10 2\n\xA0\x40\x0A\xBF", 18), "x.pbm");
        QCOMPARE(patterns.size(), std::size_t(1));
        QCOMPARE(patterns[0].name, std::string("ten"));
        QCOMPARE(art(patterns[0]), std::string("#.#......#\n....#.#.#.\n"));
    }

    void namesAreReadAsTheyAreWritten() {
        const std::string longName = std::string(99, 'a') + " b";  // a hundred bytes are kept, and no blank at the end
        const std::string text = std::string("# \x01\x02 third \x03\n1\n\n# ") + longName + "\n0\n";
        const auto patterns = parsePatterns(text, "a");
        QCOMPARE(patterns[0].name, std::string("third"));
        QCOMPARE(patterns[1].name, longName.substr(0, 99));
        QCOMPARE(parsePatterns(patternsAsText(patterns), "a"), patterns);
    }

    void whatIsWrittenIsReadBack() {
        for (const std::vector<Pattern>& set : {iconPatterns(), letterPatterns(), randomPatterns(5, 7, 13, 0, 3)}) {
            QCOMPARE(parsePatterns(patternsAsText(set), "a"), set);
            QCOMPARE(parsePatterns(patternsAsPbm(set), "a"), set);
            QCOMPARE(parsePatterns(patternsAsPackedPbm(set), "a"), set);
        }
        for (const char* name : {"a.pbm", "a.txt"}) {
            const std::filesystem::path path = std::filesystem::path(m_folder.path().toStdString()) / name;
            writePatterns(path, iconPatterns());
            QCOMPARE(readPatterns(path), iconPatterns());
        }
        for (const char* name : {"b.pbm", "b.PBM", "b.Pbm"}) {
            const std::filesystem::path path = std::filesystem::path(m_folder.path().toStdString()) / name;
            writePatterns(path, iconPatterns());
            QVERIFY(readFile(path).starts_with("P1\n"));
        }
    }

    void namesMayHoldAnything() {
        for (const char* name : {"", "a # b", "line\nend", "\xC3\xA4pfel", "  ", "P1 2 2 1111"}) {
            const std::vector<Pattern> set{{name, 1, 2, {1, -1}}, {"b", 1, 2, {-1, -1}}};
            for (const std::string& bytes : {patternsAsText(set), patternsAsPbm(set), patternsAsPackedPbm(set)}) {
                const auto back = parsePatterns(bytes, "a.txt");
                QCOMPARE(back.size(), std::size_t(2));
                QCOMPARE(back[0].states, set[0].states);
            }
        }
    }

    void badFilesAreNamedWithTheirPlace_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const QByteArray& bytes, const QString& message) { QTest::newRow(name) << bytes << message; };
        row("empty", "", "p.txt: is empty; expected rows of 0 and 1");
        row("names only", "# a\n# b\n", "p.txt: holds no picture");
        row("a letter", "01\n0x\n", "p.txt:2:2: 'x' is neither 0 nor 1");
        row("a byte",
            QByteArray("01\n\x01"
                       "1\n"),
            "p.txt:2:1: byte 0x01 is neither 0 nor 1");
        row("a zero byte", QByteArray("0\0", 2), "p.txt:1:2: byte 0x00 is neither 0 nor 1");
        row("short row", "011\n01\n", "p.txt:2:3: the row is shorter than the picture's first, which has 3 pixels");
        row("long row", "01\n011\n", "p.txt:2:3: the row is longer than the picture's first, which has 2 pixels");
        row("other size", "01\n01\n\n01\n", "p.txt:5:1: picture 2 is 1 x 2 (rows x columns), the first one 2 x 2");
        row("wide", QByteArray(65, '1') + "\n", "the picture has more than 64 rows or columns");
        row("high", QByteArray("1\n").repeated(65), "p.txt:65:2: the picture has more than 64 rows or columns");
        row("large", (QByteArray(40, '1') + "\n").repeated(40), "p.txt:26:41: the picture has 1040 pixels; at most 1024 fit");
        row("many", QByteArray("1\n\n").repeated(201), "there are more than 200 pictures");
        row("huge", QByteArray(1 << 21, '1'), "p.txt: is larger than 1 MB");
        row("not UTF-8", "# \xFF\n1\n", "p.txt:1:1: the comment before this is not UTF-8");
        row("grey", "P5 2 2 255 aaaa", "p.txt: is a picture of kind P5, in grey or colours");
        row("png", "\x89PNG\r\n", "p.txt: is a PNG; expected rows of 0 and 1");
        row("no size", "P1\n", "the file ends before the picture's width and height");
        row("no number", "P1\n2 x\n", "p.txt:2:3: 'x' stands where width and height are expected");
        row("glued", "P12 2 1111", "p.txt:1:3: '2' stands where a blank is expected");
        row("no rows", "P1 0 2", "a picture has at least one row and one column");
        row("vast", "P1 99999999999999999999 1", "the picture has more than 64 rows or columns");
        row("too few", "P1 2 2 101", "p.txt:1:11: the file ends before the picture does");
        row("grey digit", "P1 2 2 1021", "p.txt:1:10: '2' is neither 0 nor 1");
        row("behind it", "P1 1 1 1 x", "p.txt:1:10: 'x' stands where the next picture would begin with P1 or P4");
        row("packed short", "P4 8 4 ab", "p.txt: picture 1 ends after 2 of 4 bytes");
        row("packed nothing", "P4 8 4", "p.txt: picture 1 ends after 0 of 4 bytes");
        row("packed other", QByteArray("P4 8 1 aP4 8 2 aa"), "picture 2 is 2 x 8 (rows x columns), the first one 1 x 8");
    }

    void badFilesAreNamedWithTheirPlace() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const QString said = refusedBecause(bytes.toStdString());
        QVERIFY2(said.contains(message), qPrintable(said));
        QVERIFY(said.startsWith("p.txt:"));
        QCOMPARE(said.count('\n'), 0);
    }

    void filesThatCannotBeReadAreNamed() {
        const std::filesystem::path folder = m_folder.path().toStdString();
        QVERIFY(errorOf([&] { readPatterns(folder / "nowhere.txt"); }).contains("nowhere.txt: cannot be read"));
        QVERIFY(errorOf([&] { readPatterns(folder); }).contains("it is a folder"));
        std::ofstream(folder / "large.txt") << std::string((1 << 20) + 1, '1');
        QVERIFY(errorOf([&] { readPatterns(folder / "large.txt"); }).contains("large.txt: is larger than 1 MB"));
    }

    /// Files broken in many ways: each is read, or refused by a sentence of its own.
    void brokenFilesByTheHundred() {
        const std::vector<Pattern> few(iconPatterns().begin(), iconPatterns().begin() + 2);
        const RandomStream stream(1, "broken patterns");
        std::uint64_t at = 0;
        int refused = 0, read = 0;
        for (const std::string& whole : {patternsAsText(few), patternsAsPbm(few), patternsAsPackedPbm(few)})
            for (int round = 0; round < 400; ++round) {
                std::string bytes = whole;
                const std::uint32_t breaks = 1 + stream.below(++at, 2);
                for (std::uint32_t k = 0; k < breaks; ++k) breakOnce(bytes, stream, at);
                try {
                    for (const Pattern& pattern : parsePatterns(bytes, "broken")) {
                        QCOMPARE(pattern.states.size(), static_cast<std::size_t>(pattern.pixels()));
                        QVERIFY(std::ranges::all_of(pattern.states, [](int state) { return state == 1 || state == -1; }));
                    }
                    ++read;
                } catch (const InputError& error) {
                    QVERIFY2(std::string(error.what()).starts_with("broken:"), error.what());
                    ++refused;
                }
            }
        QVERIFY2(refused > 300 && read > 60, qPrintable(QString("%1 refused, %2 read").arg(refused).arg(read)));
    }

private:
    static void breakOnce(std::string& bytes, const RandomStream& stream, std::uint64_t& at) {
        if (bytes.empty()) return;
        const std::size_t place = stream.below(++at, static_cast<std::uint32_t>(bytes.size()));
        switch (stream.below(++at, 5)) {
            case 0:
                bytes[place] = static_cast<char>(stream.below(++at, 256));
                break;
            case 1:
                bytes.erase(place, 1 + stream.below(++at, 20));
                break;
            case 2:
                bytes.insert(place, bytes.substr(place, 40));
                break;
            case 3:
                bytes.resize(place);
                break;
            default:
                bytes.insert(place, 1, "\n# 01P4\xFF"[stream.below(++at, 8)]);
                break;
        }
    }

    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(PatternFilesTest)
#include "pattern_files_test.moc"
