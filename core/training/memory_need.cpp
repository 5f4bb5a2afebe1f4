#include "core/training/memory_need.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/base/errors.h"
#include "core/base/platform_memory.h"
#include "core/config/experiment.h"
#include "core/config/layer_config.h"
#include "core/data/dataset.h"
#include "core/data/loaded_task.h"
#include "core/layers/attention/literal.h"
#include "core/model/adapters.h"
#include "core/model/frozen.h"
#include "core/model/model.h"
#include "core/ops/kernels.h"
#include "core/optimizers/optimizer.h"
#include "core/training/batch_cut.h"
#include "core/training/state_before.h"

namespace lab {

/// In each block the stream, queries, keys, values and what attention gives, norms and the feed-forward's hidden layer, drawn features, or
/// a share of the mixing net's; of experts those of the chosen ones, what they read and gave, and the router's shares; behind them logits
/// with their gradient. Where slots read the encoder's output, keys and values for them with their gradients.
double floatsPerRow(const ModelConfig& model) {
    const double d = model.d_model, ff = model.d_ff.value_or(2 * model.d_model);
    const double blocks =
        model.architecture == Architecture::encoder_decoder ? model.num_layers + 1.5 * *model.num_decoder_layers : model.num_layers;
    const double vectors = model.readsVectors() ? *model.input_dim : 0;
    const double experts = model.hasExperts() ? model.feed_forward.top_k : 1;
    const double routing = model.hasExperts() ? 4 * experts * d + 2.0 * model.feed_forward.experts : 0;
    const double mixing = model.attends() ? 0 : 2.0 * *model.mixer.width / *model.max_seq_len;
    const double gate = model.attends() && model.attention.gate ? 2 * d : 0;  // and the heads' outputs before it
    const double forSlots = model.hasBottleneck() ? 4 * d : 0;
    const bool draws = model.attends() && specOf(model.attention.kernel.kind).drawn;
    const double features = draws ? 1.0 * (model.num_heads + *model.num_kv_heads) * model.attention.features : 0;
    return vectors + blocks * (8 * d + 2 * ff * experts + routing + mixing + gate + features) + 2.0 * *model.num_classes + forSlots;
}

namespace {

/// Of a sequence that is trained literally: queries, keys, values and heads' outputs once more, and all maps.
double literalFloats(const LayerConfig& layer, int queries, int keys) {
    const double ofQueries = 2.0 * layer.num_heads * layer.head_dim * queries, ofKeys = 2.0 * layer.num_kv_heads * layer.head_dim * keys;
    return ofQueries + ofKeys + 1.0 * mapsKept(layer) * layer.num_heads * queries * keys;
}

}  // namespace

double keptWeights(const LayerConfig& layer, int queries, int keys) {
    if (!specOf(layer.mixer).attends) return 0;
    if (trainsLiterally(layer)) return literalFloats(layer, queries, keys);
    if (!layer.visibility.isPlain() || specOf(layer.kernel).features) return 0;
    return static_cast<double>(layer.num_heads) * static_cast<double>(attentionStored(queries, keys, layer.visibility.causal()));
}

namespace {

/// Weights where the run began, and the newest ones on their way to the screen.
constexpr int copiesOutside = 4;

/// Floats of one sequence's slots: queries, what they ask and read, numbers, codes and the decoder's memory with keys and values in each
/// block, and the gradients of all these; each slot's shares of the codes.
double floatsOfSlots(const ModelConfig& model) {
    if (!model.hasBottleneck()) return 0;
    const BottleneckShape shape = model.bottleneck.shape();
    const double vectors = 11 + 4.0 * *model.num_decoder_layers;
    return shape.slotCount * (vectors * model.d_model + 5.0 * shape.width) + shape.codes;
}

/// Of the longest sequence, both sides of an encoder-decoder.
struct Lengths {
    int tokens = 0;
    int targetTokens = 0;
};

Lengths longestOf(const LoadedTask& task) {
    if (task.experiment.task.kind->source == TaskSource::told) return {task.experiment.task.seq_len, 0};  // at the most
    const TaskSpec& kind = *task.experiment.task.kind;
    const bool alike = kind.source != TaskSource::pairs && kind.source != TaskSource::sentences && !kind.varies;
    const int samples = alike ? 1 : task.dataset->trainSize();
    Lengths longest;
    for (int i = 0; i < samples; ++i) {
        const Sample sample = task.dataset->trainSample(i);
        longest.tokens = std::max(longest.tokens, static_cast<int>(sample.tokens.size()));
        longest.targetTokens = std::max(longest.targetTokens, static_cast<int>(sample.targetTokens.size()));
    }
    return longest;
}

double attentionWeights(const ModelConfig& model, const Lengths& longest) {
    double weights = 0;
    const bool twoSides = model.architecture == Architecture::encoder_decoder;
    const int slots = model.hasBottleneck() ? model.bottleneck.shape().slotCount : 0;
    for (const LayerConfig& layer : layersOf(model, Side::encoder)) weights += keptWeights(layer, longest.tokens, longest.tokens);
    if (slots > 0) weights += keptWeights(crossAttentionOf(layersOf(model, Side::encoder).front()), slots, longest.tokens);
    for (const LayerConfig& layer : layersOf(model, Side::decoder)) {
        const int own = twoSides ? longest.targetTokens : longest.tokens;
        weights += keptWeights(layer, own, own);
        if (twoSides) weights += keptWeights(crossAttentionOf(layer), own, slots > 0 ? slots : longest.tokens);
    }
    return weights;
}

/// What the data of a training ask for, in bytes.
struct DataNeed {
    double sequences = 0;  ///< of the length they have
    double batches = 0;
    double order = 0;

    double total() const { return sequences + batches + order; }
};

DataNeed dataNeed(const LoadedTask& task) {
    const Experiment& e = task.experiment;
    const Lengths longest = longestOf(task);
    const double length = longest.tokens + longest.targetTokens;
    constexpr double copiesOfABatch = 3;  // samples, the batch made of them, and the next one
    DataNeed need;
    const double beyondAShard = std::max(0.0, length - rowsPerShard);
    const double vectors = e.model.readsVectors() ? double{1} * longest.tokens * *e.model.input_dim : 0;
    const double values = e.model.answersNumbers() ? double{1} * longest.tokens * *e.model.num_classes : 0;
    const double numbersOfASample =
        vectors + values + (longest.targetTokens > 0 ? longest.tokens + 2.0 * longest.targetTokens : 2.0 * longest.tokens);
    const double slots = shardSequences(static_cast<int>(length)) * floatsOfSlots(e.model);
    need.sequences = sizeof(float) * (beyondAShard * floatsPerRow(e.model) + attentionWeights(e.model, longest) + slots);
    need.batches = copiesOfABatch * sizeof(int) * e.training.batch_size * numbersOfASample;
    if (e.training.shuffle && !task.dataset->drawsBlocks()) need.order = sizeof(int) * static_cast<double>(task.dataset->trainSize());
    return need;
}

Message gigabytes(double bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", bytes / 1e9);
    return Message(LAB_TEXT("training", "%1 GB")).arg(text);
}

Message byteText(double bytes) {
    if (bytes >= 1e9) return gigabytes(bytes);
    char text[32];
    std::snprintf(text, sizeof text, bytes >= 1e7 ? "%.0f" : "%.1f", bytes / 1e6);
    return Message(LAB_TEXT("training", "%1 MB")).arg(text);
}

/// What is read without an answer in between takes minutes at most.
void requireTime(const LoadedTask& task) {
    constexpr double mostTokensAtAStretch = 1 << 30;
    const auto check = [&](const char* key, const SourceText& problem, int samples, Sample (Dataset::*sample)(int) const) {
        if (samples == 0) return;
        const Sample first = (*task.dataset.*sample)(0);
        const double length = static_cast<double>(first.tokens.size() + first.targetTokens.size());
        if (samples * length <= mostTokensAtAStretch) return;
        throw InputError(key, Message(problem).count(samples).arg(samples * length).arg(mostTokensAtAStretch));
    };
    check("task.validation_size",
          LAB_PLURAL("training", "every validation on %n sequence(s) would read %1 tokens without a pause; at most %2 are read"),
          task.dataset->validationSize(), &Dataset::validationSample);
    check("task.test_size", LAB_PLURAL("training", "the test on %n sequence(s) would read %1 tokens without a pause; at most %2 are read"),
          task.dataset->testSize(), &Dataset::testSample);
}

/// Sentences are there to be looked at: a model that is asked for nothing has nothing to learn by them, and they are few.
void requireSentencesToLearn(const LoadedTask& task) {
    if (task.experiment.task.kind->source != TaskSource::sentences) return;
    bool asked = false;
    for (int i = 0; i < task.dataset->trainSize() && !asked; ++i)
        asked = std::ranges::any_of(task.dataset->trainSample(i).targets, [](int target) { return target >= 0; });
    if (!asked)
        throw InputError("task.kind",
                         LAB_TEXT("training", "sentences ask nothing of this model, so there is nothing to train; use another task"));
    const TrainingConfig& training = task.experiment.training;
    if (training.shuffle && training.batch_size > task.dataset->trainSize())
        throw InputError("training.batch_size",
                         Message(LAB_PLURAL("training", "%1 is larger than the %n sentence(s); an epoch then has no whole batch"))
                             .arg(training.batch_size)
                             .count(task.dataset->trainSize()));
}

/// Rows of the token table and of the projection to the classes, as a share of all weights.
double vocabularyShare(const ModelConfig& model) {
    if (model.readsVectors()) return 0;
    const double rows = double{1} * *model.vocab_size + (model.output.tied ? 0 : *model.num_classes);
    return rows * model.d_model / static_cast<double>(Model(model).layout().parameterCount());
}

/// The greatest part of the need, by the key that asks for it.
[[noreturn]] void refuse(const LoadedTask& task, double model, const DataNeed& data, double available) {
    const Experiment& e = task.experiment;
    const auto say = [available](const char* key, const SourceText& problem, std::int64_t count, double bytes) {
        throw InputError(key, Message(problem).count(count).arg(gigabytes(bytes)).arg(gigabytes(available)));
    };
    const double needed = model + data.total();
    const bool ofModel = model >= std::max({data.sequences, data.batches, data.order});
    if (ofModel && vocabularyShare(e.model) > 0.5)
        say("model.vocab_size",
            LAB_PLURAL("training", "a vocabulary of %n token(s) takes at least %1 of memory to train, but this computer has %2 left"),
            *e.model.vocab_size, needed);
    if (ofModel)
        say("model",
            LAB_PLURAL("training",
                       "training its %n parameter(s) takes at least %1 of memory, but this computer has %2 "
                       "left; use a smaller d_model, d_ff or num_layers"),
            static_cast<std::int64_t>(Model(e.model).layout().parameterCount()), needed);
    if (data.sequences >= std::max(data.batches, data.order))
        say("task.seq_len",
            LAB_PLURAL("training",
                       "training on sequences of %n token(s) takes at least %1 of memory, but this computer has %2 "
                       "left; use shorter ones, or fewer heads and layers"),
            longestOf(task).tokens, needed);
    if (data.batches >= data.order)
        say("training.batch_size",
            LAB_PLURAL("training", "a batch of %n sequence(s) of this length takes at least %1 of memory, but this computer has %2 left"),
            e.training.batch_size, needed);
    say("task.train_size", LAB_PLURAL("training", "shuffling %n sample(s) takes at least %1 of memory, but this computer has %2 left"),
        task.dataset->trainSize(), needed);
    std::abort();
}

}  // namespace

namespace {

/// Numbers of what an optimizer moves, and of the scratch that it takes.
struct Trained {
    double numbers = 0;
    double scratch = 0;
};

Trained trainedOf(const ParameterLayout& layout, const TrainingConfig& training) {
    const UpdateRule& rule = *training.optimizer.kind;
    if (!training.adapters.any()) return {static_cast<double>(layout.flatSize()), static_cast<double>(updateScratch(rule, layout))};
    Trained trained;
    for (const std::size_t index : adaptedMatrices(layout, training.adapters)) {
        const std::vector<int>& shape = layout.parameters()[index].shape;
        trained.numbers += double{1} * training.adapters.rank * (shape[0] + shape[1]);
        trained.scratch = std::max(trained.scratch, double{1} * training.adapters.rank * std::max(shape[0], shape[1]));
    }
    return trained;
}

}  // namespace

TrainingMemory trainingMemory(const Experiment& experiment) {
    const Model model(experiment.model);  // a table of names and shapes: no weights yet
    const double vector = sizeof(float) * static_cast<double>(model.layout().flatSize());
    const UpdateRule& rule = *experiment.training.optimizer.kind;
    const Trained trained = trainedOf(model.layout(), experiment.training);
    const bool adapts = experiment.training.adapters.any();
    const int weights = 1 + 1 + 1 + copiesOutside;  // its own, transposed, of a few steps ago; with adapters: what they are added to
    const int gradients = 1 + groupBuffers(experiment.training.batch_size);
    const double ofTrained = sizeof(float) * trained.numbers, ofAdapters = adapts ? 2 * ofTrained : 0;
    return {vector * weights + ofAdapters, ofTrained * 2 * rule.moments, ofTrained * gradients + sizeof(float) * trained.scratch,
            sizeof(float) * rowsPerShard * floatsPerRow(experiment.model)};
}

Message memoryLine(const TrainingMemory& memory) {
    constexpr double bound = 1e9;
    const SourceText line = memory.total() <= bound ? LAB_TEXT("training", "%1 to train beside its data: within 1 GB")
                                                    : LAB_TEXT("training", "%1 to train beside its data: more than 1 GB");
    return Message(line).arg(byteText(memory.total()));
}

Message memoryParts(const TrainingMemory& memory) {
    return Message(LAB_TEXT("training", "Memory to train: weights and their copies %1, moments %2, gradients %3, activations %4."))
        .arg(byteText(memory.weights))
        .arg(byteText(memory.moments))
        .arg(byteText(memory.gradients))
        .arg(byteText(memory.activations));
}

double trainingBytes(const Experiment& experiment) {
    return trainingMemory(experiment).total();
}

double stateBytes(const Experiment& experiment) {
    const auto vectors = StateBefore::vectorsOf(*experiment.training.optimizer.kind);
    const ParameterLayout layout = Model(experiment.model).layout();
    const double all = static_cast<double>(layout.flatSize());
    if (!experiment.training.adapters.any()) return sizeof(float) * all * vectors;
    return sizeof(float) * (2 * all + trainedOf(layout, experiment.training).numbers * vectors);
}

double trainingBytes(const LoadedTask& task) {
    return trainingBytes(task.experiment) + dataNeed(task).total();
}

void requireTrainable(const LoadedTask& task, double besides) {
    requireSentencesToLearn(task);
    if (const TrainingConfig& training = task.experiment.training; training.adapters.any())
        adaptedMatrices(Model(task.experiment.model).layout(), training.adapters);
    else
        frozenParameters(Model(task.experiment.model).layout(), training.frozen);
    if (const auto available = availableMemory()) {
        const double left = std::max(0.0, static_cast<double>(*available) - besides);
        const double model = trainingBytes(task.experiment);
        const DataNeed data = dataNeed(task);
        if (model + data.total() > left) refuse(task, model, data, left);
    }
    requireTime(task);  // last: sequences that are too long are the greater trouble
}

}  // namespace lab
