#include "core/sweep/saved_run_files.h"

#include <cmath>
#include <limits>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/model/model.h"
#include "core/sweep/sweep_results.h"
#include "core/training/metrics_csv.h"

namespace lab {
namespace {

StepRecord recordOf(const MetricsRow& row, int tokens) {
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    StepRecord record;
    record.step = row.step;
    record.train = {row.trainLoss, row.trainAccuracy, unknown};
    if (row.validationLoss) record.validation = Evaluation{*row.validationLoss, row.validationAccuracy.value_or(unknown), unknown};
    record.learningRate = row.learningRate;
    record.gradientNorm = row.gradientNorm;
    record.tokens = tokens;
    record.seconds = row.tokensPerSecond > 0 ? tokens / row.tokensPerSecond : 0;
    return record;
}

/// Tokens of a full batch; an encoder-decoder reads both sides.
int tokensOfStep(const Experiment& experiment) {
    const int sides = experiment.model.architecture == Architecture::encoder_decoder ? 2 : 1;
    return sides * experiment.training.batch_size * experiment.task.seq_len;
}

void addRecords(SavedSweepRun& saved, const std::filesystem::path& file) {
    try {
        const int tokens = tokensOfStep(saved.task.experiment);
        for (const MetricsRow& row : readMetrics(file)) {
            saved.records.push_back(recordOf(row, tokens));
            if (row.step != static_cast<std::int64_t>(saved.records.size()))
                throw InputError(utf8Text(file), Message(LAB_TEXT("sweep", "the row of step %1 is missing")).arg(saved.records.size()));
        }
        if (static_cast<std::int64_t>(saved.records.size()) != saved.state.step)
            throw InputError(
                utf8Text(file),
                Message(LAB_TEXT("sweep", "ends at step %1, the checkpoint at step %2")).arg(saved.records.size()).arg(saved.state.step));
    } catch (const InputError& error) {
        saved.records.clear();
        saved.missing = error.message();
    }
}

}  // namespace

SavedSweepRun readSweepRun(const std::filesystem::path& csv, int run, const Watch& watch) {
    const RunsFolder folder(csv);
    const CheckpointFile file = readCheckpoint(folder.checkpoint(run));
    SavedSweepRun saved;
    saved.task = loadSavedTask(file.experiment, file.tokenizer, folder.path(), watch);
    const Experiment& experiment = saved.task.experiment;
    saved.state = trainingStateOf(file, Model(experiment.model).layout(), *experiment.training.optimizer.kind);
    addRecords(saved, folder.metrics(run));
    return saved;
}

}  // namespace lab
