#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

class EvaluateTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        for (const QString& run : {QStringLiteral("decoder repeat"), QStringLiteral("encoder copy")}) {
            const QString architecture = run.section(' ', 0, 0), task = run.section(' ', 1);
            const QStringList training = QStringLiteral(
                                             "train reverse --quiet --set task.kind=%2 --set task.seq_len=4 --set training.steps=20 "
                                             "--set task.test_size=0 --set model.architecture=%1 --out %1.safetensors")
                                             .arg(architecture, task)
                                             .split(' ');
            EXPECT_STATUS(runProgram(training, m_folder.path()), 0);
        }
        QFile file(m_folder.filePath("text.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray("3 1 4 1 5 9 2 6 ").repeated(20)) > 0);
    }

    void judgesAText() {
        const ProgramResult result = evaluate({"decoder.safetensors", "--text", "text.txt"});
        EXPECT_STATUS(result, 0);
        QVERIFY2(result.output.contains("tokens       159, 319 bytes"), qPrintable(result.output));
        const QJsonObject overlap = json({"decoder.safetensors", "--text", "text.txt"});
        const QJsonObject disjoint = json({"decoder.safetensors", "--text", "text.txt", "--windows", "disjoint"});
        QCOMPARE(overlap["tokens"].toInt(), 159);
        QCOMPARE(disjoint["tokens"].toInt(), 159);
        QVERIFY(overlap["loss"].toDouble() != disjoint["loss"].toDouble());
        for (const QJsonObject& one : {overlap, disjoint}) {
            const double loss = one["loss"].toDouble();
            QVERIFY(std::abs(one["perplexity"].toDouble() - std::exp(loss)) < 1e-6 * std::exp(loss));
            QVERIFY(std::abs(one["bits_per_byte"].toDouble() - loss * 159 / 319 / std::log(2)) < 1e-9);
        }
    }

    void judgesItsOwnValidation() {
        const QJsonObject own = json({"encoder.safetensors"});
        QVERIFY(own["sequences"].toInt() > 0);
        QVERIFY(own["loss"].toDouble() > 0);
        QVERIFY(own["accuracy"].toDouble() >= 0 && own["accuracy"].toDouble() <= 1);
        EXPECT_STATUS(evaluate({"encoder.safetensors", "--threads", "1"}), 0);
    }

    void wrongTextsAndUsage() {
        EXPECT_STATUS(evaluate({}), 2);
        EXPECT_STATUS(evaluate({"decoder.safetensors", "--windows", "disjoint"}), 2);
        EXPECT_STATUS(evaluate({"decoder.safetensors", "--text", "text.txt", "--windows", "round"}), 2);
        EXPECT_STATUS(evaluate({"encoder.safetensors", "--text", "text.txt"}), 1);
        QFile file(m_folder.filePath("fish.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("3 1 fish") > 0);
        file.close();
        const ProgramResult unknown = evaluate({"decoder.safetensors", "--text", "fish.txt"});
        EXPECT_STATUS(unknown, 1);
        QVERIFY2(unknown.errors.contains("error: fish.txt: token 2: 'fish'"), qPrintable(unknown.errors));
    }

private:
    ProgramResult evaluate(const QStringList& arguments) { return runProgram(QStringList{"evaluate"} + arguments, m_folder.path()); }
    QJsonObject json(const QStringList& arguments) {
        return QJsonDocument::fromJson(evaluate(arguments + QStringList{"--json", "--quiet"}).output.toUtf8()).object();
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(EvaluateTest)
#include "evaluate_test.moc"
