#include <QTemporaryDir>
#include <QtTest>
#include <cmath>

#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/data/loaded_task.h"
#include "core/io/adapter_file.h"
#include "core/io/checkpoint.h"
#include "core/io/safetensors.h"
#include "core/model/adapters.h"
#include "core/optimizers/adapter_merge.h"
#include "core/training/branch.h"
#include "core/training/memory_need.h"
#include "core/training/replay.h"
#include "core/training/trainer.h"
#include "tests/core/base/input_error.h"
#include "tests/small_experiment.h"

using namespace lab;

namespace {

Experiment adaptersExperiment(const char* rule, int rank, const char* targets = "attention.query, attention.value") {
    Experiment e = lab::smallExperiment({.train = 300, .validation = 8, .test = 8, .layers = 2, .steps = 30, .batch = 24});
    e.model.dropout = 0.1;
    e.training.optimizer.kind = rule;
    e.training.optimizer.numbers.set("weight_decay", 0.1);
    e.training.adapters.rank = rank;
    fieldTable().at("training.adapters.targets").setText(e, targets);
    return e;
}

/// A model with its data.
struct AdaptersBench {
    explicit AdaptersBench(const Experiment& experiment)
        : task(loadTask(experiment, {})), model(std::make_shared<const Model>(task.experiment.model)) {}

    TrainingState initial() const { return initialState(*model, task.experiment); }
    TrainingState trained(TrainingState state, int steps, int threads = 1) const {
        Trainer trainer(task.experiment, model, task.dataset, std::move(state), threads);
        for (int i = 0; i < steps; ++i) trainer.advance();
        return trainer.state();
    }
    const ParameterLayout& layout() const { return model->layout(); }

    LoadedTask task;
    std::shared_ptr<const Model> model;
};

bool sameAdapted(const TrainingState& a, const TrainingState& b) {
    return a.weights == b.weights && a.adapters == b.adapters && a.firstMoment == b.firstMoment && a.secondMoment == b.secondMoment &&
           a.step == b.step && a.hasAdapters() == b.hasAdapters() && (!a.base || a.base->weights == b.base->weights);
}

}  // namespace

class AdaptersTrainingTest : public QObject {
    Q_OBJECT

    /// The sum, number by number, of an adapted matrix; every other parameter has every bit that it had.
    static void checkSums(const AdaptersBench& bench, const TrainingState& before, const TrainingState& after) {
        const AdapterBase& base = *after.base;
        QVERIFY(base.weights == before.weights);
        const auto& parameters = bench.layout().parameters();
        for (std::size_t index = 0; index < parameters.size(); ++index) {
            const Parameter& p = parameters[index];
            const float *was = at(before.weights, p), *is = at(after.weights, p);
            const auto found = std::ranges::find(base.matrices, index);
            if (found == base.matrices.end()) {
                QVERIFY2(std::equal(was, was + p.size, is), p.name.c_str());
                continue;
            }
            const auto m = static_cast<std::size_t>(found - base.matrices.begin());
            const float *a = at(after.adapters, base.a(m)), *b = at(after.adapters, base.b(m));
            QVERIFY2(!std::equal(was, was + p.size, is), p.name.c_str());
            const int inputs = p.shape[1];
            for (int o = 0; o < p.shape[0]; ++o)
                for (int i = 0; i < inputs; ++i) {
                    double sum = was[o * inputs + i];
                    for (int r = 0; r < base.rank; ++r)
                        sum += base.factor * static_cast<double>(b[o * base.rank + r]) * static_cast<double>(a[r * inputs + i]);
                    QVERIFY(std::abs(static_cast<double>(is[o * inputs + i]) - sum) <= 1e-6 * (1 + std::abs(sum)));
                }
        }
    }

private slots:
    void adaptersAloneAreTrained_data() {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("targets");
        for (const UpdateRule* rule : UpdateRule::table())
            for (const char* targets : {"attention.query, attention.value", "attention, feed_forward"})
                QTest::addRow("%s, %s", rule->name.data(), targets) << QByteArray(rule->name.data()) << QByteArray(targets);
    }
    /// By every optimizer, with the same bits on 1 and 3 threads, and where it is interrupted.
    void adaptersAloneAreTrained() {
        QFETCH(QByteArray, rule);
        QFETCH(QByteArray, targets);
        const AdaptersBench bench(adaptersExperiment(rule.constData(), 2, targets.constData()));
        const TrainingState initial = bench.initial(), one = bench.trained(initial, 6);
        checkSums(bench, initial, one);
        QVERIFY(sameAdapted(bench.trained(initial, 6, 3), one));
        QVERIFY(sameAdapted(bench.trained(bench.trained(initial, 2), 4, 2), one));
        QCOMPARE(one.firstMoment.size(), one.adapters.size());
    }

    /// An adapter of the full rank moves W along every direction that a training of W itself has.
    void theLossFalls() {
        Experiment e = adaptersExperiment("adam", 8, "attention, feed_forward");
        e.model.dropout = 0;
        e.training.steps = 200;
        e.training.optimizer.learning_rate = 0.01;
        const AdaptersBench bench(e);
        Trainer trainer(bench.task.experiment, bench.model, bench.task.dataset, bench.initial(), 2);
        const double first = trainer.advance().train.loss;
        double last = first;
        while (!trainer.finished()) last = trainer.advance().train.loss;
        QVERIFY2(last < 0.8 * first, qPrintable(QString("%1 -> %2").arg(first).arg(last)));
    }

    /// The gradient's norm is that of the adapters: with B = 0 that of dB alone.
    void theNormIsThatOfTheAdapters() {
        Experiment e = adaptersExperiment("adam", 2);
        e.model.dropout = 0;
        const AdaptersBench bench(e);
        Experiment whole = e;
        whole.training.adapters.rank = 0;
        const AdaptersBench full(whole);
        const auto norm = [](const AdaptersBench& of) {
            return Trainer(of.task.experiment, of.model, of.task.dataset, of.initial(), 1).advance().gradientNorm;
        };
        QVERIFY(norm(bench) > 0);
        e.training.adapters.alpha *= 3;
        const AdaptersBench longer(e);
        QVERIFY(std::abs(norm(longer) - 3 * norm(bench)) <= 1e-5 * norm(longer));
        QVERIFY(norm(bench) != norm(full));
    }

    void aMomentIsRecomputed() {
        const AdaptersBench bench(adaptersExperiment("adamw", 2));
        const TrainingState five = bench.trained(bench.initial(), 5), ten = bench.trained(five, 5);
        QVERIFY(sameAdapted(replayed(bench.task.experiment, bench.model, bench.task.dataset, five, 10, 2), ten));
    }

    void aStateWithoutAdaptersBeginsWithNewOnes() {
        const AdaptersBench bench(adaptersExperiment("adam", 2));
        TrainingState plain = withoutAdapters(bench.initial(), *bench.task.experiment.training.optimizer.kind);
        QVERIFY(sameAdapted(bench.trained(plain, 3), bench.trained(bench.initial(), 3)));
    }

    void aBranchTakesGivesAndChangesAdapters() {
        const AdaptersBench plain(adaptersExperiment("adam", 0)), two(adaptersExperiment("adam", 2)), three(adaptersExperiment("adam", 3));
        const TrainingState moment = plain.trained(plain.initial(), 5);
        const TrainingState adapted = branchState(moment, plain.task.experiment, two.task.experiment);
        QVERIFY(adapted.weights == moment.weights && adapted.base->weights == moment.weights && adapted.step == 5);
        const TrainingState on = two.trained(adapted, 5);
        QVERIFY(sameAdapted(branchState(on, two.task.experiment, two.task.experiment), on));
        const TrainingState other = branchState(on, two.task.experiment, three.task.experiment);
        QVERIFY(other.weights == on.weights && other.base->weights == on.weights && other.base->rank == 3);
        const TrainingState merged = branchState(on, two.task.experiment, plain.task.experiment);
        QVERIFY(merged.weights == on.weights && !merged.hasAdapters());
        QCOMPARE(merged.firstMoment.size(), merged.weights.size());
        QVERIFY(plain.trained(merged, 2).weights != on.weights);
    }

    void memoryIsThatOfTheAdapters() {
        const Experiment full = resolved(adaptersExperiment("adam", 0)), few = resolved(adaptersExperiment("adam", 2));
        const TrainingMemory all = trainingMemory(full), some = trainingMemory(few);
        const double numbers = 4 * 2 * (16 + 16);
        QCOMPARE(some.moments, 4 * numbers * sizeof(float));
        QVERIFY(some.moments < all.moments / 10);
        QVERIFY(some.gradients < all.gradients / 10);
        QCOMPARE(some.activations, all.activations);
    }

    /// With all that they go on with.
    void aCheckpointKeepsEveryBit() {
        const AdaptersBench bench(adaptersExperiment("adamw", 2));
        const TrainingState state = bench.trained(bench.initial(), 5);
        writeCheckpoint(path("s"), bench.task.experiment, {}, bench.layout(), state);
        const CheckpointFile file = readCheckpoint(path("s"));
        const TrainingState read = trainingStateOf(file, bench.layout(), *bench.task.experiment.training.optimizer.kind);
        QVERIFY(sameAdapted(read, state));
        QVERIFY(weightsOf(file, bench.layout()) == state.weights);  // what looks at it sees the sums
        QVERIFY(sameAdapted(bench.trained(read, 3), bench.trained(state, 3)));
    }

    void aCheckpointThatContradictsItselfIsRefused() {
        const AdaptersBench bench(adaptersExperiment("adamw", 2));
        writeCheckpoint(path("s"), bench.task.experiment, {}, bench.layout(), bench.trained(bench.initial(), 1));
        const std::string first = "adapters.encoder.0.attention.query.weight";
        const auto refusal = [&](const std::string& gone, const std::string& added) {
            TensorFile file = readSafetensors(path("s"));
            NamedTensors changed;
            for (const NamedTensors::Entry& entry : file.tensors.entries())
                if (entry.name != gone) changed.set(entry.name, entry.tensor);
            if (!added.empty()) changed.set(added, Tensor{{1}, {0.0f}});
            writeSafetensors(path("c"), changed, file.metadata);
            const CheckpointFile read = readCheckpoint(path("c"));
            return QString::fromStdString(
                messageOf([&] { trainingStateOf(read, bench.layout(), *bench.task.experiment.training.optimizer.kind); }));
        };
        QVERIFY(refusal(first + ".b", {}).contains(".weight.b is missing"));
        QVERIFY(refusal("adapters.base.encoder.0.attention.query.weight", {}).contains("is missing"));
        QVERIFY(!refusal(first + ".a", {}).isEmpty());
        QVERIFY(refusal({}, "adapters.something").contains("adapters.something belongs to no parameter"));
        QVERIFY(refusal({}, {}).isEmpty());
    }

    void apartAndMergedComputeTheSame() {
        const AdaptersBench bench(adaptersExperiment("adam", 2, "attention, feed_forward"));
        const TrainingState state = bench.trained(bench.initial(), 5);
        writeAdapters(path("a"), bench.task.experiment, bench.layout(), state, "origin");
        const AdapterFile file = readAdapters(path("a"));
        QCOMPARE(file.origin, std::string("origin"));
        QCOMPARE(file.step, std::int64_t{5});
        QVERIFY(file.experiment.training.adapters == bench.task.experiment.training.adapters);
        QVERIFY(mergedWith(file, bench.layout(), bench.initial().weights) == state.weights);
        QVERIFY(std::filesystem::file_size(path("a")) < 4 * sizeof(float) * state.adapters.size());
        Weights other = bench.initial().weights;
        other[bench.layout().parameters().front().offset] += 1;
        const QString said = QString::fromStdString(messageOf([&] { mergedWith(file, bench.layout(), other); }));
        QVERIFY2(said.contains("trained on other weights, those of origin"), qPrintable(said));
        QVERIFY(QString::fromStdString(messageOf([&] { readCheckpoint(path("a")); })).contains("holds adapters alone"));
        QCOMPARE(afterMerging(file.experiment).training.adapters.rank, 0);
    }

    void whatHasNoAdaptersIsNoFileOfThem() {
        const AdaptersBench plain(adaptersExperiment("adam", 0));
        QVERIFY(!messageOf([&] { writeAdapters(path("n"), plain.task.experiment, plain.layout(), plain.initial(), "x"); }).empty());
        writeCheckpoint(path("p"), plain.task.experiment, {}, plain.layout(), plain.initial());
        QVERIFY(QString::fromStdString(messageOf([&] { readAdapters(path("p")); })).contains("is no file of adapters"));
    }

private:
    std::filesystem::path path(const char* name) const { return m_folder.filePath(QString("%1.safetensors").arg(name)).toStdString(); }

    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(AdaptersTrainingTest)
#include "adapters_training_test.moc"
