#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

#include "core/config/visitor.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "core/io/session_file.h"
#include "core/sweep/sweep_results.h"
#include "core/training/metrics_csv.h"
#include "tests/app/program.h"
#include "ui/runs/run_session.h"

using namespace lab;

namespace {

const QString kept = QStringLiteral(LAB_SOURCE_DIR "/tests/compat/");

std::filesystem::path keptFile(const char* name) {
    return (kept + QString::fromLatin1(name)).toStdString();
}

/// The files were made with these kernels; another compiler may round sums otherwise.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ == 12 && defined(__x86_64__)
constexpr bool sameCompiler = true;
#else
constexpr bool sameCompiler = false;
#endif

bool agree(const Tensor& a, const Tensor& b) {
    if (a.shape != b.shape || a.integers != b.integers) return false;
    if (sameCompiler) return a.values == b.values;
    for (std::size_t i = 0; i < a.values.size(); ++i)
        if (std::abs(a.values[i] - b.values[i]) > 1e-5F + 1e-4F * std::abs(b.values[i])) return false;
    return true;
}

}  // namespace

/// Files that version 0.1.0 wrote (tests/compat): they open, and a state goes on as it would have gone on then.
class CompatTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { qputenv("ATTENTION_LAB_ISA", "generic"); }

    void anExperimentWithRetiredKeysOpens() {
        const Experiment experiment = loadExperiment(keptFile("experiment.json"));
        QCOMPARE(experiment.name, std::string("Compatible"));
        QCOMPARE(experiment.task.seq_len, 6);
        QCOMPARE(experiment.model.d_model, 8);
        QCOMPARE(fieldTable().at("training.optimizer.weight_decay").text(experiment), std::string("0.01"));
        QCOMPARE(std::get<std::int64_t>(fieldTable().at("model.attention.pattern.window").get(experiment)), std::int64_t{3});
        QCOMPARE(fieldTable().at("training.optimizer.kind").text(experiment), std::string("adamw"));
        QCOMPARE(fieldTable().at("task.kind").text(experiment), std::string("shift"));
    }

    void aStateGoesOnBitForBit_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::newRow("adamw") << "state10.safetensors"
                               << "state20.safetensors";
        QTest::newRow("sgd") << "sgd10.safetensors"
                             << "sgd20.safetensors";
    }
    void aStateGoesOnBitForBit() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        const QStringList arguments = {"train",   "--resume", kept + from,     "--set", "training.steps=20",
                                       "--quiet", "--out",    "on.safetensors"};
        EXPECT_STATUS(runProgram(arguments, m_folder.path()), 0);
        const CheckpointFile went = readCheckpoint((m_folder.path() + "/on.safetensors").toStdString());
        const CheckpointFile then = readCheckpoint((kept + to).toStdString());
        QCOMPARE(went.step, then.step);
        QCOMPARE(went.tensors.size(), then.tensors.size());
        for (const auto& [name, tensor] : then.tensors.entries()) {
            QVERIFY2(went.tensors.contains(name), name.c_str());
            QVERIFY2(agree(went.tensors.at(name), tensor), name.c_str());
        }
    }

    void aTraceIsComputedAgain() {
        const QStringList arguments = {"trace", kept + "state10.safetensors", "--input", "3 1 4 1 5 9", "--out", "trace.safetensors"};
        EXPECT_STATUS(runProgram(arguments, m_folder.path()), 0);
        const TensorFile now = readSafetensors((m_folder.path() + "/trace.safetensors").toStdString());
        const TensorFile then = readSafetensors(keptFile("trace.safetensors"));
        for (const auto& [name, tensor] : then.tensors.entries()) {
            QVERIFY2(now.tensors.contains(name), name.c_str());
            QVERIFY2(agree(now.tensors.at(name), tensor), name.c_str());
        }
    }

    void metricsAreRead() {
        const std::vector<MetricsRow> rows = readMetrics(keptFile("metrics.csv"));
        QCOMPARE(rows.size(), std::size_t{10});
        QVERIFY(rows[4].validationLoss.has_value());
        QVERIFY(!rows[5].validationLoss.has_value());
    }

    void aSessionIsRestored() {
        const CheckpointFile file = readCheckpoint(keptFile("session.safetensors"));
        QVERIFY(isSession(file));
        const SessionFile session = sessionOf(file, layoutOf);
        QCOMPARE(session.runs.size(), std::size_t{2});
        const RunToRestore first = prepared(session.runs[0], kept.toStdString());
        QCOMPARE(first.present.step, std::int64_t{10});
        QCOMPARE(session.runs[0].past.pins.at(5), std::string("pinned"));
        QVERIFY(session.runs[1].origin.has_value());
        QCOMPARE(session.runs[1].origin->step, std::int64_t{5});
        // The state in it is that of the same training by the command.
        const CheckpointFile state = readCheckpoint(keptFile("state10.safetensors"));
        QVERIFY(weightsOf(state, *layoutOf(state.experiment)) == first.present.weights);
    }

    void aSweepIsOpened() {
        const Sweep sweep = sweepOf(keptFile("sweep.csv"));
        const auto results = resultsByRun(sweep, readResults(keptFile("sweep.csv")), "sweep.csv");
        QCOMPARE(results.size(), std::size_t{2});
        for (int run : {0, 1}) {
            const RunsFolder folder(keptFile("sweep.csv"));
            QCOMPARE(readCheckpoint(folder.checkpoint(run)).step, std::optional<std::int64_t>(10));
            QCOMPARE(readMetrics(folder.metrics(run)).size(), std::size_t{10});
        }
    }

    /// The same command finds nothing left to do, and changes nothing.
    void aSweepGoesOn() {
        const QDir from(kept);
        for (const char* name : {"grid.json", "experiment.json", "sweep.csv"})
            QVERIFY(QFile::copy(from.filePath(name), m_folder.filePath(name)));
        QVERIFY(QDir(m_folder.path()).mkdir("sweep.runs"));
        for (const QString& name : QDir(from.filePath("sweep.runs")).entryList(QDir::Files))
            QVERIFY(QFile::copy(from.filePath("sweep.runs/" + name), m_folder.filePath("sweep.runs/" + name)));
        EXPECT_STATUS(runProgram({"sweep", "grid.json", "--out", "sweep.csv", "--quiet"}, m_folder.path()), 0);
        QFile before(kept + "sweep.csv"), after(m_folder.filePath("sweep.csv"));
        QVERIFY(before.open(QIODevice::ReadOnly) && after.open(QIODevice::ReadOnly));
        QCOMPARE(after.readAll(), before.readAll());
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(CompatTest)
#include "compat_test.moc"
