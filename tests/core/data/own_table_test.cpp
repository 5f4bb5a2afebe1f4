#include "core/data/own_table.h"

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "core/base/errors.h"

using namespace lab;
using namespace std::string_literals;

namespace {

constexpr OwnFormat commas{{',', true}, false};

QString ownTableProblem(const std::string& text, const OwnFormat& format = commas) {
    return QString::fromStdString(readOwnTable(text, "my.csv", format).problem.english());
}

QString ownTextRefusal(const std::string& bytes) {
    try {
        ownText(bytes, "my.txt");
        return {};
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
}

using Cells = std::vector<std::string>;

}  // namespace

class OwnTableTest : public QObject {
    Q_OBJECT

private slots:
    void theSeparatorIsFound_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("ending");
        QTest::addColumn<int>("separator");
        QTest::addColumn<int>("columns");
        QTest::addRow("commas") << QByteArray("a,b\nc,d\n") << ".csv" << int(',') << 2;
        QTest::addRow("semicolons") << QByteArray("a;b\nc;d\n") << ".csv" << int(';') << 2;
        QTest::addRow("semicolons between decimal commas") << QByteArray("1,5;2,5\n2,5;3,5\n") << ".csv" << int(';') << 2;
        QTest::addRow("tabs in csv") << QByteArray("a\tb,c\nd\te\n") << ".csv" << int('\t') << 2;
        QTest::addRow("commas in quotes") << QByteArray("\"a;b\",x\n\"c\",y\n") << ".CSV" << int(',') << 2;
        QTest::addRow("one column") << QByteArray("a\nb\n") << ".csv" << int(',') << 1;
        QTest::addRow("tabs") << QByteArray("the cat\tDET N\na dog\tDET N\n") << ".tsv" << int('\t') << 2;
        QTest::addRow("tsv of one column") << QByteArray("a\nb\n") << ".tsv" << int('\t') << 1;
        QTest::addRow("text with tabs") << QByteArray("the cat\tdie Katze\nyes\tja\n") << ".txt" << int('\t') << 2;
        QTest::addRow("text with commas") << QByteArray("Well, yes.\nOh, no.\n") << ".txt" << 0 << 1;
        QTest::addRow("text") << QByteArray("Call me Ishmael.\n\nSome years ago\n") << ".txt" << 0 << 1;
        QTest::addRow("nothing") << QByteArray() << ".txt" << 0 << 0;
    }

    void theSeparatorIsFound() {
        QFETCH(QByteArray, text);
        QFETCH(QString, ending);
        QFETCH(int, separator);
        QFETCH(int, columns);
        const OwnFormat format = guessedFormat(text.toStdString(), ending.toStdString());
        QCOMPARE(int(format.cells.separator), separator);
        QCOMPARE(int(readOwnTable(text.toStdString(), "f", format).columns), columns);
    }

    void theHeaderIsFound_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("header");
        QTest::addRow("usual names") << QByteArray("text,label\nfine,good\nbad,bad\n") << true;
        QTest::addRow("a word above numbers") << QByteArray("utterance,score\nfine,1\nbad,0\n") << true;
        QTest::addRow("half usual") << QByteArray("sentence,mood\nfine,good\nbad,bad\n") << true;
        QTest::addRow("numbers") << QByteArray("1,2\n3,4\n") << false;
        QTest::addRow("only text") << QByteArray("the cat,die Katze\nyes,ja\n") << false;
        QTest::addRow("twice the same") << QByteArray("text,text\nfine,good\n") << false;
        QTest::addRow("one line") << QByteArray("text,label\n") << false;
        QTest::addRow("a gap") << QByteArray("text,\nfine,1\n") << false;
    }

    void theHeaderIsFound() {
        QFETCH(QByteArray, text);
        QTEST(guessedFormat(text.toStdString(), ".csv").header, "header");
    }

    void quotesHoldSeparatorsLineEndsAndQuotes() {
        const OwnTable table =
            readOwnTable("\xEF\xBB\xBFtext,label\r\n\"a, \"\"b\"\"\nc\",x\r\n\r\n,\r\nd,y\r\r\n", "my.csv", {{',', true}, true});
        QVERIFY(table.problem.empty());
        QCOMPARE(table.names, (Cells{"text", "label"}));
        QCOMPARE(table.rows.size(), std::size_t{2});
        QCOMPARE(table.rows[0].cells, (Cells{"a, \"b\"\nc", "x"}));
        QCOMPARE(table.rows[1].cells, (Cells{"d", "y"}));
        QCOMPARE(table.rows[1].line, 6);
        QCOMPARE(QString::fromStdString(table.nameOf(1).english()), QStringLiteral("\u201Clabel\u201D"));
    }

    void withoutQuotesTheyAreSigns() {
        const OwnTable table = readOwnTable("\"\tPUNCT\nsay \"hi\tX\n", "my.tsv", {{'\t', false}, false});
        QVERIFY(table.problem.empty());
        QCOMPARE(table.rows[0].cells, (Cells{"\"", "PUNCT"}));
        QCOMPARE(table.rows[1].cells, (Cells{"say \"hi", "X"}));
        QCOMPARE(QString::fromStdString(table.nameOf(1).english()), QStringLiteral("column 2"));
    }

    void withoutSeparatorALineIsACell() {
        const OwnTable table = readOwnTable("a, b;\tc\nd", "my.txt", {{'\0', false}, false});
        QCOMPARE(table.columns, std::size_t{1});
        QCOMPARE(table.rows[0].cells, (Cells{"a, b;\tc"}));
        QCOMPARE(table.rows[1].cells, (Cells{"d"}));
    }

    void whatIsWrongIsNamedByLine() {
        QCOMPARE(ownTableProblem("a,b\nc,\"d\ne,f\n"), QStringLiteral("my.csv: line 2: a quote is not closed"));
        QCOMPARE(ownTableProblem("a,b\nc,d,e\n"), QStringLiteral("my.csv: line 2: has 3 cells, but the first line 2"));
        QCOMPARE(ownTableProblem("a,b\nc\n"), QStringLiteral("my.csv: line 2: has 1 cell, but the first line 2"));
        QCOMPARE(ownTableProblem("a,b\nc,say \"d\"\n"),
                 QStringLiteral("my.csv: line 2: a quote within a cell that does not begin with one"));
        QCOMPARE(ownTableProblem("a,\"b\"c\n"), QStringLiteral("my.csv: line 1: text behind a closing quote"));
        QCOMPARE(ownTableProblem("a,b\rc,d\n"), QStringLiteral("my.csv: line 1: a carriage return without a line feed"));
        QCOMPARE(ownTableProblem(""), QStringLiteral("my.csv: has no text"));
        QCOMPARE(ownTableProblem("\n \n,\n"), QStringLiteral("my.csv: has no text"));
        QCOMPARE(ownTableProblem("text,label\n", {{',', true}, true}),
                 QStringLiteral("my.csv: has names of columns, but no line below them"));
    }

    void whatWasReadBeforeAProblemStays() {
        const OwnTable table = readOwnTable("a,b\nc,d\ne\n", "my.csv", commas);
        QCOMPARE(table.rows.size(), std::size_t{2});
        QVERIFY(!table.problem.empty());
    }

    void theFirstRowsAreEnough() {
        const OwnTable table = readOwnTable("a,b\nc,d\ne\n", "my.csv", commas, 2);
        QCOMPARE(table.rows.size(), std::size_t{2});
        QVERIFY(table.problem.empty());
    }

    void whatIsNoTextIsRefused() {
        QCOMPARE(ownTextRefusal("fine\nal\0so"s), QStringLiteral("my.txt: line 2: there is a NUL byte, so this is not a text"));
        QCOMPARE(ownTextRefusal("fine\n\ncaf\xE9\n"), QStringLiteral("my.txt: line 3: this is not UTF-8; save the file as UTF-8"));
        QCOMPARE(ownTextRefusal("\xFF\xFE"
                                "a\0"s),
                 QStringLiteral("my.txt: this is UTF-16; save it as UTF-8"));
        QCOMPARE(ownTextRefusal(std::string(mostOwnBytes + (1 << 20), 'a')),
                 QStringLiteral("my.txt: has 9 MB; files up to 8 MB can be read here"));
    }

    void aFileIsReadUnlessItIsTooLarge() {
        QTemporaryDir folder;
        QVERIFY(folder.isValid());
        const std::filesystem::path path = folder.filePath("my.txt").toStdString();
        QVERIFY_EXCEPTION_THROWN(readOwnText(path), InputError);
        std::ofstream(path) << "a text";
        QCOMPARE(readOwnText(path), std::string("a text"));
        std::filesystem::resize_file(path, std::uintmax_t{5} << 30);  // sparse: takes no room, and would take long
        QVERIFY_EXCEPTION_THROWN(readOwnText(path), InputError);
    }

    void anEndlessLineIsOneCell() {
        const std::string line(mostOwnBytes, 'a');
        const std::string text = ownText(line, "my.txt");
        const OwnFormat format = guessedFormat(text, ".txt");
        QCOMPARE(readOwnTable(text, "my.txt", format).rows[0].cells[0].size(), mostOwnBytes);
    }

    void anAccentIsPartOfItsLetter() { QCOMPARE(ownText("cafe\xCC\x81", "my.txt"), std::string("caf\xC3\xA9")); }
};

QTEST_APPLESS_MAIN(OwnTableTest)
#include "own_table_test.moc"
