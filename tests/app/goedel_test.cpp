#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "tests/app/files.h"
#include "tests/app/program.h"

class GoedelTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        write(m_folder->filePath("words.txt"), "the\r\nowl\r\nsleeps\r\n");
    }

    void numbersAreExact_data() {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("sequence");
        QTest::addColumn<QString>("number");
        const auto row = [](const QStringList& options, const QString& sequence, const QString& number) {
            QTest::newRow(qPrintable(sequence + number.right(9))) << options << sequence << number;
        };
        row({}, "3 1 4 1 5 9 2 6", "23649403906255588433130602566272150000");
        row({}, "1 0 2", "1500");
        row({}, "", "1");
        row({"--alphabet", "letters"}, "attend", "121231751108895437247284846719933891296386718750");
        row({"--alphabet", "formula"}, "∀x(x+0)=x", "53322298879610312999811273299435529127547904000000");
        row({"--alphabet=formula"}, "0=0", "2430");
        row({"--words", "words.txt"}, "owl the sleeps", "1500");
    }

    void numbersAreExact() {
        QFETCH(QStringList, options);
        QFETCH(QString, sequence);
        QFETCH(QString, number);
        const ProgramResult encoded = run(QStringList{"goedel", "encode", sequence} + options);
        EXPECT_STATUS(encoded, 0);
        QCOMPARE(encoded.output, number + '\n');
        const ProgramResult decoded = run(QStringList{"goedel", "decode", number} + options);
        EXPECT_STATUS(decoded, 0);
        QCOMPARE(decoded.output, sequence + '\n');
    }

    void otherSpellingsAreTheSame() {
        QCOMPARE(run({"goedel", "encode", "31415926"}).output, run({"goedel", "encode", "3, 1, 4, 1, 5, 9, 2, 6"}).output);
        QCOMPARE(run({"goedel", "encode", "Ax (x+0)=x", "--alphabet", "formula"}).output,
                 QStringLiteral("53322298879610312999811273299435529127547904000000\n"));
        QCOMPARE(run({"goedel", "decode", "1 500", "--alphabet", "digits"}).output, QStringLiteral("1 0 2\n"));
    }

    void longSequencesComeBackThroughStandardInput() {
        QByteArray digits;
        for (int k = 0; k < 4600; ++k) digits += QByteArray::number(k * k % 97 % 10) + ' ';
        const ProgramResult encoded = run({"goedel", "encode", "-"}, digits);
        EXPECT_STATUS(encoded, 0);
        QVERIFY(encoded.output.size() > 80'000);
        const ProgramResult decoded = run({"goedel", "decode", "-"}, encoded.output.toUtf8());
        EXPECT_STATUS(decoded, 0);
        QCOMPARE(decoded.output.trimmed().toUtf8(), digits.trimmed());
    }

    void factorsAreATable() {
        const ProgramResult encoded = run({"goedel", "encode", "3 1", "--factors"});
        EXPECT_STATUS(encoded, 0);
        QCOMPARE(encoded.output, QStringLiteral("position     prime  exponent      bits  symbol\n"
                                                "       0         2         4      4.00  3\n"
                                                "       1         3         2      3.17  1\n"
                                                "144\n"));
        const ProgramResult decoded = run({"goedel", "decode", "144", "--factors"});
        EXPECT_STATUS(decoded, 0);
        QCOMPARE(decoded.output, QStringLiteral("   prime   divides  symbol\n"
                                                "       2         4  3\n"
                                                "       3         2  1\n"
                                                "       5         0  -\n"
                                                "3 1\n"));
    }

    void jsonHasAllOfIt() {
        const QJsonObject encoded = json({"goedel", "encode", "3 1 4 1 5 9 2 6", "--json"});
        QCOMPARE(encoded["number"].toString(), QStringLiteral("23649403906255588433130602566272150000"));
        QCOMPARE(encoded["symbols"].toArray(), QJsonArray({3, 1, 4, 1, 5, 9, 2, 6}));
        QCOMPARE(encoded["text"].toString(), QStringLiteral("3 1 4 1 5 9 2 6"));
        QCOMPARE(encoded["alphabet"].toString(), QStringLiteral("digits"));
        QCOMPARE(encoded["alphabet_size"].toInt(), 10);
        QCOMPARE(encoded["digits"].toInt(), 38);
        QCOMPARE(encoded["bits"].toInt(), 125);
        QCOMPARE(encoded["mixed_radix"].toString(), QStringLiteral("62951413"));
        QCOMPARE(encoded["mixed_radix_bits"].toInt(), 27);
        QCOMPARE(encoded["information"].toDouble(), 26.5754247590989);
        QCOMPARE(encoded["logarithm"].toDouble(), 86.05640125759645);
        QCOMPARE(encoded["double"].toDouble(), 2.364940390625559e37);
        QCOMPARE(encoded["double_exact"].toBool(true), false);
        QVERIFY(!encoded.contains("syntax"));
        QCOMPARE(encoded["factors"].toArray().size(), 8);
        QCOMPARE(encoded["factors"].toArray()[5].toObject()["prime"].toInt(), 13);
        QCOMPARE(encoded["factors"].toArray()[5].toObject()["exponent"].toInt(), 10);

        const QJsonObject formula = json({"goedel", "encode", "x+0=x", "--alphabet", "formula", "--json"});
        QCOMPARE(formula["syntax"].toString(), QStringLiteral("position 1: “+” joins only within parentheses, as in (x+0)=x"));
        QVERIFY(json({"goedel", "encode", QString(40, '9'), "--json"})["double"].isNull());

        const QJsonObject decoded = json({"goedel", "decode", "1500", "--json"});
        QCOMPARE(decoded["symbols"].toArray(), QJsonArray({1, 0, 2}));
        QCOMPARE(decoded["steps"].toArray().size(), 4);
        QCOMPARE(decoded["steps"].toArray()[2].toObject()["times"].toInt(), 3);
        QCOMPARE(decoded["text"].toString(), QStringLiteral("1 0 2"));
    }

    void badInputIsNamed_data() {
        QTest::addColumn<QStringList>("call");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("message");
        const auto row = [](const QStringList& call, int status, const QString& message) {
            QTest::newRow(qPrintable(call.join(' '))) << call << status << message;
        };
        row({}, 2, "goedel begins with encode or decode");
        row({"factor", "6"}, 2, "goedel begins with encode or decode, not 'factor'");
        row({"encode"}, 2, "a sequence is missing; - reads it from standard input");
        row({"decode"}, 2, "a number is missing; - reads it from standard input");
        row({"encode", "3", "1"}, 2, "a sequence is one word of the command line; put it in quotes");
        row({"encode", "3", "--alphabet", "runes"}, 2, "--alphabet is digits, letters, formula, not 'runes'");
        row({"encode", "3", "--alphabet", "digits", "--words", "words.txt"}, 2, "--words is an alphabet of its own");
        row({"encode", "3", "--json", "--factors"}, 2, "--json has the factors too");
        row({"encode", "3 1 x"}, 1, "character 5: “x” is no symbol here; expected a digit from 0 to 9");
        row({"encode", "the cat", "--words", "words.txt"}, 1, "word 2: “cat” is none of the 3 words of words.txt");
        row({"encode", "the", "--words", "nowhere.txt"}, 1, "nowhere.txt: cannot be read");
        row({"encode", "the", "--words", "empty.txt"}, 1, "empty.txt: an alphabet has at least one symbol");
        row({"encode", "the", "--words", "bytes.txt"}, 1, "bytes.txt: is not UTF-8; expected a word a line");
        row({"encode", "#4000000", "--words", "words.txt"}, 1, "word 1: “#4000000” is no symbol; they are numbered from #0 to #2");
        row({"decode", "0"}, 1, "0 is the number of no sequence");
        row({"decode", "281291010"}, 1, "the number has the factor 29 without 23");
        row({"decode", "2048"}, 1, "2 divides the number 11 times, which would be symbol 10; the last one here is 9");
        row({"decode", "12a"}, 1, "character 3 of the number is “a”; expected a digit from 0 to 9");
        row({"decode", ""}, 1, "there is no number: expected digits from 0 to 9");
        row({"decode", "1.5"}, 1, "character 2 of the number is “.”");
        row({"decode", "--", "-5"}, 1, "numbers of sequences are not negative");
    }

    void badInputIsNamed() {
        QFETCH(QStringList, call);
        QFETCH(int, status);
        QFETCH(QString, message);
        write(m_folder->filePath("empty.txt"), "");
        write(m_folder->filePath("bytes.txt"), "\xFF\n");
        const ProgramResult result = run(QStringList{"goedel"} + call);
        EXPECT_STATUS(result, status);
        QVERIFY2(result.errors.contains("error: " + message), qPrintable(result.errors));
    }

private:
    ProgramResult run(const QStringList& arguments, const QByteArray& input = {}) const {
        QProcess process;
        prepareProgram(process, arguments, m_folder->path());
        process.start();
        process.write(input);
        process.closeWriteChannel();
        return finishProgram(process);
    }

    QJsonObject json(const QStringList& arguments) const { return QJsonDocument::fromJson(run(arguments).output.toUtf8()).object(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(GoedelTest)
#include "goedel_test.moc"
