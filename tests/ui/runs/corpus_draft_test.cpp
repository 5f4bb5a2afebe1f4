#include "ui/runs/corpus_draft.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace lab;

class CorpusDraftTest : public QObject {
    Q_OBJECT

    QString write(const QString& name, const QByteArray& bytes) {
        const QString path = m_folder.filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("cannot write");
        return path;
    }
    QByteArray tales(int count) {
        QByteArray text;
        for (int i = 0; i < count; ++i)
            text += "Tale " + QByteArray::number(i) +
                    " of the\xC2\xA0"
                    "fox.\r\n\r\n";
        return text;
    }
    static int ruleIndex(const char* name) { return CleaningRule::find(name); }

private slots:
    void anOpenedTextIsReadCleanedAndCounted() {
        CorpusDraft draft;
        QVERIFY(!draft.view() && !draft.busy());
        draft.open({write("a.txt", tales(40))}, {});
        QVERIFY(draft.busy());
        QTRY_VERIFY(!draft.busy());
        QVERIFY(draft.view() && draft.problem().isEmpty());
        QCOMPARE(draft.view()->statistics.documents, 40);
        QCOMPARE(draft.view()->texts->size(), std::size_t(1));
    }

    void rulesCountAnewAndKeepTheText() {
        CorpusDraft draft;
        draft.open({write("a.txt", tales(40))}, {});
        QTRY_VERIFY(!draft.busy());
        const auto texts = draft.view()->texts;
        const std::string hash = draft.view()->corpus.cleanHash;
        draft.setRule("lower_case", true);
        QCOMPARE(draft.settings().cleaning.size(), defaultCleaning().size() + 1);
        QVERIFY(draft.busy() && draft.view()->corpus.cleanHash == hash);  // what is shown stays
        QTRY_VERIFY(!draft.busy());
        QCOMPARE(draft.view()->texts, texts);
        QCOMPARE(draft.view()->corpus.report.rows[static_cast<std::size_t>(ruleIndex("lower_case"))].places, std::int64_t(40));
        draft.setRule("lower_case", false);
        QTRY_VERIFY(!draft.busy());
        QCOMPARE(draft.view()->corpus.cleanHash, hash);
    }

    void theLatestWishWins() {
        CorpusDraft draft;
        draft.open({write("a.txt", tales(400))}, {});
        for (int i = 0; i < 10; ++i) draft.setRule("quotes", i % 2 == 0);
        draft.open({write("b.txt", tales(30))}, {});
        QTRY_VERIFY(!draft.busy());
        QCOMPARE(draft.view()->statistics.documents, 30);
        QCOMPARE(draft.view()->settings, draft.settings());
        QTest::qWait(50);
        QCOMPARE(draft.view()->statistics.documents, 30);
    }

    void filesAndPastedTextsAreAdded() {
        CorpusDraft draft;
        draft.open({write("a.txt", tales(20))}, {});
        QTRY_VERIFY(!draft.busy());
        draft.addText("pasted", QStringLiteral("W\u00F6rter.\n\nAnd more."));
        QTRY_VERIFY(!draft.busy());
        QCOMPARE(draft.view()->statistics.documents, 22);
        draft.add({write("b.txt", "One of another file.")});
        QTRY_VERIFY(!draft.busy());
        QCOMPARE(draft.view()->statistics.documents, 23);
        QCOMPARE(draft.paths().size(), 2);
        QCOMPARE(draft.view()->texts->at(1).name, std::string("pasted"));
    }

    void whatFailsIsSaidAndNothingIsLost() {
        CorpusDraft draft;
        draft.open({write("a.txt", tales(20))}, {});
        QTRY_VERIFY(!draft.busy());
        const auto view = draft.view();
        draft.add({write("latin.txt", "d\xE9j\xE0 vu, and more of it")});
        QTRY_VERIFY(!draft.busy());
        QVERIFY2(draft.problem().contains("is not UTF-8 at byte 1"), qPrintable(draft.problem()));
        QVERIFY(draft.offersLatin1());
        QCOMPARE(draft.view(), view);
        draft.setRule("latin1", true);
        QTRY_VERIFY(!draft.busy());
        QVERIFY(draft.problem().isEmpty() && !draft.offersLatin1());
        QCOMPARE(draft.view()->statistics.documents, 21);
        draft.open({m_folder.filePath("missing.txt")}, {});
        QTRY_VERIFY(!draft.busy());
        QVERIFY(draft.problem().contains("missing.txt") && !draft.offersLatin1());
    }

    void aRunsTextIsReadAgainOrShownAsTheRunKeepsIt() {
        const QString path = write("run.txt", tales(40));
        const CorpusSettings settings;
        const auto kept = std::make_shared<const Corpus>(makeCorpus(readTexts(path.toStdString(), {}), settings));
        CorpusDraft draft;
        draft.showTrained(kept, {path}, settings);
        QTRY_VERIFY(!draft.busy());
        QVERIFY(draft.view()->texts && draft.note().isEmpty());
        QCOMPARE(draft.view()->corpus.cleanHash, kept->cleanHash);
        write("run.txt", tales(41));
        draft.showTrained(kept, {path}, settings);
        QTRY_VERIFY(!draft.busy());
        QVERIFY(!draft.view()->texts && draft.note().startsWith("The files have changed or are gone"));
        QCOMPARE(draft.view()->statistics.documents, 40);
        draft.setRule("quotes", true);  // nothing to count anew
        QVERIFY(!draft.busy());
        QFile::remove(path);
        draft.showTrained(kept, {path}, settings);
        QTRY_VERIFY(!draft.busy());
        QVERIFY(!draft.view()->texts && !draft.note().isEmpty() && draft.problem().isEmpty());
        draft.open({write("a.txt", tales(20))}, settings);
        QTRY_VERIFY(!draft.busy());
        QVERIFY(draft.note().isEmpty());
    }

    void cancellingKeepsWhatIsShown() {
        CorpusDraft draft;
        draft.open({write("a.txt", tales(20))}, {});
        QTRY_VERIFY(!draft.busy());
        const auto view = draft.view();
        draft.open({write("big.txt", tales(200000))}, {});
        draft.cancel();
        QVERIFY(!draft.busy());
        QTest::qWait(100);
        QCOMPARE(draft.view(), view);
        draft.setRule("quotes", true);
        draft.cancel();
        QVERIFY(!draft.settings().cleaning.empty());
        QCOMPARE(draft.settings(), view->settings);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(CorpusDraftTest)
#include "corpus_draft_test.moc"
