#include "core/io/text_experiment.h"

#include "core/base/files.h"

namespace lab {
namespace {

/// Named after the first of its files.
std::string nameOf(const std::string& paths) {
    return utf8Text(pathFromUtf8(std::string_view(paths).substr(0, paths.find(';'))).stem());
}

Experiment smallCharacterModel(std::uint64_t seed) {
    Experiment experiment;
    experiment.task.kind = "text";
    experiment.task.seq_len = 64;
    ModelConfig& model = experiment.model;
    model.architecture = Architecture::decoder;
    model.d_model = 128;
    model.num_layers = 4;
    model.num_heads = 4;
    model.position.kind = PositionKind::rope;
    model.norm = {NormKind::rms, NormPlacement::pre, 1e-5};
    model.feed_forward.activation = Activation::swiglu;
    model.bias = false;
    model.init = Initialisation::gpt2;
    model.output = {OutputKind::linear, true, false};
    TrainingConfig& training = experiment.training;
    training.seed = seed;
    training.steps = 1500;
    training.batch_size = 16;
    training.optimizer.kind = "adamw";
    training.optimizer.learning_rate = 0.003;
    training.clip_norm = 1;
    return experiment;
}

}  // namespace

Experiment experimentOnText(Experiment from, const std::string& paths, const CorpusSettings& settings) {
    const bool onText = from.task.kind->source == TaskSource::text;
    Experiment experiment = onText ? std::move(from) : smallCharacterModel(from.training.seed);
    experiment.name = nameOf(paths);
    experiment.about.clear();
    experiment.task.path = paths;
    experiment.task.validation_size.reset();
    TextConfig& text = experiment.task.text;
    text.cleaning = CleaningRules(settings.cleaning).names();
    if (*text.cleaning == defaultCleaning()) text.cleaning.reset();
    text.documents = settings.documentsAreFiles ? DocumentCut::files : DocumentCut::blank_lines;
    text.split = settings.splitTail ? TextSplit::tail : TextSplit::documents;
    text.validation_share = settings.validationShare;
    // Characters and learned pieces are other ones in another text.
    experiment.model.vocab_size.reset();
    experiment.model.num_classes.reset();
    return experiment;
}

}  // namespace lab
