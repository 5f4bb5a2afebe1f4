#include "core/pretrained/pretrained_model.h"

#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/validation.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "core/data/tokenizers/pipeline/tokenizer_files.h"
#include "core/pretrained/conversion.h"
#include "core/pretrained/gguf_model.h"
#include "core/pretrained/model_files.h"
#include "core/tasks/model_tokens.h"

namespace lab {
namespace {

constexpr int learnedAtOnce = 64;      // tokens of a text that it is trained on further
constexpr double readFromWatch = 0.1;  // what of the work comes before the weights

/// What is read before the weights are.
struct Parts {
    ConfigReader config;
    StoredTensors tensors;
    std::string tokenizer;  ///< a tokenizer.json
    std::filesystem::path folder;
    std::string name;
};

std::string nameOf(const std::filesystem::path& path) {
    const std::filesystem::path whole = std::filesystem::absolute(path).lexically_normal();
    return utf8Text(whole.has_filename() ? whole.filename() : whole.parent_path().filename());
}

Parts partsOfFolder(const std::filesystem::path& folder) {
    const std::filesystem::path config = folder / "config.json";
    ConfigReader reader = ConfigReader::parsed(readFile(config), utf8Text(config));
    return {std::move(reader), tensorsIn(folder), readTokenizer(folder), folder, nameOf(folder)};
}

Parts partsOfGguf(const std::filesystem::path& path) {
    GgufModel gguf = readGguf(path);
    return {std::move(gguf.config), std::move(gguf.tensors), std::move(gguf.tokenizer), {}, utf8Text(path.stem())};
}

const Family& familyOf(const ConfigReader& config) {
    const std::string type = config.text("model_type", "");
    if (type.empty()) config.refuse("model_type", LAB_TEXT("pretrained", "this key is missing"));
    const Family* family = findFamily(type);
    std::vector<std::string> known;
    for (const Family* row : Family::table()) known.emplace_back(row->name);
    if (!family)
        config.refuse(
            "model_type",
            Message(LAB_TEXT("pretrained", "%1 is a family that this program does not know; it reads %2")).arg(type).arg(together(known)));
    if (config.has("quantization_config"))
        config.refuse("quantization_config",
                      LAB_TEXT("pretrained", "its weights are quantised; this program reads those as they were before, or .gguf"));
    return *family;
}

/// Before anything is made by these numbers: a file holds about as many as they ask for.
void requireNumbers(const ModelConfig& model, const StoredTensors& tensors, const ConfigReader& config) {
    constexpr int widestHead = 1024;
    if (model.head_dim.value_or(1) > widestHead)
        config.refuse("head_dim", Message(LAB_TEXT("pretrained", "%1 is more than %2")).arg(*model.head_dim).arg(widestHead));
    const double d = model.d_model, heads = model.num_heads, width = model.headDim(),
                 layers = specOf(model.depth.kind).tied ? 1 : model.num_layers;
    const double asked = *model.vocab_size * static_cast<double>(model.embedding_dim.value_or(model.d_model)) +
                         layers * (2 * heads * width * d + 2 * d * model.d_ff.value_or(0));
    double stored = 0;
    for (const StoredTensor& tensor : tensors.all()) stored += static_cast<double>(tensor.count());
    constexpr double absurd = 16;  // what is a little too much is missing by its name
    if (asked > absurd * stored || layers > static_cast<double>(tensors.all().size()))
        throw InputError(
            config.file(),
            Message(LAB_TEXT("pretrained", "its sizes ask for %1 numbers at least, but the files hold %2")).arg(asked).arg(stored));
}

/// The token behind which the next segment begins.
int endOfSegment(const SpecialIds& special, const PieceTokenizer& tokenizer) {
    if (special.sep) return *special.sep;
    const std::vector<int> frame = tokenizer.pipeline().framed({});
    return frame.empty() ? special.pad.value_or(0) : frame.back();
}

/// What training the weights further begins with: a rate that leaves them what they are (Devlin et al. 2019, A.3), and few sequences at
/// once, since a step of one of these models is long.
TrainingConfig fineTuning() {
    TrainingConfig training;
    training.batch_size = 8;
    training.steps = 200;
    training.optimizer.learning_rate = 5e-5;
    return training;
}

Experiment experimentOf(const Parts& parts, const Family& family, const PieceTokenizer& tokenizer, const SpecialIds& special) {
    Experiment experiment;
    experiment.name = parts.name;
    experiment.task.kind = "sentences";
    experiment.task.text.tokenizer = modelTokens;
    experiment.training = fineTuning();
    experiment.model = family.model(parts.config, parts.tensors);
    requireNumbers(experiment.model, parts.tensors, parts.config);
    ModelConfig& model = experiment.model;
    if (model.segments > 1) model.segment_end = endOfSegment(special, tokenizer);
    experiment.task.seq_len = std::min(learnedAtOnce, model.max_seq_len.value_or(learnedAtOnce));
    const bool projects = specOf(model.output.kind).projects;
    model.num_classes = projects ? *model.vocab_size : model.d_model;
    model.output.loss = projects ? LossKind::cross_entropy : LossKind::squared;
    try {
        validate(experiment);
        experiment = resolved(std::move(experiment));
        validate(experiment);
    } catch (const InputError& error) {
        throw InputError(parts.config.file(), error.message());
    }
    return experiment;
}

void requireVocabulary(const PieceTokenizer& tokenizer, const Parts& parts, int vocabulary) {
    for (const int id : tokenizer.pipeline().framed({}, {}))
        if (id < 0 || id >= vocabulary)
            throw InputError(
                parts.tensors.place(),
                Message(LAB_TEXT("pretrained", "its tokenizer frames texts with token %1, which the model does not have")).arg(id));
    if (tokenizer.symbols() <= vocabulary) return;
    throw InputError(parts.config.file(),
                     Message(LAB_TEXT("pretrained", "the model has %1 rows for tokens, but its tokenizer has %2 pieces"))
                         .arg(vocabulary)
                         .arg(tokenizer.symbols()));
}

}  // namespace

PretrainedModel openPretrained(const std::filesystem::path& path, const Watch& watch) {
    const ModelFiles files = modelFilesAt(path);
    Parts parts = files.gguf.empty() ? partsOfFolder(files.folder) : partsOfGguf(files.gguf);
    PretrainedModel opened;
    opened.family = &familyOf(parts.config);
    const Family& family = *opened.family;
    parts.tensors.rename([&family](std::string_view name) { return plainName(family, name); });
    const PieceTokenizer tokenizer(parts.tokenizer, parts.tensors.place());
    opened.special = specialIds(parts.config, tokenizer, parts.folder);
    opened.experiment = experimentOf(parts, family, tokenizer, opened.special);
    requireVocabulary(tokenizer, parts, *opened.experiment.model.vocab_size);
    opened.tokenizer = tokenizer.kept();
    tellWatch(watch, readFromWatch, parts.tensors.place());
    opened.model = std::make_shared<const Model>(opened.experiment.model);
    NameTable names(opened.model->layout(), parts.tensors);
    family.names(opened.experiment.model, names);
    opened.weights = convertedWeights(names, family.ignored, partOfWatch(watch, readFromWatch, 1), opened.notes);
    return opened;
}

}  // namespace lab
