#include <QtTest>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/config/validation.h"
#include "core/data/batch_order.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "core/io/safetensors.h"
#include "core/model/network.h"
#include "core/training/trainer.h"
#include "tests/core/sample_dataset.h"
#include "tests/reference_cases.h"

// What PyTorch computes for every model form (FORMATS.md 6): traces, gradients, thirty training steps.

using namespace lab;

namespace {

const std::filesystem::path casesFolder = std::filesystem::path(LAB_SOURCE_DIR) / "tests/reference";

/// The samples of a case of vectors, cut to their lengths.
std::vector<Sample> readSamples(const std::filesystem::path& path, const ModelConfig& model) {
    const NamedTensors tensors = readSafetensors(path).tensors;
    const Tensor& vectors = tensors.at("vectors");
    const Tensor* values = tensors.find("values");
    const std::int64_t most = vectors.extent(1), width = vectors.extent(2), outputs = *model.num_classes;
    std::vector<Sample> samples;
    for (std::int64_t n = 0; n < vectors.extent(0); ++n) {
        const std::int64_t first = n * most, length = tensors.at("lengths").integers[static_cast<std::size_t>(n)];
        const auto numbers = [&](const Tensor& of, std::int64_t columns) {
            const auto row = of.values.begin() + first * columns;
            return std::vector<float>(row, row + length * columns);
        };
        Sample sample{std::vector<int>(static_cast<std::size_t>(length), vectorToken), {}, {}, numbers(vectors, width)};
        if (model.class_token) sample.tokens.front() = classToken;
        const auto targets = tensors.at("targets").integers.begin() + first;
        sample.targets.assign(targets, targets + length);
        if (values) sample.values = numbers(*values, outputs);
        samples.push_back(std::move(sample));
    }
    return samples;
}

/// A case of vectors is no task that the program knows, but an experiment's model and training beside its samples.
LoadedTask loadCase(const std::filesystem::path& folder) {
    const Experiment experiment = loadExperiment(folder / "experiment.json");
    if (experiment.model.input != InputKind::vectors) return loadTask(experiment, folder);
    Experiment whole = resolved(experiment);
    auto dataset = std::make_shared<testing::SampleDataset>(readSamples(folder / "samples.safetensors", whole.model));
    return {std::move(whole), std::move(dataset)};
}

/// A case with its model and initial weights.
struct Case {
    explicit Case(const QString& name)
        : folder(casesFolder / name.toStdString()),
          task(loadCase(folder)),
          model(std::make_shared<const Model>(task.experiment.model)),
          weights(read("init.safetensors")) {}

    Weights read(const std::string& file) const { return weightsOf(readSafetensors(folder / file).tensors, model->layout(), file); }

    std::filesystem::path folder;
    LoadedTask task;
    std::shared_ptr<const Model> model;
    Weights weights;
};

std::vector<int> ints(const Tensor& tensor) {
    return {tensor.integers.begin(), tensor.integers.end()};
}

double norm(const float* x, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    return std::sqrt(sum);
}

double distance(const float* a, const float* b, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
    return std::sqrt(sum);
}

std::vector<std::vector<double>> readTable(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    std::vector<std::vector<double>> rows;
    while (std::getline(file, line)) {
        std::vector<double> row;
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::stod(cell));
        rows.push_back(row);
    }
    return rows;
}

}  // namespace

class ReferenceTest : public QObject {
    Q_OBJECT

    /// Those that have a file of this name.
    static void addCases(const char* file) {
        QTest::addColumn<QString>("name");
        for (const QString& name : referenceCases() + vectorCases() + bottleneckCases() + scoreCases())
            if (std::filesystem::exists(casesFolder / name.toStdString() / file)) QTest::newRow(qPrintable(name)) << name;
    }

    /// The first batch's gradients against those of a file, and what it says of losses.
    static void compareGradients(const Case& c, const char* file, bool drawn) {
        const TensorFile expected = readSafetensors(c.folder / file);
        const Weights reference = weightsOf(expected.tensors, c.model->layout(), file);
        std::vector<Sample> samples;
        for (const int i : batchIndices(c.task.experiment.training, c.task.dataset->trainSize(), 0))
            samples.push_back(c.task.dataset->trainSample(i));
        const Batch batch = makeBatch(samples);
        const auto counted = std::count_if(batch.targets.begin(), batch.targets.end(), [](int t) { return t >= 0; });
        Weights gradient(c.weights.size());
        const Weights transposed = c.model->transposedCopy(c.weights);
        Scratch scratch;
        Pass<float> pass{kernels<float>(), c.weights.data(), transposed.data(), gradient.data(), scratch};
        pass.answerCost = c.task.experiment.training.answer_cost;
        if (drawn) {
            pass.training = true;
            pass.dropout = {0, std::stoull(expected.metadata.at("seed")), std::stoll(expected.metadata.at("step")), 0};
        }
        const PassSums sums = c.model->network().train(pass, viewOf(batch, 0, batch.sequences), 1.0f / static_cast<float>(counted));
        const double loss = std::stod(expected.metadata.at("loss"));
        QVERIFY(std::abs(sums.loss / sums.counted - loss) <= 1e-5 * loss);
        if (const auto codes = expected.metadata.find("codes"); codes != expected.metadata.end()) {
            const double found = sums.beside / sums.sequences, cost = std::stod(codes->second);
            QVERIFY2(std::abs(found - cost) <= 1e-5 * cost, qPrintable(QString("codes cost %1, reference %2").arg(found).arg(cost)));
        }
        if (const auto answers = expected.metadata.find("answers"); answers != expected.metadata.end()) {
            const double found = sums.answerCost / sums.counted, cost = std::stod(answers->second);
            QVERIFY2(std::abs(found - cost) <= 1e-5 * (std::abs(cost) + loss),
                     qPrintable(QString("answers cost %1, reference %2").arg(found).arg(cost)));
        }
        const double all = norm(reference.data(), reference.size());
        for (const Parameter& p : c.model->layout().parameters()) {
            const double difference = distance(at(gradient, p), at(reference, p), p.size);
            QVERIFY2(difference <= 1e-4 * norm(at(reference, p), p.size) + 1e-6 * all,
                     qPrintable(QString("%1: differs by %2").arg(p.name.c_str()).arg(difference)));
        }
    }

private slots:
    void traceAgrees_data() { addCases("trace.safetensors"); }
    void traceAgrees() {
        QFETCH(QString, name);
        const Case c(name);
        const NamedTensors expected = readSafetensors(c.folder / "trace.safetensors").tensors;
        Input input{ints(expected.at("tokens")), {}, {}, {}, {}};
        if (const Tensor* target = expected.find("target_tokens")) input.targetTokens = ints(*target);
        if (const Tensor* vectors = expected.find("vectors")) input.vectors = vectors->values;
        const NamedTensors trace = fileTensors(c.model->trace(c.weights, input));
        for (const auto& [key, tensor] : expected.entries()) {
            const Tensor* found = trace.find(key);
            QVERIFY2(found, key.c_str());
            QVERIFY2(found->shape == tensor.shape, key.c_str());
            QVERIFY2(found->integers == tensor.integers, key.c_str());
            if (tensor.isInteger()) continue;
            for (std::size_t i = 0; i < tensor.values.size(); ++i) {
                if (found->values[i] == tensor.values[i]) continue;  // infinite where a span has ended
                const double difference = std::abs(static_cast<double>(found->values[i]) - static_cast<double>(tensor.values[i]));
                QVERIFY2(
                    difference <= 2e-5 + 2e-4 * std::abs(static_cast<double>(tensor.values[i])),
                    qPrintable(QString("%1[%2]: %3, reference %4").arg(key.c_str()).arg(i).arg(found->values[i]).arg(tensor.values[i])));
            }
        }
    }

    void gradientsAgree_data() { addCases("gradients.safetensors"); }
    void gradientsAgree() {
        QFETCH(QString, name);
        compareGradients(Case(name), "gradients.safetensors", false);
    }

    /// Of codes as they are drawn in a step of training.
    void drawnGradientsAgree_data() { addCases("drawn.safetensors"); }
    void drawnGradientsAgree() {
        QFETCH(QString, name);
        compareGradients(Case(name), "drawn.safetensors", true);
    }

    void thirtyTrainingStepsAgree_data() { addCases("metrics.csv"); }
    void thirtyTrainingStepsAgree() {
        QFETCH(QString, name);
        const Case c(name);
        TrainingState start = initialState(*c.model, c.task.experiment);
        start.weights = c.weights;
        Trainer trainer(c.task.experiment, c.model, c.task.dataset, start, 2);
        for (const auto& row : readTable(c.folder / "metrics.csv")) {  // step, train_loss, train_accuracy, learning_rate, gradient_norm
            const StepRecord record = trainer.advance();
            QCOMPARE(static_cast<double>(record.step), row[0]);
            QVERIFY2(
                std::abs(record.train.loss - row[1]) <= 1e-5 * row[1],
                qPrintable(
                    QString("step %1: loss %2, reference %3").arg(record.step).arg(record.train.loss, 0, 'g', 9).arg(row[1], 0, 'g', 9)));
            const double rounding = c.model->config().answersNumbers() ? 2e-5 * (1 + std::abs(1 - row[2])) : 1e-6;
            QVERIFY(std::abs(record.train.accuracy - row[2]) <= rounding);
            QVERIFY(std::abs(record.learningRate - row[3]) <= 1e-6 * row[3]);
            // Where each head's output is divided by its own root mean square, rounding grows with how small that is.
            const bool dividesHeads = c.model->config().attends() && specOf(c.model->config().attention.kernel.kind).decays();
            QVERIFY2(std::abs(record.gradientNorm - row[4]) <= (dividesHeads ? 3e-3 : 1e-4) * row[4],
                     qPrintable(QString("step %1: gradient norm %2, reference %3").arg(record.step).arg(record.gradientNorm).arg(row[4])));
        }
        QVERIFY(trainer.finished());
        const Weights expected = c.read("final.safetensors");
        for (const Parameter& p : c.model->layout().parameters()) {
            if (p.name.ends_with("key.bias") || p.name.ends_with("position_map.bias")) continue;  // Adam on rounding noise
            const double relative = distance(at(trainer.state().weights, p), at(expected, p), p.size) / norm(at(expected, p), p.size);
            QVERIFY2(relative <= 2e-2, qPrintable(QString("%1: relative error %2").arg(p.name.c_str()).arg(relative)));
        }
    }
};

QTEST_APPLESS_MAIN(ReferenceTest)
#include "reference_test.moc"
