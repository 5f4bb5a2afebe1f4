#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/model/trace.h"
#include "core/training/trainer.h"
#include "tests/patience.h"
#include "ui/documents/session.h"

using namespace lab;

namespace {

const QString cases = QStringLiteral(LAB_SOURCE_DIR "/tests/reference/pretrained/");

struct ForeignDesk {
    Workspace workspace;
    Focus focus;
    Session session{workspace, focus};
};

}  // namespace

/// Models of other programs as documents.
class ForeignModelTest : public QObject {
    Q_OBJECT

private slots:
    void opensAsARunWithSentencesToLookAt_data() {
        QTest::addColumn<QString>("name");
        for (const QString& name : QDir(cases).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) QTest::newRow(qPrintable(name)) << name;
    }
    void opensAsARunWithSentencesToLookAt() {
        QFETCH(QString, name);
        ForeignDesk desk;
        QSignalSpy opened(&desk.session, &Session::opened), failed(&desk.session, &Session::failed);
        desk.session.openFile(cases + name);
        QTRY_VERIFY(!opened.isEmpty() || !failed.isEmpty());
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.front().at(1).toString()));
        const Run* run = desk.session.run();
        QVERIFY(run && run->dataset()->validationSize() > 1);
        QCOMPARE(desk.session.title(), name);
        QVERIFY(desk.session.path().isEmpty());  // it is no file of ours
        const Sample sample = run->dataset()->validationSample(0);
        QVERIFY(sample.tokens.size() > 3);
        QTRY_VERIFY(desk.focus.trace());
        QVERIFY(desk.focus.trace()->find(run->model()->attentionBlocks().front().name + ".weights"));
        desk.workspace.stop();
    }

    void isSavedAsACheckpointAndOpensAgain() {
        ForeignDesk desk;
        QSignalSpy opened(&desk.session, &Session::opened);
        desk.session.openFile(cases + "llama-gqa");
        QTRY_COMPARE(opened.size(), 1);
        const QTemporaryDir folder;
        const QString file = folder.filePath("own.safetensors");
        QVERIFY(desk.session.saveTo(file));
        QTRY_VERIFY(QFile::exists(file) && !desk.session.isModified());
        const Weights before = desk.session.run()->latest()->weights;
        ForeignDesk other;
        QSignalSpy openedAgain(&other.session, &Session::opened);
        other.session.openFile(file);
        QTRY_COMPARE(openedAgain.size(), 1);
        QCOMPARE(other.session.run()->latest()->weights, before);
        QCOMPARE(other.session.run()->dataset()->validationSample(0).tokens, desk.session.run()->dataset()->validationSample(0).tokens);
        desk.workspace.stop();
        other.workspace.stop();
    }

    void aFolderThatIsNoneSaysWhy() {
        ForeignDesk desk;
        const QTemporaryDir folder;
        QFile config(folder.filePath("config.json"));
        QVERIFY(config.open(QIODevice::WriteOnly) && config.write("{\"model_type\": \"mamba\"}") > 0);
        config.close();
        QSignalSpy failed(&desk.session, &Session::failed);
        desk.session.openFile(folder.path());
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY2(failed.front().at(1).toString().contains("model.safetensors"), qPrintable(failed.front().at(1).toString()));
        QVERIFY(!desk.session.run());
    }
};

QTEST_MAIN(ForeignModelTest)
#include "foreign_model_test.moc"
