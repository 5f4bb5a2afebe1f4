#include <QTemporaryDir>
#include <QtTest>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/training/branch.h"
#include "core/training/replay.h"
#include "core/training/trainer.h"
#include "tests/small_experiment.h"

using namespace lab;

namespace {

/// Few samples, many steps: validation falls, then rises.
Experiment stopping(int after) {
    Experiment e = smallExperiment({.train = 24, .validation = 64, .test = 0, .d_model = 32, .layers = 1, .steps = 3000, .batch = 16});
    e.training.optimizer.learning_rate = 0.01;
    e.training.validate_every = 10;
    e.training.early_stop = after;
    return e;
}

struct StoppingBench {
    explicit StoppingBench(const Experiment& experiment)
        : task(loadTask(experiment, {})), model(std::make_shared<const Model>(task.experiment.model)) {}

    Trainer trainer(TrainingState from, int threads = 1) const { return {task.experiment, model, task.dataset, std::move(from), threads}; }
    TrainingState initial() const { return initialState(*model, task.experiment); }

    LoadedTask task;
    std::shared_ptr<const Model> model;
};

struct Stopped {
    std::vector<std::pair<std::int64_t, double>> validations;
    TrainingState state;
};

Stopped trained(Trainer& trainer) {
    Stopped stopped;
    while (!trainer.finished()) {
        const StepRecord record = trainer.advance();
        if (record.validation) stopped.validations.emplace_back(record.step, record.validation->loss);
    }
    stopped.state = trainer.state();
    return stopped;
}

}  // namespace

class EarlyStopTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        m_bench = std::make_unique<StoppingBench>(stopping(4));
        Trainer trainer = m_bench->trainer(m_bench->initial());
        m_whole = trained(trainer);
        QVERIFY(m_whole.state.step < 3000);
    }

    void itEndsBehindSoManyValidationsWithoutALowerLoss() {
        const auto& all = m_whole.validations;
        QVERIFY(all.size() > 4);
        const auto best = std::ranges::min_element(all, {}, &std::pair<std::int64_t, double>::second);
        QCOMPARE(all.end() - best, 5);
        QCOMPARE(all.back().first, m_whole.state.step);
        QCOMPARE(m_whole.state.best, (BestValidation{best->second, best->first, 4}));
        // Not earlier: no four in a row before it were without a new lowest.
        double lowest = std::numeric_limits<double>::infinity();
        int since = 0;
        for (auto each = all.begin(); each + 1 != all.end(); ++each) {
            since = each->second < lowest ? 0 : since + 1;
            lowest = std::min(lowest, each->second);
            QVERIFY(since < 4);
        }
    }

    void withoutItAllStepsAreDone() {
        Experiment e = stopping(0);
        e.training.optimizer.learning_rate = 0;
        e.training.steps = 100;
        StoppingBench bench(e);
        Trainer trainer = bench.trainer(bench.initial());
        QCOMPARE(trained(trainer).state.step, std::int64_t{100});
        QCOMPARE(trainer.state().best.since, 9);  // it is counted all the same
        e.training.early_stop = 3;
        const StoppingBench stops(e);
        Trainer other = stops.trainer(stops.initial());
        QCOMPARE(trained(other).state.step, std::int64_t{40});
        Trainer again = stops.trainer(other.state());
        QVERIFY(again.finished());
    }

    /// Through a file, at any step, also between validations and between the best one and the end.
    void resumedItEndsAtTheSameStepWithTheSameBits() {
        QTemporaryDir folder;
        const auto file = pathFromUtf8(folder.filePath("state.safetensors").toStdString());
        const ParameterLayout& layout = m_bench->model->layout();
        for (const std::int64_t at :
             {std::int64_t{0}, std::int64_t{15}, m_whole.state.best.step, m_whole.state.step - 15, m_whole.state.step}) {
            Trainer first = m_bench->trainer(m_bench->initial(), 2);
            while (first.state().step < at) first.advance();
            writeCheckpoint(file, m_bench->task.experiment, {}, layout, first.state());
            TrainingState read = trainingStateOf(readCheckpoint(file), layout, *m_bench->task.experiment.training.optimizer.kind);
            QCOMPARE(read.best, first.state().best);
            Trainer second = m_bench->trainer(std::move(read));
            const Stopped rest = trained(second);
            QCOMPARE(rest.state.step, m_whole.state.step);
            QCOMPARE(rest.state.best, m_whole.state.best);
            QVERIFY(rest.state.weights == m_whole.state.weights);
        }
    }

    void aFileThatSaysNonsenseOfItsValidationsIsRefused() {
        QCOMPARE(bestOf(bestText({1.5, 20, 3}), {}), (BestValidation{1.5, 20, 3}));
        const double odd = 0.1 + 0.2;
        QCOMPARE(bestOf(bestText({odd, 1, 0}), {}).loss, odd);
        for (const char* text : {"", "[]", "{}", R"({"loss": 1, "step": 2})", R"({"loss": "1", "step": 2, "since": 0})",
                                 R"({"loss": 1, "step": -2, "since": 0})", R"({"loss": 1, "step": 2, "since": 0.5})",
                                 R"({"loss": 1, "step": 2, "since": 99999999999})"})
            QVERIFY_EXCEPTION_THROWN(bestOf(text, {}), InputError);
    }

    void aBranchCountsOnUnlessItsTaskIsAnother() {
        const Experiment& parent = m_bench->task.experiment;
        TrainingState moment = m_bench->initial();
        moment.step = 50;
        moment.best = {1.0, 20, 3};
        QCOMPARE(branchState(moment, parent, parent).best, moment.best);
        Experiment other = parent;
        other.task.seed = parent.task.seed + 1;
        QCOMPARE(branchState(moment, parent, other).best, BestValidation());
        moment.best.since = 4;
        QVERIFY_EXCEPTION_THROWN(branchState(moment, parent, parent), InputError);
        other = parent;
        other.training.early_stop = 0;
        QCOMPARE(branchState(moment, parent, other).best, moment.best);
    }

private:
    std::unique_ptr<StoppingBench> m_bench;
    Stopped m_whole;
};

QTEST_GUILESS_MAIN(EarlyStopTest)
#include "early_stop_test.moc"
