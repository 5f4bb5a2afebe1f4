// What is no text, or an odd one, dropped on the window: one sentence each, and what is open stays.

#include <QDir>
#include <QSignalSpy>
#include <QStandardPaths>

#include "core/data/text_dataset.h"
#include "tests/ui/window/text_desk.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/theme.h"
#include "ui/window/text_actions.h"

using namespace lab;

class BadTextTest : public QObject {
    Q_OBJECT

    /// What the dialog says once it has looked.
    static QString verdictOf(TextDesk& desk, const QStringList& paths) {
        desk.drop(paths);
        TextDialog* dialog = desk.dialog();
        if (!dialog) return "no dialog: " + desk.window.problem();
        [&] {
            QTRY_VERIFY(!dialog->busy() && !dialog->verdict().startsWith("Reading") && !dialog->verdict().startsWith("Timing") &&
                        !dialog->verdict().startsWith("Looking"));
        }();
        return dialog->verdict().replace(desk.folder.path() + "/", "");
    }

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        Theme::instance().apply();
    }

    void whatIsNoTextIsOneSentence_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("said");
        QTest::newRow("empty") << "empty.md" << QByteArray() << "empty.md: is empty";
        QTest::newRow("blank") << "blank.md" << QByteArray(" \n\n \n") << "blank.md: after cleaning nothing is left";
        QTest::newRow("binary") << "picture.md" << QByteArray(5000, '\0') << "picture.md: is binary, not text: it is full of NUL bytes";
        QTest::newRow("UTF-16") << "wide.md" << QByteArray("\xFE\xFF\0h\0i", 6)
                                << "wide.md: is UTF-16: save it as UTF-8, which is what is read";
        QTest::newRow("broken gzip") << "broken.gz" << QByteArray("\x1F\x8B\x08\0\0", 5)
                                     << "broken.gz: is packed with gzip, and broken or cut off";
        QTest::newRow("no gzip") << "named.gz" << QByteArray("a\0b\0c\0", 6) << "named.gz: is binary, not text: it is full of NUL bytes";
        QTest::newRow("2 GB") << "huge.txt" << QByteArray() << "huge.txt: is 2 GB or more, which is more than can be read";
        QTest::newRow("a folder without texts")
            << "bare" << QByteArray() << "bare: holds no text: files .txt or .md, which may be packed as .gz, are looked for";
    }
    void whatIsNoTextIsOneSentence() {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, said);
        TextDesk desk;
        const QString path = desk.folder.filePath(name);
        if (name == "bare")
            QVERIFY(QDir().mkpath(path));
        else
            desk.write(name.toLatin1(), bytes);
        if (name == "huge.txt") QVERIFY(QFile(path).resize(qint64{1} << 31));  // sparse
        Run* run = desk.focus.run();
        const QString verdict = verdictOf(desk, {path});
        QVERIFY2(verdict == said || verdict.endsWith("/" + said), qPrintable(verdict));
        QVERIFY(!desk.dialog()->trainButton().isEnabled() && !desk.dialog()->openButton().isEnabled());
        QVERIFY(!desk.dialog()->latin1Button().isVisibleTo(desk.dialog()));
        desk.dialog()->reject();
        QCOMPARE(desk.focus.run(), run);
        QCOMPARE(desk.window.session().presetName(), std::string("reverse"));
        QCOMPARE(desk.window.problem(), QString());
    }

    void latin1IsOfferedAndRead() {
        TextDesk desk;
        const QString path = desk.write("latin.txt",
                                        "Gr\xFC\xDF"
                                        "chen.\n\n" +
                                            longText());
        const QString verdict = verdictOf(desk, {path});
        QVERIFY2(verdict.endsWith("latin.txt: is not UTF-8 at byte 2; the rule latin1 of the cleaning reads it as Latin-1"),
                 qPrintable(verdict));
        TextDialog* dialog = desk.dialog();
        QVERIFY(dialog->latin1Button().isVisibleTo(dialog));
        dialog->latin1Button().click();
        QTRY_VERIFY2(dialog->openButton().isEnabled(), qPrintable(dialog->verdict()));
        QVERIFY(!dialog->latin1Button().isVisibleTo(dialog));
        QVERIFY2(dialog->verdict().contains("was read as Latin-1"), qPrintable(dialog->verdict()));
        dialog->openButton().click();
        QTRY_VERIFY(desk.focus.run() && desk.focus.run()->dataset()->tokenizer().isText());
        const Corpus& corpus = dynamic_cast<const TextDataset&>(*desk.focus.run()->dataset()).corpus();
        QVERIFY((corpus.train + corpus.validation)
                    .find("Gr\u00FC\u00DF"
                          "chen.") != std::string::npos);
    }

    void oddTextsAreTexts_data() {
        QTest::addColumn<QByteArray>("text");
        QByteArray line, once;
        for (int i = 0; line.size() < 60'000; ++i) line += "word" + QByteArray::number(i % 700) + ' ';
        for (int i = 0; i < 3000; ++i) once += QByteArray::number(i * 7919, 36) + (i % 10 == 9 ? "\n\n" : " ");
        QTest::newRow("one endless line") << line;
        QTest::newRow("no word twice") << once;
    }
    void oddTextsAreTexts() {
        QFETCH(QByteArray, text);
        TextDesk desk;
        verdictOf(desk, {desk.write("odd.txt", text)});
        QTRY_VERIFY2(desk.dialog()->trainButton().isEnabled(), qPrintable(desk.dialog()->verdict()));
    }

    /// What is open does not need its file any more.
    void aFileThatGoesIsNotMissedByItsRun() {
        TextDesk desk;
        const QString path = desk.write("book.txt", longText());
        verdictOf(desk, {path});
        QTRY_VERIFY(desk.dialog()->openButton().isEnabled());
        desk.dialog()->openButton().click();
        QTRY_VERIFY(desk.focus.run() && desk.focus.run()->dataset()->tokenizer().isText());
        QVERIFY(QFile::remove(path));
        Run* run = desk.focus.run();
        run->stepOnce();
        QTRY_COMPARE(run->step(), 1);
        QCOMPARE(desk.window.problem(), QString());
        // Cut in another way it would have to be read again.
        Experiment draft = desk.window.session().draft();
        draft.task.text.tokenizer = "bytes";
        desk.window.session().setDraft(draft);
        QSignalSpy failed(&desk.window.session(), &Session::failed);
        QVERIFY(!desk.window.session().startNewRun());
        QCOMPARE(failed.size(), 1);
        QVERIFY2(failed[0][1].toString().contains("book.txt: cannot be read: No such file or directory"),
                 qPrintable(failed[0][1].toString()));
        QCOMPARE(desk.focus.run(), run);
    }
};

QTEST_MAIN(BadTextTest)
#include "bad_text_test.moc"
