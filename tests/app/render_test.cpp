#include <QFile>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/io/safetensors.h"
#include "core/io/session_file.h"
#include "core/training/metrics_csv.h"
#include "tests/app/program.h"
#include "ui/runs/run_session.h"

using namespace lab;

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

    void pairsOfAHeadUnderRope() {
        const QImage last = drawn({"r.safetensors", "--view", "rope", "--input", m_input});
        QVERIFY(!last.isNull());
        QVERIFY(last != drawn({"r.safetensors", "--view", "rope", "--input", m_input, "--query", "3", "--key", "7"}));
        const QByteArray csv = written("p.csv", {"r.safetensors", "--view", "rope", "--input", m_input, "--query", "9", "--key", "6"});
        QCOMPARE(csv.count('\n'), qsizetype(8 + 1));
        QVERIFY(csv.startsWith("pair,first_channel,second_channel,theta"));
        QVERIFY(csv.contains("\n1,1,9,"));
    }

    void curvesOfTheMetrics() {
        const QImage curves = drawn({"--view", "curves", "--metrics", "r.csv"});
        QVERIFY(!curves.isNull());
        QCOMPARE(drawn({"--view", "curves", "--metrics", "r.csv", "--scale", "1"}).size() * 2, curves.size());
        QVERIFY(curves != drawn({"--view", "curves", "--metrics", "r.csv", "--dark"}));
    }

    void vectorsHoldTextAndCells() {
        const QByteArray one = written("h.svg", {"r.safetensors", "--view", "head", "--input", m_input, "--layer", "1", "--head", "1"});
        QVERIFY(one.contains(">layer 1, head 1<") && one.contains(">query<") && one.contains("after step 40") && !one.contains("<image"));
        const QByteArray maps = written("m.svg", {"r.safetensors", "--view", "maps", "--input", m_input});
        QCOMPARE(maps.count("<rect") - one.count("<rect"), qsizetype(3 * (16 * 16 + 1)));
        const QByteArray curves = written("c.pdf", {"--view", "curves", "--metrics", "r.csv"});
        QVERIFY(curves.startsWith("%PDF-1.") && curves.contains("/ToUnicode"));
    }

    void columnsOfAPage() {
        const QStringList head = {"r.safetensors", "--view", "head", "--input", m_input, "--layer", "1"};
        const QByteArray column = written("one.svg", head + QStringList{"--width", "one-column", "--bare"});
        QVERIFY(column.contains("<svg width=\"84mm\"") && !column.contains(">Reverse</text>") && column.contains(">query<"));
        QVERIFY(written("two.svg", head + QStringList{"--width", "two-columns"}).contains("<svg width=\"174mm\""));
        QCOMPARE(written("screen.svg", head + QStringList{"--width", "screen"}), written("plain.svg", head));
        const ProgramResult wrong =
            runProgram(QStringList{"render"} + head + QStringList{"--width", "3", "--out", "no.svg"}, m_folder.path());
        EXPECT_STATUS(wrong, 2);
        QVERIFY2(wrong.errors.contains("one-column"), qPrintable(wrong.errors));
    }

    /// A session has the metrics of its run; the picture is that of the same metrics in a file.
    void aSessionDrawsItsOwnMetrics() {
        const CheckpointFile state = readCheckpoint(m_folder.filePath("r.safetensors").toStdString());
        SessionFile session;
        SessionRun& run = session.runs.emplace_back();
        run.name.assign(1, 'r');
        run.experiment = state.experiment;
        run.layout = layoutOf(state.experiment);
        run.present = std::make_shared<const TrainingState>(trainingStateOf(state, *run.layout, *run.experiment.training.optimizer.kind));
        std::ofstream metrics(m_folder.filePath("session.csv").toStdString());
        metrics << metricsHeader() << '\n';
        for (int step = 1; step <= run.present->step; ++step) {
            StepRecord record;
            record.step = step;
            record.train = {2.0 / step, 0.5, 0.25};
            if (step == run.present->step) record.validation = Evaluation{0.5, 0.75, 0.5};
            record.learningRate = 0.001;
            record.gradientNorm = 1.0 / 3.0;
            record.seconds = 0.5;
            record.tokens = 100;
            run.past.rows.push_back(sessionRow(record));
            metrics << metricsLine(metricsRow(record)) << '\n';
        }
        metrics.close();
        writeSession(m_folder.filePath("session.safetensors").toStdString(), session);
        const QByteArray drawn = written("own.csv", {"session.safetensors", "--view", "curves"});
        QVERIFY(!drawn.isEmpty());
        QCOMPARE(drawn, written("file.csv", {"--view", "curves", "--metrics", "session.csv"}));
        QVERIFY(written("own.svg", {"session.safetensors", "--view", "curves"}).contains("<text"));
        QVERIFY(!written("maps-of-session.svg", {"session.safetensors", "--view", "maps", "--input", m_input}).isEmpty());

        const ProgramResult none = runProgram({"render", "r.safetensors", "--view", "curves", "--out", "no.png"}, m_folder.path());
        EXPECT_STATUS(none, 2);
        QVERIFY2(none.errors.contains("only a session keeps its metrics"), qPrintable(none.errors));
    }

    void numbersAreThoseOfTheTrace() {
        const QByteArray csv = written("h.csv", {"r.safetensors", "--view", "head", "--input", m_input, "--layer", "1"});
        QCOMPARE(csv.count('\n'), qsizetype(16 * 16 + 1));
        const ProgramResult traced = runProgram({"trace", "r.safetensors", "--input", m_input, "--out", "t.safetensors"}, m_folder.path());
        EXPECT_STATUS(traced, 0);
        const lab::NamedTensors tensors = lab::readSafetensors(m_folder.filePath("t.safetensors").toStdString()).tensors;
        const std::vector<float>& weights = tensors.at("encoder.1.attention.weights").values;  // head 0 comes first
        const QList<QByteArray> lines = csv.trimmed().split('\n');
        for (int i = 0; i < 256; ++i) QCOMPARE(lines[i + 1].split(',').last().toFloat(), weights[std::size_t(i)]);
    }

    void otherQuantitiesAreThoseOfTheTraceToo() {
        EXPECT_STATUS(
            runProgram({"trace", "r.safetensors", "--input", "3 1 4", "--target", "4 1 3", "--gradients", "--out", "g.safetensors"},
                       m_folder.path()),
            0);
        const lab::NamedTensors tensors = lab::readSafetensors(m_folder.filePath("g.safetensors").toStdString()).tensors;
        for (const auto& [quantity, tensor] : {std::pair("scores", "encoder.1.attention.scores"),
                                               std::pair("gradient_of_weights", "gradient.encoder.1.attention.weights")}) {
            const QByteArray csv = written("q.csv", {"r.safetensors", "--view", "head", "--input", "3 1 4", "--target", "4 1 3", "--layer",
                                                     "1", "--quantity", quantity});
            const QList<QByteArray> lines = csv.trimmed().split('\n');
            QCOMPARE(lines.size(), qsizetype(9 + 1));
            QVERIFY2(lines.front().endsWith(quantity), lines.front().constData());
            for (int i = 0; i < 9; ++i) QCOMPARE(lines[i + 1].split(',').last().toFloat(), tensors.at(tensor).values[std::size_t(i)]);
        }
        const QStringList maps = {"render", "r.safetensors", "--view", "maps", "--input", "3 1 4", "--out", "no.png", "--quantity"};
        EXPECT_STATUS(runProgram(maps + QStringList{"size"}, m_folder.path()), 2);
        const ProgramResult noLoss = runProgram(maps + QStringList{"gradient_of_scores"}, m_folder.path());
        EXPECT_STATUS(noLoss, 1);
        QVERIFY2(noLoss.errors.contains("--target: "), qPrintable(noLoss.errors));
        EXPECT_STATUS(runProgram(maps + QStringList{"decay"}, m_folder.path()), 1);
    }

    /// The decoder of a model with a bottleneck looks at slots, as many as there are, whatever the source's length.
    void keysOfACrossAttentionAreSlots() {
        const QStringList training = {"train",
                                      "copy",
                                      "--set",
                                      "training.steps=2",
                                      "--set",
                                      "task.test_size=1",
                                      "--set",
                                      "model.architecture=encoder-decoder",
                                      "--set",
                                      "model.bottleneck.kind=fsq",
                                      "--set",
                                      "model.bottleneck.slots=3",
                                      "--quiet",
                                      "--out",
                                      "slots.safetensors"};
        EXPECT_STATUS(runProgram(training, m_folder.path()), 0);
        const QStringList two = {"slots.safetensors", "--input", "3 1 4 1 5", "--target-input", "10 3"};
        const QStringList cross = two + QStringList{"--view", "head", "--block", "decoder.0.cross_attention"};
        const QList<QByteArray> lines = written("slots.csv", cross).trimmed().split('\n');
        QCOMPARE(lines.size(), qsizetype(1 + 2 * 3));
        for (qsizetype line = 1; line < lines.size(); ++line)
            QVERIFY2(lines[line].contains(",slot " + QByteArray::number((line - 1) % 3) + ": "), lines[line].constData());
        QVERIFY(written("slots.svg", cross).contains(">slot 2: "));
        QVERIFY(!written("own.csv", two + QStringList{"--view", "head", "--block", "decoder.0.attention"}).contains("slot"));
        QVERIFY(!drawn(two + QStringList{"--view", "maps"}).isNull());
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
        QTest::newRow("query") << QStringList{"r.safetensors", "--view", "rope", "--input", m_input, "--query", "16"}
                               << "--query: there is no position 16, only 0 to 15";
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

    QByteArray written(const QString& file, const QStringList& arguments) {
        const ProgramResult result = runProgram(QStringList{"render"} + arguments + QStringList{"--out", file}, m_folder.path());
        if (result.status != 0 || !result.errors.isEmpty()) qWarning("%s", qPrintable(result.errors));
        QFile written(m_folder.filePath(file));
        return written.open(QIODevice::ReadOnly) ? written.readAll() : QByteArray();
    }

    const QString m_input = "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3";
    QTemporaryDir m_folder;
    int m_pictures = 0;
};

QTEST_GUILESS_MAIN(RenderTest)
#include "render_test.moc"
