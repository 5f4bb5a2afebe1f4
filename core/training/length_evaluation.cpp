#include "core/training/length_evaluation.h"

#include <algorithm>
#include <string>

#include "core/base/errors.h"
#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "core/model/network.h"
#include "core/training/mean_of.h"

namespace lab {
namespace {

constexpr int rowsPerPass = 1024;

}  // namespace

Experiment atSequenceLength(const Experiment& experiment, int seqLen, const std::optional<RopeConfig>& rope) {
    if (experiment.task.kind->input == InputKind::vectors)
        throw InputError("task.kind", Message(LAB_TEXT("training",
                                                       "sequences of %1 have as many vectors as keys of its own say; longer ones exist "
                                                       "for built-in tasks of tokens only"))
                                          .arg(experiment.task.kind.name()));
    if (!experiment.task.kind->isBuiltIn())
        throw InputError("task.kind", LAB_TEXT("training",
                                               "the lines of a pairs file have the length they have; longer sequences exist for "
                                               "built-in tasks only"));
    const bool learned = specOf(experiment.model.position.kind).learnedTable;
    if (!experiment.model.attends() && seqLen > *experiment.model.max_seq_len)
        throw InputError("model.max_seq_len", Message(LAB_TEXT("training",
                                                               "the feed-forward net that mixes positions has weights for %1 only; longer "
                                                               "sequences cannot be read"))
                                                  .arg(*experiment.model.max_seq_len));
    if (learned && seqLen > experiment.task.seq_len)
        throw InputError(
            "model.position.kind",
            Message(LAB_TEXT("training",
                             "learned positions are trained for task.seq_len %1 only; longer sequences would read rows that do "
                             "not exist or were never trained"))
                .arg(experiment.task.seq_len));
    Experiment longer = experiment;
    longer.task.seq_len = seqLen;
    if (!longer.model.isBounded()) longer.model.max_seq_len.reset();
    if (rope && specOf(longer.model.position.kind).rotates) longer.model.position.rope = *rope;
    longer = resolved(longer);
    validate(longer);
    return longer;
}

std::optional<Evaluation> evaluateWeights(const Experiment& experiment, const Weights& weights, int sequences,
                                          const std::function<bool()>& cancelled) {
    Experiment wanted = experiment;
    wanted.task.validation_size = sequences;
    const LoadedTask task = loadTask(wanted, {});
    const Model model(task.experiment.model);
    if (model.layout().flatSize() != weights.size())
        throw InputError("weights", LAB_TEXT("training", "they belong to a model of another shape"));
    const Weights transposed = model.transposedCopy(weights);
    const int length = std::max<int>(1, static_cast<int>(task.dataset->validationSample(0).tokens.size()));
    const int perPass = std::max(1, rowsPerPass / length);
    Scratch scratch;
    PassSums total;
    for (int first = 0; first < sequences; first += perPass) {
        std::vector<Sample> samples;
        for (int i = first; i < std::min(sequences, first + perPass); ++i) samples.push_back(task.dataset->validationSample(i));
        const Batch batch = makeBatch(samples);
        scratch.arena.reset();
        Pass<float> pass{kernels<float>(), weights.data(), transposed.data(), nullptr, scratch};
        if (cancelled) pass.abandoned = &cancelled;
        const auto part = model.network().evaluateUnlessAbandoned(pass, viewOf(batch, 0, batch.sequences));
        if (!part) return std::nullopt;
        total += *part;
    }
    return meanOf(total);
}

}  // namespace lab
