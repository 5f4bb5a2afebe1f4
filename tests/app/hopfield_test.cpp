#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "tests/app/files.h"
#include "tests/app/program.h"

class HopfieldTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        write(path("patterns.txt"), "# ell\n100\n100\n110\n\n# tee\n111\n010\n010\n\n# cross\n101\n010\n101\n");
        write(path("query.txt"), "# noisy\n100\n100\n100\n");
    }

    void aNoisyPictureIsRestored() {
        const ProgramResult result = run(
            "hopfield built-in:icons --rule pseudo-inverse --query built-in:skull --flip 0.2 --seed 3 --out skull.txt --steps steps.csv");
        EXPECT_STATUS(result, 0);
        QVERIFY2(result.output.startsWith("skull: settled after ") && result.output.contains("; skull\n"), qPrintable(result.output));
        EXPECT_STATUS(run("hopfield built-in:skull --query built-in:skull --out drawn.txt"), 0);
        QVERIFY(!contents(path("drawn.txt")).isEmpty());
        QCOMPARE(contents(path("skull.txt")), contents(path("drawn.txt")));

        const QList<QByteArray> lines = contents(path("steps.csv")).trimmed().split('\n');
        QCOMPARE(lines.front(), QByteArray("query,update,unit,field,state,energy"));
        QVERIFY(lines[1].startsWith("0,0,,,,"));
        QVERIFY(lines.size() >= 2 + 51);  // at least the flipped fifth comes back
        double energy = 1e9;
        for (qsizetype k = 1; k < lines.size(); ++k) {
            const QList<QByteArray> cells = lines[k].split(',');
            QCOMPARE(cells.size(), 6);
            QVERIFY(cells[5].toDouble() < energy);
            energy = cells[5].toDouble();
            if (k > 1) QVERIFY(cells[3].toDouble() * cells[4].toInt() > 0);
        }
    }

    void ownPicturesAreReadAndWritten() {
        for (const char* rule : {"hebb", "storkey", "pseudo-inverse", "pseudo-inverse-zero-diagonal"}) {
            const ProgramResult result = run(QString("hopfield patterns.txt --rule %1 --query query.txt --out out.pbm").arg(rule));
            EXPECT_STATUS(result, 0);
            QVERIFY(result.output.startsWith("noisy: settled "));
            QVERIFY(contents(path("out.pbm")).startsWith("P1\n# noisy\n3 3\n"));
            EXPECT_STATUS(run("hopfield out.pbm --query out.pbm --out again.txt"), 0);
        }
    }

    void theModernNetAnswersToo() {
        const ProgramResult result =
            run("hopfield built-in:icons --beta 0.5 --query built-in:boat --flip 0.3 --out boat.txt --steps s.csv");
        EXPECT_STATUS(result, 0);
        QVERIFY2(result.output.startsWith("boat: settled after ") && result.output.contains("one pattern: boat"),
                 qPrintable(result.output));
        EXPECT_STATUS(run("hopfield built-in:boat --query built-in:boat --out drawn.txt"), 0);
        QCOMPARE(contents(path("boat.txt")), contents(path("drawn.txt")));
        const ProgramResult mean = run("hopfield built-in:icons --rule modern --beta 0.0001 --query built-in:boat --out mean.txt");
        QVERIFY2(mean.output.contains("the mean of all 10 patterns"), qPrintable(mean.output));
    }

    void allAtOnceMaySwing() {
        write(path("two.txt"), "10\n");
        write(path("on.txt"), "11\n");
        const ProgramResult result = run("hopfield two.txt --query on.txt --synchronous --out out.txt");
        EXPECT_STATUS(result, 0);
        QVERIFY2(result.output.contains("swings between two states for ever"), qPrintable(result.output));
    }

    void capacityIsATable() {
        const QString call = "hopfield --rule hebb --neurons 100 --patterns 5,40 --flip 0.1 --seed 1 --draws 4 --csv --quiet";
        const ProgramResult result = run(call);
        EXPECT_STATUS(result, 0);
        const QStringList lines = result.output.trimmed().split('\n');
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[0], QStringLiteral("patterns,overlap,exact"));
        QVERIFY(lines[1].startsWith("5,") && lines[1].section(',', 1, 1).toDouble() > 0.95);
        QVERIFY(lines[2].startsWith("40,") && lines[2].section(',', 1, 1).toDouble() < 0.6);
        QCOMPARE(run(call + " --threads 1").output, result.output);
        QVERIFY(run("hopfield --rule modern --neurons 100 --patterns 40 --flip 0.1 --draws 2 --csv --quiet").output.contains("40,1,1"));
        QVERIFY(run("hopfield --neurons 50 --patterns 5 --draws 2 --quiet").output.startsWith("patterns    load"));
    }

    void badInputIsNamed_data() {
        QTest::addColumn<QString>("call");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("message");
        const auto row = [](const QString& call, int status, const QString& message) {
            QTest::newRow(qPrintable(call)) << call << status << message;
        };
        row("hopfield", 2, "pictures are missing: PATTERNS is a file or built-in:icons; capacity wants --patterns");
        row("hopfield patterns.txt", 2, "--out is missing");
        row("hopfield patterns.txt --out o.txt", 2, "--query is missing");
        row("hopfield patterns.txt --query query.txt --out o.txt --rule oja", 2,
            "--rule is hebb, storkey, pseudo-inverse, pseudo-inverse-zero-diagonal, modern, not 'oja'");
        row("hopfield patterns.txt --query query.txt --out o.txt --rule hebb --beta 1", 2, "--beta is about the rule modern");
        row("hopfield patterns.txt --query query.txt --out o.txt --beta 0", 2, "--beta is above 0");
        row("hopfield patterns.txt --query query.txt --out o.txt --beta 1 --synchronous", 2, "--synchronous is about classical nets");
        row("hopfield patterns.txt --query query.txt --out o.txt --flip 2", 2, "--flip is a share from 0 to 1");
        row("hopfield patterns.txt --query query.txt --out patterns.txt", 2, "--out would write over patterns.txt");
        row("hopfield patterns.txt --query query.txt --out o.txt --csv", 2, "--csv is about capacity");
        row("hopfield --patterns 5 --query query.txt", 2, "--query is about pictures");
        row("hopfield --patterns 5,", 2, "--patterns needs whole numbers from 1 to 10000 with commas between, not '5,'");
        row("hopfield --patterns 0", 2, "--patterns needs whole numbers");
        row("hopfield --patterns 5 --neurons 2001", 2, "--neurons is at most 2000");
        row("hopfield nowhere.txt --query query.txt --out o.txt", 1, "nowhere.txt: cannot be read");
        row("hopfield bad.txt --query query.txt --out o.txt", 1, "bad.txt:2:3: 'x' is neither 0 nor 1");
        row("hopfield patterns.txt --query built-in:skull --out o.txt", 1,
            "the query is 16 x 16 (rows x columns), the stored pictures are 3 x 3");
        row("hopfield built-in:sword --query query.txt --out o.txt", 1,
            "built-in:sword: no such pictures come with the program; it has icons, letters, skull");
        row("hopfield patterns.txt --query query.txt --out no/such/o.txt", 1, "there is no such folder");
    }

    void badInputIsNamed() {
        QFETCH(QString, call);
        QFETCH(int, status);
        QFETCH(QString, message);
        write(path("bad.txt"), "101\n01x\n");
        const ProgramResult result = run(call);
        EXPECT_STATUS(result, status);
        QVERIFY2(result.errors.startsWith("error: ") && result.errors.contains(message), qPrintable(result.errors));
        QVERIFY(!QFile::exists(path("o.txt")));
        QVERIFY(result.output.isEmpty());
    }

private:
    ProgramResult run(const QString& call) { return runProgram(call.split(' '), m_folder->path()); }
    QString path(const char* name) const { return m_folder->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(HopfieldTest)
#include "hopfield_test.moc"
