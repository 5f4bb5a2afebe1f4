#include <QtTest>
#include <cmath>

#include "core/config/visitor.h"
#include "core/data/loaded_task.h"
#include "core/model/frozen.h"
#include "core/training/branch.h"
#include "core/training/trainer.h"
#include "tests/small_experiment.h"

using namespace lab;

namespace {

Experiment frozenExperiment(const char* rule, const char* frozen) {
    Experiment e = lab::smallExperiment({.train = 300, .validation = 8, .test = 8, .layers = 2, .steps = 30, .batch = 24});
    e.model.dropout = 0.1;
    e.training.optimizer.kind = rule;
    e.training.optimizer.numbers.set("weight_decay", 0.1);
    fieldTable().at("training.frozen").setText(e, frozen);
    return e;
}

/// A model with its data.
struct FrozenBench {
    explicit FrozenBench(const Experiment& experiment)
        : task(loadTask(experiment, {})), model(std::make_shared<const Model>(task.experiment.model)) {}

    TrainingState initial() const { return initialState(*model, task.experiment); }
    TrainingState trained(TrainingState state, int steps, int threads = 1) const {
        Trainer trainer(task.experiment, model, task.dataset, std::move(state), threads);
        for (int i = 0; i < steps; ++i) trainer.advance();
        return trainer.state();
    }
    StepRecord firstStep() const { return Trainer(task.experiment, model, task.dataset, initial(), 1).advance(); }

    LoadedTask task;
    std::shared_ptr<const Model> model;
};

bool sameNumbers(const Weights& a, const Weights& b, const Parameter& p) {
    return a.empty() == b.empty() && (a.empty() || std::equal(at(a, p), at(a, p) + p.size, at(b, p)));
}

bool sameStates(const TrainingState& a, const TrainingState& b) {
    return a.weights == b.weights && a.firstMoment == b.firstMoment && a.secondMoment == b.secondMoment && a.step == b.step;
}

}  // namespace

class FrozenTrainingTest : public QObject {
    Q_OBJECT

    /// What is frozen has every bit that it had, and all else has moved.
    static void checkMoved(const FrozenBench& bench, const TrainingState& before, const TrainingState& after) {
        const ParameterLayout& layout = bench.model->layout();
        const std::vector<bool> frozen = frozenParameters(layout, bench.task.experiment.training.frozen);
        for (std::size_t i = 0; i < frozen.size(); ++i) {
            const Parameter& p = layout.parameters()[i];
            QVERIFY2(sameNumbers(before.weights, after.weights, p) == frozen[i], p.name.c_str());
            if (!frozen[i]) continue;
            QVERIFY2(sameNumbers(before.firstMoment, after.firstMoment, p), p.name.c_str());
            QVERIFY2(sameNumbers(before.secondMoment, after.secondMoment, p), p.name.c_str());
        }
    }

private slots:
    void whatIsFrozenKeepsEveryBit_data() {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("frozen");
        for (const UpdateRule* rule : UpdateRule::table())
            for (const char* frozen : {"attention", "embedding, feed_forward, norm, output"})
                QTest::addRow("%s, %s", rule->name.data(), frozen) << QByteArray(rule->name.data()) << QByteArray(frozen);
    }
    void whatIsFrozenKeepsEveryBit() {
        QFETCH(QByteArray, rule);
        QFETCH(QByteArray, frozen);
        const FrozenBench bench(frozenExperiment(rule.constData(), frozen.constData()));
        const TrainingState initial = bench.initial(), one = bench.trained(initial, 6);
        checkMoved(bench, initial, one);
        QVERIFY(sameStates(bench.trained(initial, 6, 3), one));
        QVERIFY(sameStates(bench.trained(bench.trained(initial, 2), 4, 2), one));
    }

    /// From a trained state; moments stay too, as PyTorch's optimizers leave those of a parameter without gradient.
    void aBranchFreezesWhatWasTrained() {
        for (const UpdateRule* rule : UpdateRule::table()) {
            const FrozenBench parent(frozenExperiment(rule->name.data(), "")), bench(frozenExperiment(rule->name.data(), "attention"));
            const TrainingState moment = parent.trained(parent.initial(), 5);
            const TrainingState start = branchState(moment, parent.task.experiment, bench.task.experiment);
            QVERIFY(sameStates(start, moment));
            const TrainingState after = bench.trained(start, 5);
            checkMoved(bench, moment, after);
            QVERIFY(sameStates(bench.trained(bench.trained(start, 3), 2, 2), after));
        }
    }

    /// Clipping looks at it.
    void theNormIsThatOfWhatIsTrained() {
        const auto norm = [](const char* frozen) { return FrozenBench(frozenExperiment("adam", frozen)).firstStep().gradientNorm; };
        const double all = norm(""), rest = norm("attention"), attention = norm("embedding, feed_forward, norm, output");
        QVERIFY(rest < all && attention < all && attention > 0);
        QVERIFY2(std::abs(std::hypot(rest, attention) - all) < 1e-6 * all, qPrintable(QString::number(std::hypot(rest, attention) / all)));
    }

    /// What freezing alone changes of the first step is what clipping makes of the others: without it, nothing.
    void whatIsTrainedMovesAsBeforeInTheFirstStep() {
        const auto firstState = [](const char* frozen) {
            Experiment e = frozenExperiment("adamw", frozen);
            e.training.clip_norm = 0;
            const FrozenBench bench(e);
            return bench.trained(bench.initial(), 1);
        };
        const FrozenBench bench(frozenExperiment("adamw", "attention.query, norm"));
        const TrainingState with = firstState("attention.query, norm"), without = firstState("");
        for (const Parameter& p : bench.model->layout().parameters())
            QCOMPARE(sameNumbers(with.weights, without.weights, p), !isNamed(p.name, bench.task.experiment.training.frozen));
    }
};

QTEST_APPLESS_MAIN(FrozenTrainingTest)
#include "frozen_training_test.moc"
