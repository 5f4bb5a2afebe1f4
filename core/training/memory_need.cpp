#include "core/training/memory_need.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "core/base/errors.h"
#include "core/base/platform_memory.h"
#include "core/config/experiment.h"
#include "core/model/model.h"
#include "core/optimizers/optimizer.h"
#include "core/training/batch_cut.h"

namespace lab {
namespace {

/// Weights where the run began, and the newest ones on their way to the screen.
constexpr int copiesOutside = 4;

/// Floats of one row (a token) that wait for the backward pass: in each block the stream, queries, keys, values and what attention gives,
/// norms and the feed-forward's hidden layer; behind them logits with their gradient.
double floatsPerRow(const ModelConfig& model) {
    const double d = model.d_model, ff = model.d_ff.value_or(2 * model.d_model);
    const double blocks =
        model.architecture == Architecture::encoder_decoder ? model.num_layers + 1.5 * *model.num_decoder_layers : model.num_layers;
    return blocks * (8 * d + 2 * ff) + 2.0 * *model.num_classes;
}

Message gigabytes(double bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", bytes / 1e9);
    return Message(LAB_TEXT("training", "%1 GB")).arg(text);
}

}  // namespace

double trainingBytes(const Experiment& experiment) {
    const Model model(experiment.model);  // a table of names and shapes: no weights yet
    const double parameters = static_cast<double>(model.layout().flatSize());
    const UpdateRule& rule = *experiment.training.optimizer.kind;
    const int groups = groupBuffers(experiment.training.batch_size);
    const double copies = 1 + rule.moments + copiesOutside + 2 + groups;  // 2: the transposed weights and the summed gradient
    const double scratch = static_cast<double>(updateScratch(rule, model.layout()));
    const double rows = std::max(rowsPerShard, experiment.task.seq_len);
    return sizeof(float) * (parameters * copies + scratch + rows * floatsPerRow(experiment.model));
}

void requireMemory(const Experiment& experiment) {
    const auto available = availableMemory();
    const double needed = trainingBytes(experiment);
    if (!available || needed <= static_cast<double>(*available)) return;
    const auto parameters = Model(experiment.model).layout().parameterCount();
    const SourceText problem = LAB_PLURAL("training",
                                          "training its %n parameter(s) takes at least %1 of memory, but this computer has %2 "
                                          "left; use a smaller d_model, d_ff or num_layers");
    throw InputError("model", Message(problem)
                                  .count(static_cast<std::int64_t>(parameters))
                                  .arg(gigabytes(needed))
                                  .arg(gigabytes(static_cast<double>(*available))));
}

}  // namespace lab
