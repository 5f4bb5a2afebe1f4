#include <QtTest>

#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/config/validation.h"
#include "core/data/guessing.h"
#include "core/data/vector_sample.h"
#include "core/training/memory_need.h"
#include "core/training/trainer.h"
#include "tests/core/sample_dataset.h"
#include "tests/tasks_of_vectors.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// Sequences of 4 to 6 vectors; the answer is the place of the largest of the last vector's first three numbers, or two sums of it.
std::vector<Sample> vectorSamples(const ModelConfig& model, int samples) {
    const RandomStream random(7, "vectors");
    std::vector<Sample> result;
    for (int s = 0; s < samples; ++s) {
        const int count = 4 + s % 3;
        std::vector<float> vectors;
        for (int i = 0; i < count * 4; ++i) vectors.push_back(static_cast<float>(random.normal(static_cast<std::uint64_t>(s * 24 + i))));
        const auto last = vectors.end() - 4;
        const auto place = static_cast<int>(std::max_element(last, last + 3) - last);
        const std::vector<float> sums{last[0] + last[1], last[2] - last[3]};
        Sample sample = vectorSample(model, std::move(vectors), count);
        if (model.answersNumbers())
            askNumbers(sample, static_cast<int>(sample.tokens.size()) - 1, sums);
        else
            askByReadout(model, sample, place);
        result.push_back(std::move(sample));
    }
    return result;
}

Experiment trainedOn(const TaskSpec& task) {
    Experiment e = experimentOf(task);
    e.model.d_model = 16;
    e.model.num_layers = 1;
    e.model.norm.placement = NormPlacement::pre;
    e.training.steps = 300;
    e.training.batch_size = 24;
    e.training.optimizer.learning_rate = 5e-3;
    return e;
}

Experiment classTokenExperiment() {
    Experiment e = trainedOn(classesOfVectors());
    e.model.class_token = true;
    e.model.position.kind = PositionKind::learned;
    return e;
}

/// Three ways in which a model of vectors answers.
std::vector<std::pair<const char*, Experiment>> vectorExperiments() {
    Experiment product = trainedOn(numbersOfVectors());
    product.model.attention.kernel.kind = KernelKind::product;
    product.model.attention.pattern.kind = "context";
    product.model.norm.kind = NormKind::none;
    product.model.d_ff = 0;
    return {{"classes", trainedOn(classesOfVectors())},
            {"class token", classTokenExperiment()},
            {"numbers", trainedOn(numbersOfVectors())},
            {"numbers, products of the context", product}};
}

/// A model of vectors with its data, and what trains it.
struct VectorBench {
    explicit VectorBench(const Experiment& e, int samples = 300)
        : experiment(resolved(e)),
          model(std::make_shared<const Model>(experiment.model)),
          dataset(std::make_shared<const SampleDataset>(vectorSamples(experiment.model, samples))) {}

    std::unique_ptr<Trainer> trainer(int threads = 1) const { return trainer(initialState(*model, experiment), threads); }
    std::unique_ptr<Trainer> trainer(TrainingState start, int threads = 1) const {
        return std::make_unique<Trainer>(experiment, model, dataset, std::move(start), threads);
    }
    TrainingState trainedFor(int steps, int threads) const {
        const auto trainer = this->trainer(threads);
        while (trainer->state().step < steps) trainer->advance();
        return trainer->state();
    }

    Experiment experiment;
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Dataset> dataset;
};

bool sameState(const TrainingState& a, const TrainingState& b) {
    return a.weights == b.weights && a.firstMoment == b.firstMoment && a.secondMoment == b.secondMoment;
}

}  // namespace

class VectorsTrainingTest : public QObject {
    Q_OBJECT

private slots:
    void theyAreSoundExperiments() {
        for (const auto& [name, experiment] : vectorExperiments()) {
            const auto problems = problemsOf(experiment);
            QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().message.english().c_str());
        }
    }

    void sameBitsWithAnyNumberOfThreads() {
        for (auto& [name, experiment] : vectorExperiments())
            for (const int batch : {24, 192}) {
                experiment.training.batch_size = batch;
                experiment.model.dropout = 0.1;
                const VectorBench bench(experiment);
                const TrainingState one = bench.trainedFor(8, 1);
                for (const int threads : {2, 3, 8}) QVERIFY2(sameState(bench.trainedFor(8, threads), one), name);
            }
    }

    void resumedTheyGoOnBitForBit() {
        for (const auto& [name, experiment] : vectorExperiments()) {
            const VectorBench bench(experiment);
            const auto resumed = bench.trainer(bench.trainedFor(5, 1), 2);
            while (resumed->state().step < 12) resumed->advance();
            QVERIFY2(sameState(resumed->state(), bench.trainedFor(12, 1)), name);
        }
    }

    void theyLearn() {
        const auto experiments = vectorExperiments();
        for (std::size_t i = 0; i < 3; ++i) {  // the construction alone does not see the last vector's own numbers but through products
            const auto trainer = VectorBench(experiments[i].second).trainer(2);
            while (!trainer->finished()) trainer->advance();
            const double measure = trainer->evaluateTest().accuracy;
            QVERIFY2(measure > 0.95, qPrintable(QString("%1: %2").arg(experiments[i].first).arg(measure)));
        }
    }

    /// Against a model that answers 0 everywhere.
    void whatIsExplainedIsOfTheTargetsSquares() {
        const VectorBench bench(trainedOn(numbersOfVectors()));
        TrainingState zero = initialState(*bench.model, bench.experiment);
        for (const char* name : {"output.projection.weight", "output.projection.bias"}) {
            const Parameter& p = *bench.model->layout().find(name);
            std::fill_n(at(zero.weights, p), p.size, 0.0f);
        }
        const Evaluation nothing = bench.trainer(zero)->evaluateValidation();
        QCOMPARE(nothing.accuracy, 0.0);
        double squares = 0;
        for (int i = 0; i < bench.dataset->validationSize(); ++i)
            for (const float t : bench.dataset->validationSample(i).values) squares += static_cast<double>(t) * static_cast<double>(t);
        QVERIFY(std::abs(nothing.loss - squares / (4.0 * bench.dataset->validationSize())) < 1e-9 * squares);
        const Evaluation some = bench.trainer(bench.trainedFor(40, 2))->evaluateValidation();
        QVERIFY(some.loss < nothing.loss);
        QVERIFY(std::abs(some.accuracy - (1 - some.loss / nothing.loss)) < 1e-12);
    }

    void aBatchReportsWhatItExplains() {
        const VectorBench bench(trainedOn(numbersOfVectors()));
        const StepRecord record = bench.trainer()->advance();
        QVERIFY(record.train.loss > 0);
        QVERIFY(record.train.accuracy < 1);
        QCOMPARE(record.train.sequenceAccuracy, record.train.accuracy);
        QVERIFY(record.tokens >= 24 * 4 && record.tokens <= 24 * 6);
    }

    void guessedNumbersAreZeroOrTheirMean() {
        const VectorBench bench(trainedOn(numbersOfVectors()), 4000);
        const Guesses centred = guessesOf(bench.experiment, *bench.dataset);
        QVERIFY(centred.numbers && !centred.commonest);        // their mean is 0: no better
        QVERIFY(std::abs(centred.uniform.loss - 1.0) < 0.06);  // half of variance 2
        QCOMPARE(centred.uniform.accuracy, 0.0);
        std::vector<Sample> shifted = vectorSamples(bench.experiment.model, 4000);
        for (Sample& sample : shifted)
            for (std::size_t i = sample.values.size() - 2; i < sample.values.size(); ++i) sample.values[i] += 2.0f;
        const Guesses around = guessesOf(bench.experiment, SampleDataset(shifted));
        QVERIFY(around.commonest.has_value());
        QVERIFY(std::abs(around.uniform.loss - 3.0) < 0.15);  // 2 squared, halved, beside it
        QVERIFY(std::abs(around.commonest->loss - 1.0) < 0.06);
        QVERIFY(std::abs(around.commonest->accuracy - 2.0 / 3) < 0.03);
    }

    void theirNumbersTakeMemory() {
        Experiment narrow = resolved(trainedOn(numbersOfVectors())), wide = narrow;
        wide.model.input_dim = 1000;
        const double parameters = 16 * (1000 - 4), rows = trainingMemory(wide).activations - trainingMemory(narrow).activations;
        QVERIFY(trainingBytes(wide) - trainingBytes(narrow) > 5 * sizeof(float) * parameters);
        QVERIFY(rows > 0);
    }
};

QTEST_APPLESS_MAIN(VectorsTrainingTest)
#include "vectors_training_test.moc"
