#include <QtTest>

#include <QTemporaryDir>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/io/safetensors.h"
#include "core/pretrained/pretrained_model.h"
#include "core/training/trainer.h"
#include "tests/core/pretrained/pretrained_cases.h"
#include "tests/core/sample_dataset.h"

// What PyTorch makes of some steps of a tiny BERT on masked words (tests/reference/masked.py).

using namespace lab;
using namespace lab::testing;

namespace {

const std::filesystem::path maskedFolder = std::filesystem::path(LAB_SOURCE_DIR) / "tests/reference/masked";

/// Of all steps, one batch behind the other, without padding.
std::vector<Sample> samplesOf(const TensorFile& steps, std::size_t count) {
    std::vector<Sample> samples;
    for (std::size_t step = 0; step < count; ++step) {
        const Tensor &tokens = steps.tensors.at(std::to_string(step) + ".tokens"),
                     &targets = steps.tensors.at(std::to_string(step) + ".targets");
        const auto rows = static_cast<std::size_t>(tokens.shape[0]), width = static_cast<std::size_t>(tokens.shape[1]);
        for (std::size_t row = 0; row < rows; ++row) {
            Sample sample;
            for (std::size_t i = row * width; i < (row + 1) * width && tokens.integers[i] >= 0; ++i) {
                sample.tokens.push_back(static_cast<int>(tokens.integers[i]));
                sample.targets.push_back(static_cast<int>(targets.integers[i]));
            }
            samples.push_back(std::move(sample));
        }
    }
    return samples;
}

/// The model behind the last step, named and opened as any other.
PretrainedModel trainedByPyTorch(const std::filesystem::path& folder) {
    copyCase("bert-mlm", folder);
    writeText(folder / "model.safetensors", readFile(maskedFolder / "model.safetensors"));
    return openPretrained(folder);
}

double distanceOf(const Weights& found, const Weights& expected, const Parameter& p) {
    double difference = 0, size = 0;
    for (std::size_t i = p.offset; i < p.offset + p.size; ++i) {
        difference += std::pow(double{found[i]} - double{expected[i]}, 2);
        size += std::pow(double{expected[i]}, 2);
    }
    return std::sqrt(difference / size);
}

}  // namespace

class MaskedReferenceTest : public QObject {
    Q_OBJECT

private slots:
    void stepsOnMaskedWordsAgree() {
        const TensorFile steps = readSafetensors(maskedFolder / "steps.safetensors");
        const auto losses = nlohmann::json::parse(steps.metadata.at("losses")).get<std::vector<double>>();
        const auto numbers = nlohmann::json::parse(steps.metadata.at("training"));
        PretrainedModel opened = openPretrained(pretrainedFolder / "bert-mlm");
        const std::vector<Sample> samples = samplesOf(steps, losses.size());
        TrainingConfig& training = opened.experiment.training;
        training.batch_size = static_cast<int>(samples.size() / losses.size());
        training.shuffle = false;
        training.validate_every = 0;
        training.steps = 1000;
        training.optimizer.kind = "adam";
        training.optimizer.learning_rate = numbers["learning_rate"].get<double>();
        for (const char* key : {"beta1", "beta2", "epsilon"}) training.optimizer.numbers.set(key, numbers[key].get<double>());
        training.schedule.kind = "constant";
        training.clip_norm = numbers["clip_norm"].get<double>();
        TrainingState state = startingState(opened.weights, *training.optimizer.kind);
        Trainer trainer(opened.experiment, opened.model, std::make_shared<SampleDataset>(samples), std::move(state), 2);
        for (std::size_t step = 0; step < losses.size(); ++step) {
            const StepRecord record = trainer.advance();
            QVERIFY2(
                std::abs(record.train.loss - losses[step]) <= 1e-5 * losses[step],
                qPrintable(QString("step %1: loss %2, reference %3").arg(step + 1).arg(record.train.loss, 0, 'g', 9).arg(losses[step])));
        }
        const QTemporaryDir folder;
        const PretrainedModel expected = trainedByPyTorch(folder.path().toStdString());
        for (const Parameter& p : opened.model->layout().parameters()) {
            const double distance = distanceOf(trainer.state().weights, expected.weights, p);
            QVERIFY2(distance <= 1e-5, qPrintable(QString("%1: relative distance %2").arg(p.name.c_str()).arg(distance)));
            // A key's bias changes no weight of a softmax.
            const bool still = p.name.ends_with("attention.key.bias");
            QVERIFY2(still || distanceOf(opened.weights, expected.weights, p) > 1e-4, p.name.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(MaskedReferenceTest)
#include "masked_reference_test.moc"
