#include <QTemporaryDir>
#include <QTest>

#include "tests/app/files.h"
#include "tests/app/program.h"

class InContextTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        EXPECT_STATUS(
            run("train copy --set training.steps=1 --set task.validation_size=10 --set task.test_size=10 --out copy.safetensors --quiet"),
            0);
    }

    void aModelIsMeasuredBesideGradientSteps() {
        EXPECT_STATUS(run("train regression --set training.steps=2 --set training.validate_every=2 --set model.init=gradient-descent "
                          "--set training.optimizer.learning_rate=1e-9 --set task.validation_size=50 --set task.test_size=50 "
                          "--out run.safetensors --quiet"),
                      0);
        const ProgramResult result = run("in-context run.safetensors --tasks 500 --steps 2 --csv figures.csv --quiet");
        EXPECT_STATUS(result, 0);
        QVERIFY2(result.output.contains("loss-by-steps\n    gradient"), qPrintable(result.output));
        const QList<QByteArray> lines = contents(path("figures.csv")).trimmed().split('\n');
        QCOMPARE(lines.front(), QByteArray("measure,of,at,value,eta,gamma,lambda"));
        QVERIFY(std::abs(cellOf(lines, "loss-in-common,model,1,", 3) - 0.20623) < 1e-4);
        QVERIFY(std::abs(cellOf(lines, "effective-eta,model,,", 3) - 6.0606) < 1e-3);
        QVERIFY(std::abs(cellOf(lines, "loss-by-steps,gradient,2,", 3) - 0.158) < 0.01);
        QVERIFY(std::abs(cellOf(lines, "loss-by-steps,gradient,2,", 4) - 6) < 0.3);
        const double apart = cellOf(lines, "construction-difference,construction,1,", 3);
        QVERIFY(apart >= 0 && apart < 1e-13);
        QCOMPARE(cellOf(lines, "weights-unchanged,model,,", 3), 1.0);
        EXPECT_STATUS(run("in-context run.safetensors --tasks 500 --steps 2 --csv again.csv --quiet"), 0);
        QCOMPARE(contents(path("again.csv")), contents(path("figures.csv")));
    }

    void badInputIsNamed_data() {
        QTest::addColumn<QString>("call");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("message");
        const auto row = [](const QString& call, int status, const QString& message) {
            QTest::newRow(qPrintable(call)) << call << status << message;
        };
        row("in-context", 2, "a checkpoint is missing");
        row("in-context nowhere.safetensors", 1, "nowhere.safetensors");
        row("in-context copy.safetensors --tasks 2", 2, "--tasks");
        row("in-context copy.safetensors --tasks 2000000", 2, "--tasks is at most 1000000");
        row("in-context copy.safetensors", 1, "was not trained on task regression");
        row("in-context copy.safetensors --csv no/such/o.csv", 1, "there is no such folder");
    }

    void badInputIsNamed() {
        QFETCH(QString, call);
        QFETCH(int, status);
        QFETCH(QString, message);
        const ProgramResult result = run(call);
        EXPECT_STATUS(result, status);
        QVERIFY2(result.errors.startsWith("error: ") && result.errors.contains(message), qPrintable(result.errors));
        QVERIFY(result.output.isEmpty());
    }

private:
    ProgramResult run(const QString& call) { return runProgram(call.split(' '), m_folder.path()); }
    QString path(const char* name) const { return m_folder.filePath(name); }
    static double cellOf(const QList<QByteArray>& lines, const char* start, int cell) {
        for (const QByteArray& line : lines)
            if (line.startsWith(start)) return line.split(',').value(cell).toDouble();
        return -1;
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(InContextTest)
#include "in_context_test.moc"
