#include "app/commands/checkpoint_task.h"

#include "app/commands/measure_text.h"
#include "app/commands/status_line.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/data/loss_unit.h"
#include "core/io/experiment_file.h"
#include "core/io/quantised_checkpoint.h"
#include "core/pretrained/model_files.h"
#include "core/pretrained/pretrained_model.h"

namespace lab {

CheckpointTask::CheckpointTask(const std::filesystem::path& path) : m_folder(path.parent_path()) {
    if (looksPretrained(path))
        takePretrained(path);
    else
        takeCheckpoint(path);
    try {
        m_task = loadSavedTask(m_file.experiment, m_file.tokenizer, m_folder);
        if (!hasValidation()) m_whyUnmeasured = "its task has no validation sequences";
    } catch (const InputError& error) {
        m_problem = error.message();
        m_whyUnmeasured = error.what();
    }
}

void CheckpointTask::takePretrained(const std::filesystem::path& path) {
    PretrainedModel opened = openPretrained(path);
    m_file.file = utf8Text(path);
    m_file.experiment = std::move(opened.experiment);
    m_file.tokenizer = std::move(opened.tokenizer);
    m_file.metadata = checkpointMetadata(m_file.experiment, m_file.tokenizer);
    m_model = std::move(opened.model);
    m_weights = std::move(opened.weights);
}

void CheckpointTask::takeCheckpoint(const std::filesystem::path& path) {
    m_file = readCheckpoint(path);
    if (const auto note = quantisationOf(m_file.metadata, m_file.file))
        throw InputError(
            m_file.file,
            Message(LAB_TEXT("commands", "is quantised already (%1); take the checkpoint that it was made of")).arg(note->scheme->name));
    m_model = std::make_shared<const Model>(m_file.experiment.model);
    m_weights = weightsOf(m_file, m_model->layout());
}

const LoadedTask& CheckpointTask::task() const {
    if (!m_task) throw InputError(m_problem);
    return *m_task;
}

bool CheckpointTask::hasValidation() const {
    return m_task && m_task->dataset->validationSize() > 0;
}

std::optional<Evaluation> CheckpointTask::evaluate(const Weights& weights, int threads) const {
    if (!hasValidation()) return std::nullopt;
    Trainer trainer(m_task->experiment, m_model, m_task->dataset, startingState(weights, *m_task->experiment.training.optimizer.kind),
                    threads);
    return trainer.evaluateValidation();
}

Metadata CheckpointTask::metadataAt(const std::filesystem::path& path, const Experiment& experiment) const {
    return metadataOfCopy(m_file.metadata, relocated(experiment, m_folder, path.parent_path()));
}

std::string CheckpointTask::lossText(double nats) const {
    const LossUnit unit = m_task ? lossUnitOf(*m_task->dataset) : LossUnit();
    return unit.bitsPerByte ? formatted("%.6f, %.6f bits a byte", nats, unit.of(nats)) : formatted("%.6f", nats);
}

std::string CheckpointTask::text(const std::optional<Evaluation>& evaluation) const {
    if (!evaluation) return "loss not measured";
    return "loss " + lossText(evaluation->loss) + ", " + measureText(m_model->config(), evaluation->accuracy);
}

}  // namespace lab
