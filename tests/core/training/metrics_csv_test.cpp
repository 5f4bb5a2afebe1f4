#include "core/training/metrics_csv.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/errors.h"

using namespace lab;

namespace {

StepRecord record(std::int64_t step, double loss) {
    StepRecord record;
    record.step = step;
    record.train = {loss, 0.5, 0.25};
    record.learningRate = 1e-3;
    record.gradientNorm = 1.0 / 3;
    record.seconds = 0.5;
    record.tokens = 2048;
    return record;
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

QString messageOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

class MetricsCsvTest : public QObject {
    Q_OBJECT

private slots:
    void writesTheColumnsOfTheFormat() {
        QCOMPARE(
            QString::fromStdString(metricsHeader()),
            QString("step,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,gradient_norm,tokens_per_second"));
    }

    void leavesValidationEmptyWithoutOne() {
        StepRecord step = record(7, 2.5);
        QCOMPARE(QString::fromStdString(metricsLine(metricsRow(step))), QString("7,2.5,0.5,,,0.001,0.3333333333333333,4096"));
        step.validation = Evaluation{1.25, 0.75, 0};
        QCOMPARE(QString::fromStdString(metricsLine(metricsRow(step))), QString("7,2.5,0.5,1.25,0.75,0.001,0.3333333333333333,4096"));
    }

    void readsBackTheSameNumbers() {
        const std::filesystem::path path = filePath("same.csv");
        MetricsWriter writer(path);
        StepRecord second = record(2, 1.0 / 7);
        second.validation = Evaluation{0.1, 1e-300, 0};
        writer.write(record(1, 2.302585092994046));
        writer.write(second);
        writer.flush();
        const std::vector<MetricsRow> rows = readMetrics(path);
        QCOMPARE(rows.size(), std::size_t(2));
        QVERIFY(rows[0] == metricsRow(record(1, 2.302585092994046)));
        QVERIFY(rows[1] == metricsRow(second));
    }

    void aResumedRunKeepsTheRowsBeforeIt() {
        const std::filesystem::path path = filePath("resumed.csv");
        {
            MetricsWriter writer(path);
            for (int step = 1; step <= 5; ++step) writer.write(record(step, step));
        }
        {
            MetricsWriter writer(path, 3);
            writer.write(record(4, 40));
        }
        const std::vector<MetricsRow> rows = readMetrics(path);
        QCOMPARE(rows.size(), std::size_t(4));
        QCOMPARE(rows[2].trainLoss, 3.0);
        QCOMPARE(rows[3].trainLoss, 40.0);
    }

    void aNewRunBeginsTheFileAnew() {
        const std::filesystem::path path = filePath("new.csv");
        MetricsWriter(path).write(record(1, 1));
        MetricsWriter(path).flush();
        QCOMPARE(contents(QString::fromStdString(path.string())), QByteArray::fromStdString(metricsHeader() + "\n"));
    }

    void badFilesAreNamedWithLineAndColumn() {
        const std::filesystem::path path = filePath("bad.csv");
        write(path, metricsHeader() + "\n1,2,0.5,,,0.001,0.1,100\n2,x,0.5,,,0.001,0.1,100\n");
        QVERIFY(messageOf([&] { readMetrics(path); }).endsWith("bad.csv: line 3, column train_loss: 'x' is not a number"));
        write(path, "a,b\n");
        QVERIFY(messageOf([&] { readMetrics(path); }).endsWith("bad.csv: not a metrics file: line 1 has no column step"));
        QVERIFY(messageOf([&] { MetricsWriter(path, 2); }).contains("not a metrics file"));
        QVERIFY(messageOf([&] { MetricsWriter(filePath("no/such/folder.csv")); }).contains("folder.csv: cannot be written"));
        QVERIFY(messageOf([&] { readMetrics(filePath("absent.csv")); }).contains("absent.csv"));
    }

    /// As other programs write it: a byte order mark, quotes, carriage returns, other columns and another order.
    void readsWhatOtherProgramsWrite() {
        const std::filesystem::path path = filePath("foreign.csv");
        write(path,
              "\xEF\xBB\xBF\"note\",\"train_loss\",\"step\",train_accuracy,validation_loss,validation_accuracy,learning_rate,gradient_norm,"
              "tokens_per_second\r\n\"a, b\",2,3,0.5,,,0.001,0.1,100\r\n\r\n,1.5,5,0.5,1,0.25,0.001,0.1,100\r\n");
        const std::vector<MetricsRow> rows = readMetrics(path);
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(rows[0].step, std::int64_t(3));
        QCOMPARE(rows[0].trainLoss, 2.0);
        QCOMPARE(rows[1].step, std::int64_t(5));
        QCOMPARE(rows[1].validationLoss, std::optional(1.0));
    }

    void stepsAreWholeAndGrow_data() {
        QTest::addColumn<QByteArray>("steps");
        QTest::addColumn<QString>("message");
        QTest::newRow("back") << QByteArray("1 3 2") << "line 4, column step: step 2 comes after step 3";
        QTest::newRow("twice") << QByteArray("1 1") << "line 3, column step: step 1 comes after step 1";
        QTest::newRow("half") << QByteArray("1.5") << "line 2, column step: 1.5 is no step: a whole number from 0 on";
        QTest::newRow("negative") << QByteArray("-1") << "line 2, column step: -1 is no step: a whole number from 0 on";
        QTest::newRow("too large") << QByteArray("1e300") << "line 2, column step: 1e300 is no step: a whole number from 0 on";
        QTest::newRow("not a number") << QByteArray("-nan") << "line 2, column step: '-nan' is not a number";
    }
    void stepsAreWholeAndGrow() {
        QFETCH(QByteArray, steps);
        QFETCH(QString, message);
        const std::filesystem::path path = filePath("steps.csv");
        std::string text = metricsHeader() + "\n";
        for (const QByteArray& step : steps.split(' ')) text += step.toStdString() + ",2,0.5,,,0.001,0.1,100\n";
        write(path, text);
        const QString said = messageOf([&] { readMetrics(path); });
        QVERIFY2(said.endsWith(message), qPrintable(said));
    }

    /// And whole: `kill -9` leaves what is there.
    void everyRowIsInTheFileAtOnce() {
        const std::filesystem::path path = filePath("growing.csv");
        MetricsWriter writer(path);
        for (int step = 1; step <= 200; ++step) {
            writer.write(record(step, 1.0 / step));
            const QByteArray text = contents(QString::fromStdString(path.string()));
            QVERIFY(text.endsWith('\n'));
            QCOMPARE(text.count('\n'), step + 1);
        }
    }

    void aRowThatWasCutOffIsLeftOut() {
        const std::filesystem::path path = filePath("cut.csv");
        write(path, metricsHeader() + "\n1,2,0.5,,,0.001,0.1,100\n2,2,0.5,,,0.001,0.1,100\n3,2,0.");
        MetricsWriter(path, 2).write(record(3, 30));
        const std::vector<MetricsRow> rows = readMetrics(path);
        QCOMPARE(rows.size(), std::size_t(3));
        QCOMPARE(rows[2].trainLoss, 30.0);
    }

    void rowsThatWouldBeMissingAreSaid() {
        const std::filesystem::path path = filePath("short.csv");
        {
            MetricsWriter writer(path);
            for (int step = 1; step <= 3; ++step) writer.write(record(step, step));
        }
        const QByteArray before = contents(QString::fromStdString(path.string()));
        const QString said = messageOf([&] { MetricsWriter(path, 5); });
        QVERIFY2(said.contains("ends at step 3, but the state is of step 5"), qPrintable(said));
        QCOMPARE(contents(QString::fromStdString(path.string())), before);
    }

private:
    std::filesystem::path filePath(const char* name) const { return m_folder.filePath(name).toStdString(); }
    void write(const std::filesystem::path& path, const std::string& text) {
        QFile file(QString::fromStdString(path.string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.data(), static_cast<qint64>(text.size()));
    }

    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(MetricsCsvTest)
#include "metrics_csv_test.moc"
