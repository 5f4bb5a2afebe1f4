#include <QJsonArray>
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

    void expertsSayWhatTheyHaveOfTheChoices() {
        const QString training =
            "train reverse --quiet --set task.seq_len=4 --set training.steps=5 --set task.test_size=0 --set model.num_layers=2 "
            "--set model.feed_forward.kind=experts --set model.feed_forward.experts=3 --out experts.safetensors";
        EXPECT_STATUS(runProgram(training.split(' '), m_folder.path()), 0);
        const QJsonArray layers = json({"experts.safetensors"})["experts"].toArray();
        QCOMPARE(layers.size(), 2);
        for (int layer = 0; layer < 2; ++layer) {
            QCOMPARE(layers[layer]["layer"].toString(), QStringLiteral("encoder.%1").arg(layer));
            const QJsonArray shares = layers[layer]["shares"].toArray();
            QCOMPARE(shares.size(), 3);
            double sum = 0;
            for (const QJsonValue& share : shares) sum += share.toDouble();
            QVERIFY(std::abs(sum - 1) < 1e-9);
        }
        const ProgramResult text = evaluate({"experts.safetensors"});
        QVERIFY2(text.output.contains("experts      encoder.1: "), qPrintable(text.output));
        QVERIFY(!json({"encoder.safetensors"}).contains("experts"));
    }

    void aRunOfTextStandsBesideNgrams() {
        QFile book(m_folder.filePath("book.txt"));
        QVERIFY(book.open(QIODevice::WriteOnly));
        for (int i = 0; i < 120; ++i)
            book.write("The " + QByteArray::number(i * i % 89) + " geese flew over the river, and one of them came back.\n\n");
        book.close();
        const QString training =
            "train first-words --quiet --set task.path=book.txt --set task.seq_len=16 --set model.d_model=16 --set model.d_ff=32 "
            "--set model.num_layers=1 --set model.num_heads=2 --set training.steps=5 --out book.safetensors";
        EXPECT_STATUS(runProgram(training.split(' '), m_folder.path()), 0);
        const QJsonObject own = json({"book.safetensors"}), given = json({"book.safetensors", "--text", "book.txt"});
        for (const QJsonObject& one : {own, given}) {
            const QJsonArray ngrams = one["ngrams"].toArray();
            QCOMPARE(ngrams.size(), 6);
            double best = 1e9;
            for (const QJsonValue& each : ngrams) {
                best = std::min(best, each["loss"].toDouble());
                QVERIFY(std::abs(each["bits_per_byte"].toDouble() / each["loss"].toDouble() -
                                 one["bits_per_byte"].toDouble() / one["loss"].toDouble()) < 1e-9);
            }
            QCOMPARE(ngrams[one["best_n"].toInt()]["loss"].toDouble(), best);
            QCOMPARE(one["better_than_counting"].toBool(), one["loss"].toDouble() < best);
            QCOMPARE(one["counted_tokens"].toInt(), one["training_tokens"].toInt());
        }
        const ProgramResult said = evaluate({"book.safetensors"});
        QVERIFY2(said.output.contains("5-gram ") && said.output.contains("Not better than counting: "), qPrintable(said.output));
        // Without its text the loss is said all the same.
        QVERIFY(QFile::copy(m_folder.filePath("book.txt"), m_folder.filePath("copy.txt")) && QFile::remove(m_folder.filePath("book.txt")));
        const ProgramResult alone = evaluate({"book.safetensors", "--text", "copy.txt"});
        EXPECT_STATUS(alone, 0);
        QVERIFY2(alone.output.contains("bits a byte") && !alone.output.contains("5-gram"), qPrintable(alone.output));
        QVERIFY2(alone.errors.contains("no n-grams: "), qPrintable(alone.errors));
    }

    void storiesAreJudgedByPhenomenon() {
        const QString training =
            "train stories --quiet --set task.train_size=100 --set task.validation_size=20 --set task.test_size=0 --set model.d_model=16 "
            "--set model.d_ff=32 --set model.num_layers=1 --set model.num_heads=2 --set training.batch_size=4 --set training.steps=3 "
            "--out tales.safetensors";
        EXPECT_STATUS(runProgram(training.split(' '), m_folder.path()), 0);
        const QJsonObject judged = json({"tales.safetensors"});
        QVERIFY(judged["bits_per_byte"].toDouble() > 0);
        const QJsonArray phenomena = judged["phenomena"].toArray();
        QVERIFY(phenomena.size() >= 6);
        for (const QJsonValue& each : phenomena) {
            QVERIFY(each["asked"].toInt() > 0 && each["right"].toInt() >= 0 && each["right"].toInt() <= each["asked"].toInt());
            QVERIFY(each["guess"].toDouble() > 0 && each["five_gram"].toDouble() > 0);
        }
        const ProgramResult said = evaluate({"tales.safetensors"});
        QVERIFY2(said.output.contains("Agreement") && said.output.contains("5-gram %"), qPrintable(said.output));
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
