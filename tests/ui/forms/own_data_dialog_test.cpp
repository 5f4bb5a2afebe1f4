#include "ui/forms/own_data_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/data/loaded_task.h"
#include "core/io/experiment_file.h"
#include "tests/patience.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

/// The assistant on a file of the test's own.
class OwnFile {
public:
    OwnFile(const char* name, const QByteArray& text) : m_path(m_folder.filePath(QLatin1String(name))) {
        QFile file(m_path);
        [&] { QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size()); }();
        file.close();
        dialog = std::make_unique<OwnDataDialog>(m_path, m_folder.path());
        dialog->show();
    }
    QString at(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QByteArray contents(const char* name) const {
        QFile file(at(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void choose(SegmentedControl& control, int index) {
        control.setCurrent(index);
        emit control.chosen(index);
    }
    void choose(QComboBox& box, int index) {
        box.setCurrentIndex(index);
        emit box.activated(index);
    }
    bool ready() const { return dialog->openButton().isEnabled(); }

private:
    QTemporaryDir m_folder;
    QString m_path;

public:
    std::unique_ptr<OwnDataDialog> dialog;
};

constexpr int tagging = 0, translating = 1, continuing = 2, classifying = 3;  // as they stand in the dialog

const QByteArray reviews = "text;mood\r\nwhat a day;good\r\n\"no; never\";bad\r\nfine;good\r\n";

}  // namespace

class OwnDataDialogTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void aTableIsReadAsItIsMeant() {
        OwnFile own("reviews.csv", reviews);
        OwnDataDialog& dialog = *own.dialog;
        QTRY_VERIFY(own.ready());
        QCOMPARE(dialog.separator().current(), 1);
        QVERIFY(dialog.header().isChecked() && dialog.quotes().isChecked());
        QCOMPARE(dialog.use().current(), classifying);
        const QAbstractItemModel& shown = *dialog.table().model();
        QCOMPARE(shown.rowCount(), 3);
        QCOMPARE(shown.headerData(1, Qt::Horizontal).toString(), QStringLiteral("\u201Ctext\u201D"));
        QCOMPARE(shown.index(1, 1).data().toString(), QStringLiteral("no; never"));
        QCOMPARE(shown.index(1, 0).data().toString(), QStringLiteral("3"));
        QCOMPARE(dialog.input().currentText(), QStringLiteral("\u201Ctext\u201D"));
        QCOMPARE(dialog.answer().currentText(), QStringLiteral("\u201Cmood\u201D"));
        QVERIFY(dialog.verdict().startsWith(QStringLiteral("3 examples")));
        QVERIFY(dialog.verdict().contains(QStringLiteral("2 different answers")));
        QCOMPARE(dialog.example(), QStringLiteral("what a day\ngood \u2013 \u2013"));
    }

    void howItIsCutCanBeChanged() {
        OwnFile own("reviews.csv", reviews);
        OwnDataDialog& dialog = *own.dialog;
        QTRY_VERIFY(own.ready());
        dialog.header().setChecked(false);
        QTRY_VERIFY(own.ready());
        QCOMPARE(dialog.table().model()->rowCount(), 4);
        QCOMPARE(dialog.input().currentText(), QStringLiteral("column 1"));
        own.choose(dialog.separator(), 3);
        QTRY_COMPARE(dialog.verdict(), QStringLiteral("reviews.csv: line 3: text behind a closing quote"));
        QVERIFY(!own.ready() && !dialog.saveButton().isEnabled());
        QCOMPARE(dialog.example(), QString());
        dialog.quotes().setChecked(false);
        QTRY_VERIFY(own.ready());
        QCOMPARE(dialog.table().model()->columnCount(), 2);
        QCOMPARE(dialog.use().current(), continuing);
        QVERIFY(dialog.piece().isVisible() && !dialog.answer().isVisible());
    }

    void whatDoesNotFitIsNamedByLine() {
        OwnFile own("tags.tsv", "the cat\tDET N\nit sleeps now\tP V\n");
        OwnDataDialog& dialog = *own.dialog;
        QTRY_VERIFY(own.ready());
        QCOMPARE(dialog.use().current(), translating);
        QCOMPARE(dialog.example(), QStringLiteral("the cat\nBOS DET N\nDET N EOS"));
        own.choose(dialog.use(), tagging);
        QTRY_COMPARE(dialog.verdict(),
                     QStringLiteral("tags.tsv: line 2: column 1 has 3 tokens, but column 2 has 2; each token needs a tag"));
        QVERIFY(!own.ready());
    }

    void columnsAreChosen() {
        OwnFile own("three.csv", "id,en,de\n1,the cat,die Katze\n2,yes,ja doch\n");
        OwnDataDialog& dialog = *own.dialog;
        own.choose(dialog.use(), translating);
        own.choose(dialog.input(), 2);
        own.choose(dialog.answer(), 1);
        QTRY_COMPARE(dialog.example(), QStringLiteral("die Katze\nBOS the cat\nthe cat EOS"));
    }

    void aTextIsCutIntoPieces() {
        OwnFile own("book.txt", "Call me Ishmael. Some years ago - never mind how long precisely.\n");
        OwnDataDialog& dialog = *own.dialog;
        QTRY_VERIFY(own.ready());
        QCOMPARE(dialog.use().current(), continuing);
        own.choose(dialog.piece(), 0);
        own.choose(dialog.tokens(), 2);
        QTRY_COMPARE(dialog.example(), QStringLiteral("C a l l \u2423 m e \u2423\na l l \u2423 m e \u2423 I"));
    }

    void whatWasMadeIsAnExperimentBesideItsPairs() {
        OwnFile own("reviews.csv", reviews);
        OwnDataDialog& dialog = *own.dialog;
        QTRY_VERIFY(own.ready());
        QCOMPARE(dialog.pathField().text(), own.at("reviews-pairs.json"));
        QSignalSpy made(&dialog, &OwnDataDialog::made);
        dialog.openButton().click();
        QCOMPARE(made.size(), 1);
        QCOMPARE(made[0][0].toString(), own.at("reviews-pairs.json"));
        QCOMPARE(made[0][1].toBool(), true);
        QCOMPARE(own.contents("reviews-pairs.tsv"), QByteArray("what a day\tgood -1 -1\nno ; never\tbad -1 -1\nfine\tgood\n"));
        QCOMPARE(own.contents("reviews.csv"), reviews);
        const Experiment experiment = loadExperiment(own.at("reviews-pairs.json").toStdString());
        const LoadedTask task = loadTask(experiment, std::filesystem::path(own.at("").toStdString()));
        QCOMPARE(task.dataset->trainSize(), 3);
        QVERIFY(task.experiment.model.architecture == Architecture::encoder);
    }

    void nothingThatIsThereIsReplaced() {
        OwnFile own("reviews.csv", reviews);
        OwnDataDialog& dialog = *own.dialog;
        QTRY_VERIFY(own.ready());
        dialog.saveButton().click();
        OwnDataDialog again(own.at("reviews.csv"), own.at(""));
        QCOMPARE(again.pathField().text(), own.at("reviews-pairs-2.json"));
        again.pathField().setText(own.at("reviews-pairs.json"));
        QTRY_VERIFY(again.openButton().isEnabled());
        QSignalSpy made(&again, &OwnDataDialog::made);
        again.openButton().click();
        QCOMPARE(made.size(), 0);
        QCOMPARE(again.verdict(), own.at("reviews-pairs.tsv") + QStringLiteral(": is there already; choose another name"));
    }

    void whatIsNoTextIsRefused() {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("music.txt")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("ID3\0\0", 5) == 5);
        file.close();
        QVERIFY_EXCEPTION_THROWN(OwnDataDialog(file.fileName(), folder.path()), InputError);
    }
};

QTEST_MAIN(OwnDataDialogTest)
#include "own_data_dialog_test.moc"
