#include <QtTest>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "core/io/safetensors.h"
#include "core/model/adapters.h"
#include "core/training/trainer.h"

// What PyTorch makes of low-rank adapters in ten steps (tests/reference/adapters.py).

using namespace lab;

namespace {

const std::filesystem::path references = std::filesystem::path(LAB_SOURCE_DIR) / "tests/reference";

double relativeDistance(const float* found, const std::vector<float>& expected) {
    double difference = 0, size = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        difference += std::pow(static_cast<double>(found[i]) - static_cast<double>(expected[i]), 2);
        size += std::pow(static_cast<double>(expected[i]), 2);
    }
    return std::sqrt(difference / size);
}

}  // namespace

class AdaptersReferenceTest : public QObject {
    Q_OBJECT

private slots:
    void tenStepsAgree_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"encoder-qkv", "decoder-llama", "decoder-gpt2"}) QTest::newRow(name) << name;
    }
    void tenStepsAgree() {
        QFETCH(QString, name);
        const std::filesystem::path folder = references / name.toStdString();
        const TensorFile expected = readSafetensors(references / "adapters" / (name.toStdString() + ".safetensors"));
        const auto json = nlohmann::json::parse(expected.metadata.at("adapters"));
        Experiment experiment = loadExperiment(folder / "experiment.json");
        experiment.training.adapters = {json["rank"].get<int>(), json["alpha"].get<double>(),
                                        json["targets"].get<std::vector<std::string>>()};
        const LoadedTask task = loadTask(experiment, folder);
        const auto model = std::make_shared<const Model>(task.experiment.model);

        TrainingState state = startingState(weightsOf(readSafetensors(folder / "init.safetensors").tensors, model->layout(), "init"),
                                            *task.experiment.training.optimizer.kind);
        state = withAdapters(std::move(state), model->layout(), task.experiment.training);
        for (std::size_t m = 0; m < state.base->matrices.size(); ++m)
            std::ranges::copy(expected.tensors.at("first." + state.base->a(m).name).values, at(state.adapters, state.base->a(m)));

        Trainer trainer(task.experiment, model, task.dataset, state, 2);
        const auto losses = nlohmann::json::parse(expected.metadata.at("losses")).get<std::vector<double>>();
        const auto norms = nlohmann::json::parse(expected.metadata.at("gradient_norms")).get<std::vector<double>>();
        for (std::size_t step = 0; step < losses.size(); ++step) {
            const StepRecord record = trainer.advance();
            QVERIFY2(
                std::abs(record.train.loss - losses[step]) <= 1e-5 * losses[step],
                qPrintable(QString("step %1: loss %2, reference %3").arg(step + 1).arg(record.train.loss, 0, 'g', 9).arg(losses[step])));
            QVERIFY2(
                std::abs(record.gradientNorm - norms[step]) <= 1e-5 * norms[step],
                qPrintable(QString("step %1: norm %2, reference %3").arg(step + 1).arg(record.gradientNorm, 0, 'g', 9).arg(norms[step])));
        }
        const AdapterBase& base = *trainer.state().base;
        QCOMPARE(expected.tensors.size(), 3 * base.matrices.size());
        for (const Parameter& p : base.layout.parameters()) {
            const double distance = relativeDistance(at(trainer.state().adapters, p), expected.tensors.at(p.name).values);
            QVERIFY2(distance <= 1e-5, qPrintable(QString("%1: relative distance %2").arg(p.name.c_str()).arg(distance)));
        }
    }
};

QTEST_APPLESS_MAIN(AdaptersReferenceTest)
#include "adapters_reference_test.moc"
