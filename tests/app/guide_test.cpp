#include <QTemporaryDir>
#include <QTest>

#include "tests/app/files.h"
#include "tests/app/program.h"
#include "ui/text/language.h"
#include "ui/window/help_pages.h"

using namespace lab;

/// attention-lab guide
class GuideTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    ProgramResult run(const QString& words) const { return runProgram(words.split(' '), m_folder.path()); }

private slots:
    void withoutANameItListsThem() {
        const ProgramResult list = run("guide");
        EXPECT_STATUS(list, 0);
        for (const char* name : {"user", "teacher", "researcher"}) QVERIFY2(list.output.contains(name), name);
        QVERIFY(!list.output.contains("formats"));
    }

    void printsMarkdown_data() {
        QTest::addColumn<QString>("guide");
        QTest::addColumn<QString>("language");
        for (const Language& each : languages())
            for (const HelpPage& page : helpPages())
                if (*page.guide) QTest::addRow("%s %s", page.guide, qPrintable(each.code)) << QString(page.guide) << each.code;
    }
    void printsMarkdown() {
        QFETCH(QString, guide);
        QFETCH(QString, language);
        const ProgramResult printed = run(QString("guide %1 --language %2").arg(guide, language));
        EXPECT_STATUS(printed, 0);
        QVERIFY(printed.output.startsWith("# "));
        EXPECT_STATUS(run(QString("guide %1 --language %2 --out %1.%2.md").arg(guide, language)), 0);
        QCOMPARE(QString::fromUtf8(contents(m_folder.filePath(guide + '.' + language + ".md"))), printed.output);
    }

    void writesPaper_data() { printsMarkdown_data(); }
    void writesPaper() {
        QFETCH(QString, guide);
        QFETCH(QString, language);
        const ProgramResult written = run(QString("guide %1 --language %2 --out g.pdf").arg(guide, language));
        EXPECT_STATUS(written, 0);
        QVERIFY(written.output.isEmpty() && written.errors.isEmpty());
        const QByteArray pdf = contents(m_folder.filePath("g.pdf"));
        QVERIFY(pdf.startsWith("%PDF") && pdf.trimmed().endsWith("%%EOF"));
        QVERIFY(pdf.count("/Type /Page\n") > 2);
    }

    void whatIsWrongIsSaid_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("said");
        QTest::newRow("no such guide") << "guide gardener"
                                       << "there are user, teacher, researcher";
        QTest::newRow("no such language") << "guide user --language xx"
                                          << "there is no language 'xx'";
        QTest::newRow("another ending") << "guide user --out g.doc"
                                        << ".pdf or .md";
        QTest::newRow("which") << "guide --out g.pdf"
                               << "which guide";
        QTest::newRow("two") << "guide user teacher"
                             << "unexpected argument 'teacher'";
    }
    void whatIsWrongIsSaid() {
        QFETCH(QString, words);
        QFETCH(QString, said);
        const ProgramResult result = run(words);
        EXPECT_STATUS(result, 2);
        QVERIFY2(result.errors.contains(said), qPrintable(result.errors));
    }
};

QTEST_GUILESS_MAIN(GuideTest)
#include "guide_test.moc"
