#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/io/safetensors.h"
#include "core/training/metrics_csv.h"
#include "tests/app/program.h"
#include "tests/reference_cases.h"

using namespace lab;

namespace {

NamedTensors readTensors(const QString& path) {
    return readSafetensors(path.toStdString()).tensors;
}

QString firstLine(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readLine()).trimmed() : QString();
}

/// Adam turns the rounding noise of gradients that are zero by mathematics into steps (FORMATS.md 6).
bool isNoise(const std::string& name) {
    return name.ends_with("key.bias") || name.ends_with("position_map.bias");
}

/// The required columns of a metrics file, by name, whatever else it has.
std::vector<std::pair<double, double>> lossAndNorm(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QByteArrayList names = file.readLine().trimmed().split(',');
    const auto loss = names.indexOf("train_loss"), norm = names.indexOf("gradient_norm");
    std::vector<std::pair<double, double>> rows;
    while (!file.atEnd()) {
        const QByteArrayList cells = file.readLine().trimmed().split(',');
        if (cells.size() == names.size()) rows.emplace_back(cells[loss].toDouble(), cells[norm].toDouble());
    }
    return rows;
}

}  // namespace

/// The program's own commands reproduce what PyTorch made of the reference cases (FORMATS.md 6).
class ReferenceTest : public QObject {
    Q_OBJECT

private slots:
    void trace_data() { listCases(); }

    void trace() {
        QFETCH(QString, folder);
        const QStringList columns = firstLine(folder + "/pairs.tsv").split('\t');
        QStringList arguments = {"trace", folder + "/init.safetensors", "--input", columns[0], "--out", "trace.safetensors"};
        if (columns.size() == 3) arguments << "--target-input" << columns[1];
        EXPECT_STATUS(runProgram(arguments, m_folder.path()), 0);
        const NamedTensors expected = readTensors(folder + "/trace.safetensors");
        const NamedTensors actual = readTensors(m_folder.filePath("trace.safetensors"));
        QVERIFY(expected.size() > 10);
        for (const auto& [name, tensor] : expected.entries()) {
            const Tensor* ours = actual.find(name);
            QVERIFY2(ours, name.c_str());
            QVERIFY2(ours->shape == tensor.shape, name.c_str());
            double worst = 0;
            for (std::size_t i = 0; i < tensor.values.size(); ++i) {
                const double x = tensor.values[i], tolerance = 2e-5 + 2e-4 * std::abs(x);
                worst = std::max(worst, std::abs(ours->values[i] - x) / tolerance);
            }
            QVERIFY2(worst <= 1, qPrintable(QString("%1: %2 times the tolerance").arg(name.c_str()).arg(worst)));
        }
    }

    void training_data() { listCases(); }

    void training() {
        QFETCH(QString, folder);
        const ProgramResult result = runProgram({"train", folder + "/experiment.json", "--init", folder + "/init.safetensors", "--metrics",
                                                 "m.csv", "--out", "final.safetensors", "--quiet"},
                                                m_folder.path());
        EXPECT_STATUS(result, 0);
        compareMetrics(folder + "/metrics.csv", m_folder.filePath("m.csv"));
        compareFinal(folder + "/final.safetensors", m_folder.filePath("final.safetensors"));
    }

private:
    static void listCases() {
        QTest::addColumn<QString>("folder");
        for (const QString& name : referenceCases()) QTest::newRow(qPrintable(name)) << referenceFolder() + "/" + name;
    }

    static void compareMetrics(const QString& expectedPath, const QString& actualPath) {
        const auto expected = lossAndNorm(expectedPath), actual = lossAndNorm(actualPath);
        // Where each head's output is divided by its own root mean square, rounding grows with how small that is.
        const bool dividesHeads = expectedPath.contains("retention") || expectedPath.contains("gated-linear");
        const double ofNorms = dividesHeads ? 3e-3 : 1e-4;
        QCOMPARE(expected.size(), std::size_t(30));
        QCOMPARE(actual.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const auto [loss, norm] = expected[i];
            QVERIFY2(std::abs(actual[i].first - loss) <= 1e-5 * loss, qPrintable(QString("loss of step %1").arg(i + 1)));
            QVERIFY2(std::abs(actual[i].second - norm) <= ofNorms * norm, qPrintable(QString("gradient norm of step %1").arg(i + 1)));
        }
    }

    static void compareFinal(const QString& expectedPath, const QString& actualPath) {
        const NamedTensors expected = readTensors(expectedPath), actual = readTensors(actualPath);
        for (const auto& [name, tensor] : expected.entries()) {
            const Tensor* ours = actual.find(name);
            QVERIFY2(ours && ours->shape == tensor.shape, name.c_str());
            if (isNoise(name)) continue;
            double difference = 0, size = 0;
            for (std::size_t i = 0; i < tensor.values.size(); ++i) {
                difference += std::pow(double(ours->values[i]) - tensor.values[i], 2);
                size += std::pow(double(tensor.values[i]), 2);
            }
            QVERIFY2(std::sqrt(difference) <= 2e-2 * std::sqrt(size), name.c_str());
        }
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(ReferenceTest)
#include "reference_test.moc"
