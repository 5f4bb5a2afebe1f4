#include <QFile>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

class RenderTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        const QStringList training = {"train",         "reverse",
                                      "--set",         "training.steps=40",
                                      "--set",         "training.batch_size=16",
                                      "--set",         "model.num_heads=2",
                                      "--set",         "model.num_layers=2",
                                      "--set",         "task.test_size=16",
                                      "--quiet",       "--out",
                                      "r.safetensors", "--metrics",
                                      "r.csv"};
        EXPECT_STATUS(runProgram(training, m_folder.path()), 0);
    }

    void mapsOfAllHeads() {
        const QImage maps = drawn({"r.safetensors", "--view", "maps", "--input", m_input});
        const QImage head = drawn({"r.safetensors", "--view", "head", "--input", m_input, "--layer", "1", "--head", "1"});
        QVERIFY(!maps.isNull() && !head.isNull() && maps != head);
        QVERIFY(maps != drawn({"r.safetensors", "--view", "maps", "--input", "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 4"}));
        QVERIFY(maps == drawn({"r.safetensors", "--view", "maps", "--input", m_input}));
    }

    void eachHeadHasItsPicture() {
        const QImage first = drawn({"r.safetensors", "--view", "head", "--input", m_input});
        QVERIFY(first != drawn({"r.safetensors", "--view", "head", "--input", m_input, "--head", "1"}));
        QVERIFY(first == drawn({"r.safetensors", "--view", "head", "--input", m_input, "--block", "encoder.0.attention"}));
    }

    void curvesOfTheMetrics() {
        const QImage curves = drawn({"--view", "curves", "--metrics", "r.csv"});
        QVERIFY(!curves.isNull());
        QCOMPARE(drawn({"--view", "curves", "--metrics", "r.csv", "--scale", "1"}).size() * 2, curves.size());
        QVERIFY(curves != drawn({"--view", "curves", "--metrics", "r.csv", "--dark"}));
    }

    void whatCannotBeDrawnIsSaid_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("message");
        QTest::newRow("head") << QStringList{"r.safetensors", "--view", "head", "--input", m_input, "--head", "2"}
                              << "--head: encoder.0.attention has no head 2, only 0 to 1";
        QTest::newRow("layer") << QStringList{"r.safetensors", "--view", "head", "--input", m_input, "--layer", "2"}
                               << "--layer: this model has no layer 2";
        QTest::newRow("block") << QStringList{"r.safetensors", "--view", "head", "--input", m_input, "--block", "decoder.0.attention"}
                               << "--block: this model has no decoder.0.attention";
        QTest::newRow("token") << QStringList{"r.safetensors", "--view", "maps", "--input", "3 1 99"} << "99";
        QTest::newRow("word") << QStringList{"r.safetensors", "--view", "maps", "--input", "3 cat"} << "--input: ";
        QTest::newRow("not a checkpoint") << QStringList{"r.csv", "--view", "maps", "--input", "3"} << "r.csv";
        QTest::newRow("not metrics") << QStringList{"--view", "curves", "--metrics", "r.safetensors"} << "r.safetensors: ";
    }

    void whatCannotBeDrawnIsSaid() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, message);
        const ProgramResult result = runProgram(QStringList{"render"} + arguments + QStringList{"--out", "no.png"}, m_folder.path());
        EXPECT_STATUS(result, 1);
        QVERIFY2(result.errors.startsWith("error: ") && result.errors.contains(message), qPrintable(result.errors));
        QVERIFY(!QFile::exists(m_folder.filePath("no.png")));
    }

private:
    QImage drawn(const QStringList& arguments) {
        const QString file = QString("%1.png").arg(m_pictures++);
        const ProgramResult result = runProgram(QStringList{"render"} + arguments + QStringList{"--out", file}, m_folder.path());
        if (result.status != 0 || !result.errors.isEmpty()) qWarning("%s", qPrintable(result.errors));
        return QImage(m_folder.filePath(file));
    }

    const QString m_input = "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3";
    QTemporaryDir m_folder;
    int m_pictures = 0;
};

QTEST_GUILESS_MAIN(RenderTest)
#include "render_test.moc"
