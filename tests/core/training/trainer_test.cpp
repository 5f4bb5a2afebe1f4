#include <QtTest>

#include <cmath>
#include <limits>

#if defined(__linux__)
#include <sched.h>
#endif

#include "core/base/errors.h"
#include "core/base/platform.h"
#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "core/training/schedule.h"
#include "core/training/trainer.h"
#include "tests/small_experiment.h"

using namespace lab;

namespace {

Experiment trainerExperiment() {
    Experiment e = lab::smallExperiment({.train = 300, .validation = 40, .test = 60, .layers = 2, .steps = 30, .batch = 24});
    e.model.dropout = 0.1;
    e.training.validate_every = 10;
    return e;
}

/// A model, its data and a trainer at a state.
struct Bench {
    explicit Bench(const Experiment& experiment)
        : task(loadTask(experiment, {})), model(std::make_shared<const Model>(task.experiment.model)) {}

    std::unique_ptr<Trainer> trainer(int threads = 1) const { return trainer(initialState(*model, task.experiment), threads); }
    std::unique_ptr<Trainer> trainer(TrainingState start, int threads = 1) const {
        return std::make_unique<Trainer>(task.experiment, model, task.dataset, std::move(start), threads);
    }

    LoadedTask task;
    std::shared_ptr<const Model> model;
};

TrainingState trained(const Bench& bench, int threads, int steps) {
    const auto trainer = bench.trainer(threads);
    for (int i = 0; i < steps; ++i) trainer->advance();
    return trainer->state();
}

/// What the next step says; empty when it is done.
QString divergenceOf(Trainer& trainer) {
    try {
        trainer.advance();
    } catch (const DivergenceError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

class TrainerTest : public QObject {
    Q_OBJECT

private slots:
    void sameBitsWithAnyNumberOfThreads_data() {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<int>("batchSize");
        QTest::addColumn<bool>("attends");
        QTest::addColumn<int>("together");
        QTest::newRow("Adam, one group") << QByteArray("adam") << 24 << true << 1;
        QTest::newRow("Adam, eight groups") << QByteArray("adam") << 192 << true << 1;
        QTest::newRow("SGD, eight groups") << QByteArray("sgd") << 192 << true << 1;
        QTest::newRow("Lion, eight groups") << QByteArray("lion") << 192 << true << 1;
        QTest::newRow("Adafactor, eight groups") << QByteArray("adafactor") << 192 << true << 1;
        QTest::newRow("Muon, one group") << QByteArray("muon") << 24 << true << 1;
        QTest::newRow("Muon, eight groups") << QByteArray("muon") << 192 << true << 1;
        QTest::newRow("a net over the positions, eight groups") << QByteArray("adam") << 192 << false << 1;
        QTest::newRow("layers that share keys, eight groups") << QByteArray("adam") << 192 << true << 2;
    }
    void sameBitsWithAnyNumberOfThreads() {
        QFETCH(QByteArray, kind);
        QFETCH(int, batchSize);
        QFETCH(bool, attends);
        QFETCH(int, together);
        Experiment e = trainerExperiment();
        if (!attends) e.model.mixer.kind = MixerKind::feed_forward;
        e.model.attention.share_kv = together;
        e.training.optimizer.kind = kind.constData();
        e.training.batch_size = batchSize;
        const Bench bench(e);
        const TrainingState one = trained(bench, 1, 12);
        for (const int threads : {2, 3, 8}) {
            const TrainingState many = trained(bench, threads, 12);
            QVERIFY(many.weights == one.weights);
            QVERIFY(many.firstMoment == one.firstMoment);
            QVERIFY(many.secondMoment == one.secondMoment);
        }
    }

#if defined(__linux__)
    /// Behind a training on all processors, whose threads have one each.
    void theCallersThreadMayRunAnywhereAfterwards() {
        const auto mayUse = [] {
            cpu_set_t set;
            CPU_ZERO(&set);
            sched_getaffinity(0, sizeof set, &set);
            return CPU_COUNT(&set);
        };
        const int before = mayUse();
        trained(Bench(trainerExperiment()), 0, 3);
        QCOMPARE(mayUse(), before);
        {
            const OnProcessor here(processorCount() - 1);
            QCOMPARE(mayUse(), 1);
            QCOMPARE(processorCount(), before);
        }
        QCOMPARE(mayUse(), before);
    }
#endif

    void resumingContinuesBitForBit() {
        const Bench bench(trainerExperiment());
        const TrainingState whole = trained(bench, 1, 20);
        const TrainingState half = trained(bench, 1, 9);
        const auto resumed = bench.trainer(half, 2);
        while (resumed->state().step < 20) resumed->advance();
        QVERIFY(resumed->state().weights == whole.weights);
        QVERIFY(resumed->state().secondMoment == whole.secondMoment);
    }

    /// Losses that are recorded and validations stay those of the answers alone; the weights learn of what is added.
    void whatAnswersCostMovesTheWeightsAlone() {
        Experiment e = trainerExperiment();
        const Bench plain(e);
        e.training.answer_cost = {0.1, 0.01};
        const Bench costly(e);
        const auto without = plain.trainer(), with = costly.trainer();
        QCOMPARE(with->evaluateValidation().loss, without->evaluateValidation().loss);
        const StepRecord first = with->advance(), other = without->advance();
        QCOMPARE(first.train.loss, other.train.loss);
        QVERIFY(first.gradientNorm != other.gradientNorm);
        QVERIFY(with->state().weights != without->state().weights);
        QVERIFY(trained(costly, 3, 9).weights == trained(costly, 1, 9).weights);
        const auto resumed = costly.trainer(trained(costly, 1, 4), 2);
        while (resumed->state().step < 9) resumed->advance();
        QVERIFY(resumed->state().weights == trained(costly, 1, 9).weights);
    }

    void evaluatingNeverChangesTheRun() {
        const Bench bench(trainerExperiment());
        const auto plain = bench.trainer(), watched = bench.trainer();
        for (int i = 0; i < 10; ++i) {
            plain->advance();
            watched->advance();
            watched->evaluateValidation();
            watched->evaluateTest();
        }
        QVERIFY(plain->state().weights == watched->state().weights);
    }

    void validatesWhenDueAndAfterTheLastStep() {
        Experiment e = trainerExperiment();
        e.training.steps = 13;
        e.training.validate_every = 5;
        const auto trainer = Bench(e).trainer();
        QList<int> validated;
        while (!trainer->finished()) {
            const StepRecord record = trainer->advance();
            if (record.validation) validated << static_cast<int>(record.step);
        }
        QCOMPARE(validated, (QList<int>{5, 10, 13}));
    }

    void recordsWhatAStepDid() {
        const auto trainer = Bench(trainerExperiment()).trainer();
        const StepRecord record = trainer->advance();
        QCOMPARE(record.step, 1);
        QCOMPARE(record.tokens, 24 * 6);
        QVERIFY(record.seconds > 0);
        QVERIFY(record.gradientNorm > 0);
        QVERIFY(std::abs(record.train.loss - std::log(10.0)) < 0.7);
        QVERIFY(record.train.accuracy >= 0 && record.train.accuracy <= 1);
        QCOMPARE(record.learningRate, learningRateAt(trainerExperiment().training, 16, 1));
    }

    void learnsToCopy() {
        Experiment e = trainerExperiment();
        e.task.kind = "copy";
        e.model.dropout = 0;
        e.training.steps = 250;
        e.training.optimizer.learning_rate = 5e-3;
        const auto trainer = Bench(e).trainer(2);
        while (!trainer->finished()) trainer->advance();
        const Evaluation test = trainer->evaluateTest();
        QVERIFY(test.accuracy > 0.999);
        QVERIFY(test.sequenceAccuracy > 0.99);
    }

    void divergenceNamesTheStepAndKeepsTheState() {
        const Bench bench(trainerExperiment());
        TrainingState start = trained(bench, 1, 3);
        at(start.weights, *bench.model->layout().find("output.projection.bias"))[0] = std::numeric_limits<float>::infinity();
        const auto trainer = bench.trainer(start);
        try {
            trainer->advance();
            QFAIL("no divergence");
        } catch (const DivergenceError& error) {
            QCOMPARE(error.step(), 4);
            QCOMPARE(error.tensor().english(), std::string("loss"));
            QCOMPARE(error.what(), "Step 4: loss is not finite.");
        }
        QCOMPARE(trainer->state().step, 3);
        QVERIFY(trainer->state().weights == start.weights);
        QVERIFY(trainer->state().firstMoment == start.firstMoment);
    }

    void divergenceOfAGradientNamesTheFirstBadTensor() {
        Experiment e = trainerExperiment();
        e.model.dropout = 0;
        const Bench bench(e);
        TrainingState start = initialState(*bench.model, bench.task.experiment);
        // A finite loss whose gradient overflows on its way through the last norm.
        for (const char* name : {"output.norm.weight", "output.projection.weight"}) {
            const Parameter& p = *bench.model->layout().find(name);
            for (std::size_t i = 0; i < p.size; ++i) at(start.weights, p)[i] *= 1e19f;
        }
        const auto trainer = bench.trainer(start);
        try {
            trainer->advance();
            QFAIL("no divergence");
        } catch (const DivergenceError& error) {
            const std::string tensor = error.tensor().english();
            QVERIFY2(tensor == "gradient of token_embedding.weight" || tensor == "loss" || tensor == "gradient norm", error.what());
        }
    }

    /// With a loss and gradients that are finite: by numbers that a float cannot hold, and by a division by nothing.
    void anUpdateThatLeavesTheFiniteIsTakenBack_data() {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("epsilon");
        QTest::addColumn<int>("batchSize");
        QTest::newRow("Adam, root of nothing") << QByteArray("adam") << 1e-3 << 1e-300 << 24;
        QTest::newRow("Adam") << QByteArray("adam") << 1e39 << 1e-8 << 192;
        QTest::newRow("AdamW, one sequence") << QByteArray("adamw") << 1e39 << 1e-8 << 1;
        QTest::newRow("SGD, one sequence") << QByteArray("sgd") << 1e39 << 0.0 << 1;
        QTest::newRow("Lion") << QByteArray("lion") << 1e39 << 0.0 << 24;
        QTest::newRow("Muon") << QByteArray("muon") << 1e39 << 0.0 << 24;
        QTest::newRow("Adafactor") << QByteArray("adafactor") << 1e39 << 0.0 << 24;
    }
    void anUpdateThatLeavesTheFiniteIsTakenBack() {
        QFETCH(QByteArray, kind);
        QFETCH(double, rate);
        QFETCH(double, epsilon);
        QFETCH(int, batchSize);
        Experiment e = trainerExperiment();
        e.training.optimizer.kind = kind.constData();
        e.training.batch_size = batchSize;
        e.training.schedule.kind = "constant";
        Bench bench(e);
        const TrainingState start = trained(bench, 2, 3);
        OptimizerConfig& optimizer = bench.task.experiment.training.optimizer;
        optimizer.learning_rate = rate;  // more than an experiment may have
        if (epsilon > 0) optimizer.numbers.set("epsilon", epsilon);
        const auto trainer = bench.trainer(start, 2);
        for (int again = 0; again < 2; ++again) {
            const QString error = divergenceOf(*trainer);
            QVERIFY2(error.startsWith("Step 4: a weight of ") && error.endsWith(" is not finite."), qPrintable(error));
            QVERIFY(trainer->state().weights == start.weights);
            QVERIFY(trainer->state().firstMoment == start.firstMoment);
            QVERIFY(trainer->state().secondMoment == start.secondMoment);
            QCOMPARE(trainer->state().step, 3);
        }
        QVERIFY(std::isfinite(trainer->evaluateValidation().loss));
    }

    /// Not to the state that was copied, which is older, but to that before the step.
    void stepsSinceTheCopyAreDoneAnew() {
        Experiment e = trainerExperiment();
        e.model.position.kind = PositionKind::learned;
        e.model.max_seq_len = 8;  // two rows of which nobody uses
        e.model.dropout = 0.1;
        e.training.optimizer.kind = "sgd";
        e.training.optimizer.learning_rate = 0.03;
        e.training.schedule.kind = "constant";
        const Bench bench(e);
        TrainingState start = trained(bench, 2, 0);
        const Parameter& table = *bench.model->layout().find("position_embedding.weight");
        start.weights[table.offset + table.size - 1] = 3.2e38f;  // float's largest is 3.4e38
        start.firstMoment[table.offset + table.size - 1] = -3e38f;
        const auto trainer = bench.trainer(start, 2), twin = bench.trainer(start, 1);
        for (int step = 1; step <= 2; ++step) {
            trainer->advance();
            twin->advance();
        }
        QCOMPARE(divergenceOf(*trainer), QString("Step 3: a weight of position_embedding.weight is not finite."));
        QCOMPARE(trainer->state().step, 2);
        QVERIFY(trainer->state().weights == twin->state().weights);
        QVERIFY(trainer->state().firstMoment == twin->state().firstMoment);
    }

    /// The weights are finite, but no longer what they give: in a last step without a next one to find it.
    void aStepWhoseValidationIsNotFiniteIsTakenBack() {
        Experiment e = trainerExperiment();
        e.training.optimizer.kind = "sgd";
        e.training.schedule.kind = "constant";
        e.training.steps = 1;
        Bench bench(e);
        bench.task.experiment.training.optimizer.learning_rate = 1e30;
        const auto trainer = bench.trainer();
        QCOMPARE(divergenceOf(*trainer), QString("Step 1: validation loss is not finite."));
        QVERIFY(trainer->state().weights == initialState(*bench.model, bench.task.experiment).weights);
        QCOMPARE(trainer->state().step, 0);
    }

    void aTestLossIsFiniteOrNone() {
        Experiment e = trainerExperiment();
        e.task.validation_size = 0;
        e.training.optimizer.kind = "sgd";
        e.training.schedule.kind = "constant";
        Bench bench(e);
        bench.task.experiment.training.optimizer.learning_rate = 1e30;
        const auto trainer = bench.trainer();
        trainer->advance();
        QVERIFY_THROWS_EXCEPTION(DivergenceError, trainer->evaluateTest());
    }

    void clippingScalesLikePyTorch() {
        Experiment e = trainerExperiment();
        e.model.dropout = 0;
        e.training.optimizer.kind = "sgd";
        e.training.optimizer.numbers.set("momentum", 0);
        e.training.schedule.kind = "constant";
        e.training.optimizer.learning_rate = 1;
        const auto step = [&](double clip) {
            e.training.clip_norm = clip;
            const Bench bench(e);
            const auto trainer = bench.trainer();
            const Weights before = trainer->state().weights;
            const double norm = trainer->advance().gradientNorm;
            double moved = 0;
            for (std::size_t i = 0; i < before.size(); ++i)
                moved += std::pow(static_cast<double>(trainer->state().weights[i]) - static_cast<double>(before[i]), 2);
            return std::pair(norm, std::sqrt(moved));
        };
        const auto [norm, free] = step(0);
        const auto [sameNorm, clipped] = step(norm / 4);
        QCOMPARE(sameNorm, norm);
        QVERIFY(std::abs(free - norm) < 1e-3 * norm);
        QVERIFY(std::abs(clipped - norm / 4) < 1e-3 * norm);
    }

    void schedulesFollowTheirFormulas() {
        TrainingConfig t;
        t.steps = 3900;
        t.optimizer.learning_rate = 1;
        t.schedule = {"cosine-warmup", {{"warmup_steps", 50}}};
        QVERIFY(std::abs(learningRateAt(t, 32, 25) - .4999) < 1e-4);
        QVERIFY(std::abs(learningRateAt(t, 32, 50) - .9996) < 1e-4);
        QVERIFY(std::abs(learningRateAt(t, 32, 1950) - .5) < 1e-4);
        QVERIFY(std::abs(learningRateAt(t, 32, 3900)) < 1e-12);
        t.schedule.kind = "linear-warmup";
        QCOMPARE(learningRateAt(t, 32, 10), 0.2);
        QCOMPARE(learningRateAt(t, 32, 500), 1.0);
        t.schedule.kind = "noam";
        QCOMPARE(learningRateAt(t, 64, 100), 0.125 * 0.1);
        QCOMPARE(learningRateAt(t, 64, 25), 0.125 * 25 * std::pow(50.0, -1.5));
        t.schedule.numbers.set("warmup_steps", 0);
        QCOMPARE(learningRateAt(t, 64, 4), 0.125 * 0.5);
        t.schedule.kind = "constant";
        QCOMPARE(learningRateAt(t, 64, 4), 1.0);
    }

    void everyArchitectureTrainsOnEveryTask() {
        for (const Architecture a : {Architecture::encoder, Architecture::decoder, Architecture::encoder_decoder})
            for (const TaskSpec* task : TaskSpec::table()) {
                if (!task->isBuiltIn() || (task->framing == Framing::nextToken && a != Architecture::decoder)) continue;
                Experiment e = trainerExperiment();
                e.task.kind = Kind<TaskSpec>(*task);
                e.model.architecture = a;
                const auto trainer = Bench(e).trainer();
                for (int i = 0; i < 10; ++i) QVERIFY(std::isfinite(trainer->advance().train.loss));
                QVERIFY(trainer->evaluateValidation().loss < 3.5);
            }
    }
};

QTEST_APPLESS_MAIN(TrainerTest)
#include "trainer_test.moc"
