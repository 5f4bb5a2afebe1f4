#include "core/training/replay.h"

#include <QtTest>
#include <cstring>

#include "core/data/loaded_task.h"
#include "core/training/history.h"
#include "tests/small_experiment.h"

using namespace lab;

namespace {

Experiment replayed(const char* kind, double dropout, double clip = 5.0) {
    Experiment e = smallExperiment({.length = 5, .train = 120, .validation = 20, .test = 10, .layers = 2, .steps = 700, .batch = 8});
    e.model.dropout = dropout;
    e.training.validate_every = 35;
    e.training.optimizer.kind = kind;
    e.training.clip_norm = clip;
    return e;
}

bool sameBits(const TrainingState& a, const TrainingState& b) {
    const auto same = [](const Weights& x, const Weights& y) {
        return x.size() == y.size() && (x.empty() || std::memcmp(x.data(), y.data(), x.size() * sizeof(float)) == 0);
    };
    return a.step == b.step && same(a.weights, b.weights) && same(a.firstMoment, b.firstMoment) && same(a.secondMoment, b.secondMoment);
}

}  // namespace

class ReplayTest : public QObject {
    Q_OBJECT

private slots:
    void anyThinnedStepHasItsOriginalBits_data() {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<double>("dropout");
        QTest::addColumn<double>("clip");
        QTest::newRow("adam") << QByteArray("adam") << 0.0 << 5.0;
        QTest::newRow("adam, dropout") << QByteArray("adam") << 0.2 << 0.0;
        QTest::newRow("adam, clipped at every step") << QByteArray("adam") << 0.0 << 0.01;
        QTest::newRow("adamw, dropout, clipped") << QByteArray("adamw") << 0.1 << 0.05;
        QTest::newRow("sgd, dropout, clipped") << QByteArray("sgd") << 0.1 << 0.05;
        QTest::newRow("lion, dropout, clipped") << QByteArray("lion") << 0.1 << 0.05;
        QTest::newRow("adafactor, dropout, clipped") << QByteArray("adafactor") << 0.1 << 0.05;
        QTest::newRow("muon, dropout, clipped") << QByteArray("muon") << 0.1 << 0.05;
    }

    void anyThinnedStepHasItsOriginalBits() {
        QFETCH(QByteArray, kind);
        QFETCH(double, dropout);
        QFETCH(double, clip);
        const LoadedTask task = loadTask(replayed(kind.constData(), dropout, clip), {});
        const auto model = std::make_shared<const Model>(task.experiment.model);
        Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment), 2);
        std::vector<TrainingState> original{trainer.state()};
        // Room for a few dozen of 700 checkpoints: most steps are thinned away.
        History history(60 * original.front().weights.size() * sizeof(float));
        history.addState(std::make_shared<const TrainingState>(trainer.state()));
        while (!trainer.finished()) {
            trainer.advance();
            original.push_back(trainer.state());
            if (isStateStep(trainer.state().step)) history.addState(std::make_shared<const TrainingState>(trainer.state()));
            history.add(std::make_shared<const Checkpoint>(Checkpoint{trainer.state().step, trainer.state().weights}));
        }
        QVERIFY(history.states().size() >= 2);
        for (const std::int64_t step : {std::int64_t{0}, std::int64_t{1}, std::int64_t{97}, std::int64_t{241}, std::int64_t{250},
                                        std::int64_t{251}, std::int64_t{389}, std::int64_t{613}, std::int64_t{700}}) {
            const TrainingStatePtr from = history.stateAtOrBefore(step);
            QVERIFY(from && from->step <= step);
            const TrainingState again = replayed(task.experiment, model, task.dataset, *from, step, 3);
            QVERIFY2(sameBits(again, original[static_cast<std::size_t>(step)]), qPrintable(QString::number(step)));
        }
    }

    void continuingFromAReplayedStepGivesTheSameTraining() {
        const LoadedTask task = loadTask(replayed("adam", 0.1), {});
        const auto model = std::make_shared<const Model>(task.experiment.model);
        Trainer whole(task.experiment, model, task.dataset, initialState(*model, task.experiment), 1);
        while (whole.state().step < 400) whole.advance();
        TrainingState start = replayed(task.experiment, model, task.dataset, initialState(*model, task.experiment), 240, 2);
        Trainer branch(task.experiment, model, task.dataset, std::move(start), 1);
        while (branch.state().step < 400) branch.advance();
        QVERIFY(sameBits(branch.state(), whole.state()));
    }

    void aChangedLearningRateChangesTheBranch() {
        const LoadedTask task = loadTask(replayed("adam", 0.0), {});
        const auto model = std::make_shared<const Model>(task.experiment.model);
        const TrainingState start = replayed(task.experiment, model, task.dataset, initialState(*model, task.experiment), 20, 1);
        Experiment changed = task.experiment;
        changed.training.optimizer.learning_rate *= 2;
        QVERIFY(
            !sameBits(replayed(changed, model, task.dataset, start, 21, 1), replayed(task.experiment, model, task.dataset, start, 21, 1)));
    }
};

QTEST_APPLESS_MAIN(ReplayTest)
#include "replay_test.moc"
