#include "core/config/derive.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/config/experiment.h"
#include "core/config/task_frame.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/tasks/function_moments.h"
#include "core/tasks/glossary.h"
#include "core/text/cleaning.h"
#include "core/text/stories/story_vocabulary.h"

namespace lab {
namespace {

constexpr int defaultValidationSize = 1000;

/// Impossible sizes must not overflow on the way to the sentence that refuses them.
int clamped(std::int64_t value) {
    return static_cast<int>(std::clamp<std::int64_t>(value, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

void fill(std::optional<int>& value, int derived) {
    if (!value) value = derived;
}

/// The width at which the net of mixer feed-forward has as many parameters as attention, as nearly as whole units allow.
int widthOfMixer(const ModelConfig& model) {
    const double d = model.d_model, row = d * *model.max_seq_len, bias = model.bias ? 1 : 0;
    const double reading = specOf(model.feed_forward.activation).gated ? 2 : 1;  // matrices before the activation
    const double wanted = 4 * d * (d + bias) - bias * row;
    const double ofUnit = reading * (row + bias) + row;
    return std::max(1, clamped(std::llround(std::max(0.0, wanted / ofUnit))));
}

void fillInitStep(Experiment& experiment) {
    ModelConfig& model = experiment.model;
    const FunctionConfig& functions = experiment.task.functions;
    if (model.init != Initialisation::gradient_descent || model.init_step) return;
    if (functions.points < 1 || experiment.task.kind->source != TaskSource::functions) return;
    if (const auto moments = momentsOf(functions)) model.init_step = bestOneStep(*moments) / functions.points;
}

/// What reads a dictionary apart from the text is an encoder in front of the decoder.
void resolveDictionary(ModelConfig& model, const TaskConfig& task) {
    if (!specOf(model.dictionary.kind).apart) return;
    if (model.architecture == Architecture::decoder) model.architecture = Architecture::encoder_decoder;
    fill(model.dictionary.entry, task.kind->source == TaskSource::glossary ? glossaryConfig(task).entryTokens() : 1);
}

}  // namespace

std::optional<TaskNeeds> needsOf(const TaskConfig& task, Architecture architecture) {
    if (task.kind->needs) return task.kind->needs(task);
    if (task.kind->source == TaskSource::told) return TaskNeeds{storyPieces(), storyPieces(), task.seq_len};
    if (!task.kind->isBuiltIn()) return std::nullopt;
    const TaskFrame frame = frameOf(task, architecture);
    const int symbols = clamped(std::int64_t{task.vocab_size} + (frame.separator ? 1 : 0));
    const int answers = task.kind->lengthOfAnswer(task.seq_len);
    const bool joined = frame.reading == Reading::joined;  // x SEP y
    const int longest = joined ? clamped(std::int64_t{task.seq_len} + 1 + answers) : std::max(task.seq_len, answers);
    return TaskNeeds{symbols, symbols, longest};
}

Experiment resolved(Experiment experiment) {
    ModelConfig& model = experiment.model;
    const TaskSpec& task = *experiment.task.kind;
    if (!model.input) model.input = task.input;
    if (!model.output.loss) model.output.loss = task.loss;
    const bool hasClassToken = model.class_token && model.readsVectors();
    if (!model.readout) model.readout = hasClassToken ? Readout::class_token : task.readout;
    resolveDictionary(model, experiment.task);
    fill(model.num_kv_heads, model.num_heads);
    if (model.attends() && model.num_heads > 0 && model.d_model % model.num_heads == 0)
        fill(model.head_dim, model.d_model / model.num_heads);
    fill(model.embedding_dim, model.d_model);
    if (!model.attention.bias) model.attention.bias = model.bias ? AttentionBias::all : AttentionBias::none;
    if (!model.feed_forward.bias) model.feed_forward.bias = model.bias;
    fill(model.num_decoder_layers, model.num_layers);
    if (specOf(model.attention.form).latent) fill(model.attention.latent_dim, std::max(1, model.d_model / 4));
    if (!specOf(model.output.kind).projects) fill(model.num_classes, model.d_model);
    fill(model.d_ff, clamped(2 * std::int64_t{model.d_model}));
    if (const auto needs = needsOf(experiment.task, model.architecture)) {
        const int classToken = hasClassToken ? 1 : 0;
        fill(model.vocab_size, clamped(std::int64_t{needs->vocabSize} + classToken));
        fill(model.num_classes, needs->numClasses);
        fill(model.max_seq_len, clamped(std::int64_t{needs->maxSeqLen} + classToken));
        if (needs->inputDim > 0) fill(model.input_dim, needs->inputDim);
        fill(experiment.task.validation_size, defaultValidationSize);
    }
    if (experiment.task.kind->source == TaskSource::pictures) fill(experiment.task.pictures.stride, experiment.task.pictures.patch);
    if (experiment.task.kind->source == TaskSource::text && !experiment.task.text.cleaning)
        experiment.task.text.cleaning = defaultCleaning();
    fillInitStep(experiment);
    if (model.attention.span && model.max_seq_len) fill(model.attention.max_span, *model.max_seq_len);
    if (!model.attends() && model.max_seq_len) fill(model.mixer.width, widthOfMixer(model));
    return experiment;
}

Experiment withoutDerived(Experiment experiment) {
    for (const FieldInfo& field : fieldTable()) {
        if (field.presence != Presence::derived) continue;
        Experiment without = experiment;
        field.put(without, FieldValue());
        if (field.get(resolved(without)) == field.get(experiment)) experiment = without;
    }
    return experiment;
}

}  // namespace lab
