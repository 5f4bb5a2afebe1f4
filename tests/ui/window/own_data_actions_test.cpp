#include "ui/window/own_data_actions.h"

#include <QDragEnterEvent>
#include <QFile>
#include <QMimeData>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/patience.h"
#include "ui/forms/own_data_dialog.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

struct OwnDataDesk {
    explicit OwnDataDesk(const std::function<void(const OwnDataDesk&)>& prepare = {}, const char* file = nullptr)
        : files(window, at("settings.ini"), at("session.safetensors")) {
        if (prepare) prepare(*this);
        files.begin(file ? std::optional<std::filesystem::path>(at(file).toStdString()) : std::nullopt);
        window.resize(1280, 800);
        window.show();
    }
    ~OwnDataDesk() { files.end(); }

    QString at(const char* name) const { return folder.filePath(QLatin1String(name)); }
    QString write(const char* name, const QByteArray& text) const {
        QFile file(at(name));
        [&] { QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size()); }();
        return at(name);
    }
    void drop(const QString& path) {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &enter);
        QDropEvent event(QPointF(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &event);
    }
    OwnDataDialog* dialog() { return window.findChild<OwnDataDialog*>(); }

    QTemporaryDir folder;
    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    FileActions files;
};

}  // namespace

class OwnDataActionsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        Theme::instance().apply();
    }

    void textsAndTablesAreTaken_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("taken");
        QTest::addRow("prose") << "book.txt" << QByteArray("Call me Ishmael.\n") << true;
        QTest::addRow("table") << "table.csv" << QByteArray("text,label\nfine,good\n") << true;
        QTest::addRow("uneven tsv") << "t.TSV" << QByteArray("the cat sleeps\tdie Katze\n") << true;
        QTest::addRow("empty") << "empty.csv" << QByteArray() << true;
        QTest::addRow("metrics") << "m.csv" << QByteArray("step,train_loss\n1,2.3\n") << true;
        QTest::addRow("pairs") << "pairs.tsv" << QByteArray("1 2\t2 1\n") << false;
        QTest::addRow("three columns") << "pairs.txt" << QByteArray("1 2\t0 2\t2 1\n") << false;
        QTest::addRow("results") << "r.csv"
                                 << QByteArray(
                                        "training.seed,train_loss,validation_loss,validation_accuracy,test_loss,test_accuracy,steps,"
                                        "seconds,parameters\n")
                                 << false;
        QTest::addRow("experiment") << "e.json" << QByteArray("{}") << false;
    }

    void textsAndTablesAreTaken() {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        QTemporaryDir folder;
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        file.close();
        QTEST(OwnDataActions::takes(file.fileName()), "taken");
        QVERIFY(!OwnDataActions::takes(folder.filePath(QStringLiteral("nowhere.csv"))));
        QVERIFY(!OwnDataActions::takes(folder.path()));
    }

    void aDroppedTableLeadsIntoTheAssistantAndBecomesTheExperiment() {
        OwnDataDesk desk;
        const int page = desk.window.pageIndex();
        desk.drop(desk.write("moods.csv", "text,mood\nwhat a day,good\nnever,bad\n"));
        QVERIFY(desk.dialog());
        QCOMPARE(desk.window.pageIndex(), page);
        QCOMPARE(desk.window.session().presetName(), std::string("reverse"));
        QTRY_VERIFY(desk.dialog()->openButton().isEnabled());
        desk.dialog()->openButton().click();
        QCOMPARE(desk.window.session().path(), desk.at("moods-pairs.json"));
        QCOMPARE(desk.focus.sampleCount(), 2);
        QCOMPARE(desk.window.problem(), QString());
        Run* run = desk.focus.run();
        run->stepOnce();
        QTRY_COMPARE(run->step(), 1);
    }

    void whatIsOnlySavedIsNotOpened() {
        OwnDataDesk desk;
        desk.files.open(desk.write("moods.csv", "text,mood\nwhat a day,good\nnever,bad\n"));
        QTRY_VERIFY(desk.dialog()->saveButton().isEnabled());
        desk.dialog()->saveButton().click();
        QCOMPARE(desk.window.session().presetName(), std::string("reverse"));
        QCOMPARE(desk.files.settings().recentFiles().value(0), desk.at("moods-pairs.json"));
    }

    void aTableNamedAtTheStartLeadsThereToo() {
        OwnDataDesk desk([](const OwnDataDesk& made) { made.write("book.txt", "Call me Ishmael.\n"); }, "book.txt");
        QVERIFY(desk.dialog());
        QCOMPARE(desk.window.problem(), QString());
        QTRY_VERIFY(desk.dialog()->isVisible());
    }

    void whatIsNoTextIsSaidInTheWindow() {
        OwnDataDesk desk;
        desk.drop(desk.write("music.csv", QByteArray("ID3\0\0", 5)));
        QVERIFY(!desk.dialog());
        QCOMPARE(desk.window.problem(), QStringLiteral("music.csv cannot be read"));
        QCOMPARE(desk.window.session().presetName(), std::string("reverse"));
    }

    void pairsAreOpenedAsTheyAre() {
        OwnDataDesk desk;
        QVERIFY(desk.files.open(desk.write("pairs.tsv", "1 2\t2 1\n0 1\t1 0\n")));
        QVERIFY(!desk.dialog());
        QCOMPARE(desk.focus.sampleCount(), 2);
    }
};

QTEST_MAIN(OwnDataActionsTest)
#include "own_data_actions_test.moc"
