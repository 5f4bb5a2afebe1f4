#include "core/config/derive.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/config/experiment.h"
#include "core/config/task_frame.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
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

}  // namespace

std::optional<TaskNeeds> needsOf(const TaskConfig& task, Architecture architecture) {
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
    fill(model.num_kv_heads, model.num_heads);
    fill(model.num_decoder_layers, model.num_layers);
    fill(model.d_ff, clamped(2 * std::int64_t{model.d_model}));
    if (const auto needs = needsOf(experiment.task, model.architecture)) {
        fill(model.vocab_size, needs->vocabSize);
        fill(model.num_classes, needs->numClasses);
        fill(model.max_seq_len, needs->maxSeqLen);
        fill(experiment.task.validation_size, defaultValidationSize);
    }
    if (experiment.task.kind->source == TaskSource::text && !experiment.task.text.cleaning)
        experiment.task.text.cleaning = defaultCleaning();
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
