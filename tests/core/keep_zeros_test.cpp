#include <QTemporaryDir>
#include <QtTest>
#include <cmath>

#include "core/base/files.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/training/trainer.h"
#include "tests/small_experiment.h"

using namespace lab;

namespace {

Experiment zerosExperiment(std::string_view rule, bool keep) {
    Experiment e = lab::smallExperiment({.train = 300, .validation = 8, .test = 8, .layers = 2, .steps = 30, .batch = 24});
    e.training.optimizer.kind = rule;
    e.training.optimizer.numbers.set("weight_decay", 0.1);
    e.training.keep_zeros = keep;
    return e;
}

/// Every third weight is 0.
struct ZerosBench {
    explicit ZerosBench(const Experiment& experiment)
        : task(loadTask(experiment, {})), model(std::make_shared<const Model>(task.experiment.model)) {}

    TrainingState initial() const {
        TrainingState state = initialState(*model, task.experiment);
        for (const Parameter& p : model->layout().parameters())
            for (std::size_t i = p.offset; i < p.offset + p.size; i += 3) state.weights[i] = 0;
        return state;
    }
    TrainingState trained(TrainingState state, int steps, int threads = 1) const {
        Trainer trainer(task.experiment, model, task.dataset, std::move(state), threads);
        for (int i = 0; i < steps; ++i) trainer.advance();
        return trainer.state();
    }

    LoadedTask task;
    std::shared_ptr<const Model> model;
};

}  // namespace

class KeepZerosTest : public QObject {
    Q_OBJECT

private slots:
    void zerosOfHiddenMatricesStay_data() {
        QTest::addColumn<QByteArray>("rule");
        for (const UpdateRule* rule : UpdateRule::table()) QTest::addRow("%s", rule->name.data()) << QByteArray(rule->name.data());
    }
    void zerosOfHiddenMatricesStay() {
        QFETCH(QByteArray, rule);
        const ZerosBench bench(zerosExperiment(rule.toStdString(), true)), free(zerosExperiment(rule.toStdString(), false));
        const TrainingState initial = bench.initial(), after = bench.trained(initial, 6), others = free.trained(initial, 6);
        std::size_t moved = 0, movedFreely = 0;
        for (const Parameter& p : bench.model->layout().parameters())
            for (std::size_t i = p.offset; i < p.offset + p.size; ++i) {
                if (!p.isHiddenMatrix()) continue;
                if (initial.weights[i] == 0) QCOMPARE(after.weights[i], 0.0f);
                moved += after.weights[i] != initial.weights[i];
                movedFreely += initial.weights[i] == 0 && others.weights[i] != 0;
            }
        QVERIFY(moved > 1000 && movedFreely > 500);  // all others are trained, and without the setting these are, too
        // Neither the threads nor a stop on the way change a bit.
        QCOMPARE(bench.trained(initial, 6, 3).weights, after.weights);
        QCOMPARE(bench.trained(bench.trained(initial, 2), 4, 2).weights, after.weights);
    }

    /// Through a file, as a person saves what was pruned and goes on another day.
    void aSavedStateKeepsItsZerosWhenItIsResumed() {
        QTemporaryDir folder;
        const auto file = pathFromUtf8(folder.filePath("state.safetensors").toStdString());
        for (const UpdateRule* rule : UpdateRule::table()) {
            const ZerosBench bench(zerosExperiment(rule->name, true));
            const ParameterLayout& layout = bench.model->layout();
            const TrainingState initial = bench.initial(), whole = bench.trained(initial, 9);
            writeCheckpoint(file, bench.task.experiment, {}, layout, bench.trained(initial, 4));
            const CheckpointFile saved = readCheckpoint(file);
            QVERIFY(saved.experiment.training.keep_zeros);
            const TrainingState resumed = bench.trained(trainingStateOf(saved, layout, *rule), 5, 2);
            for (const Parameter& p : layout.parameters())
                for (std::size_t i = p.offset; p.isHiddenMatrix() && i < p.offset + p.size; ++i)
                    if (initial.weights[i] == 0) QCOMPARE(resumed.weights[i], 0.0f);
            QCOMPARE(resumed.weights, whole.weights);
            QCOMPARE(resumed.firstMoment, whole.firstMoment);
        }
    }

    /// A weight that training itself brought to 0 is none of those that are kept, and goes on as it would have without a stop.
    void aWeightThatBecameZeroIsNotKept() {
        const ZerosBench bench(zerosExperiment("adam", true));
        TrainingState state = bench.trained(bench.initial(), 3);
        std::size_t became = 0;
        for (const Parameter& p : bench.model->layout().parameters())
            for (std::size_t i = p.offset; p.isHiddenMatrix() && became == 0 && i < p.offset + p.size; ++i)
                if (state.weights[i] != 0 && state.firstMoment[i] != 0) became = i;
        QVERIFY(became > 0);
        state.weights[became] = 0;
        QVERIFY(bench.trained(state, 2).weights[became] != 0);
    }

    /// A bias or norm that is 0 where it begins is trained.
    void vectorsAndTablesAreTrained() {
        const ZerosBench bench(zerosExperiment("adam", true));
        const TrainingState initial = bench.initial(), after = bench.trained(initial, 6);
        for (const char* name : {"encoder.0.feed_forward.up.bias", "encoder.0.attention_norm.bias", "output.projection.weight"}) {
            const Parameter& p = *bench.model->layout().find(name);
            std::size_t moved = 0;
            for (std::size_t i = p.offset; i < p.offset + p.size; i += 3) moved += after.weights[i] != 0;
            QVERIFY2(moved > 0, name);
        }
    }

    /// The norm that clipping sees is that of what is trained.
    void theNormIsThatOfTheOthers() {
        const auto norm = [](bool keep) {
            const ZerosBench bench(zerosExperiment("sgd", keep));
            return Trainer(bench.task.experiment, bench.model, bench.task.dataset, bench.initial(), 1).advance().gradientNorm;
        };
        QVERIFY(norm(true) < norm(false) && norm(true) > 0);
    }
};

QTEST_APPLESS_MAIN(KeepZerosTest)
#include "keep_zeros_test.moc"
