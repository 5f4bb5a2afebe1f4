#include "core/io/checkpoint.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <unordered_set>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/experiment_json.h"
#include "core/config/json_check.h"
#include "core/config/validation.h"
#include "core/io/adapter_file.h"
#include "core/io/quantised_checkpoint.h"
#include "core/io/tensor_types.h"

namespace lab {
namespace {

using Json = nlohmann::json;

constexpr const char* experimentKey = "attention_lab.experiment";
constexpr const char* vocabularyKey = "attention_lab.vocabulary";
constexpr const char* tokenizerKey = "attention_lab.tokenizer";
const std::string optimizerPrefix = "optimizer.";
const std::string firstPrefix = "optimizer.first_moment.";
const std::string secondPrefix = "optimizer.second_moment.";
const std::string adaptersPrefix = "adapters.";
const std::string basePrefix = "adapters.base.";

Message metadataPlace(const CheckpointFile& checkpoint, const char* key) {
    return located(checkpoint.file, Message(LAB_TEXT("io", "metadata %1")).arg(key));
}

Json parsedMetadata(const CheckpointFile& checkpoint, const char* key) {
    const std::string& text = checkpoint.metadata.at(key);
    try {
        requireJson(text);
    } catch (const InputError& error) {
        throw InputError(metadataPlace(checkpoint, key), error.message());
    }
    return Json::parse(text);
}

void requireExperiment(const Metadata& metadata, const std::string& file) {
    if (metadata.contains(adaptersKey))
        throw InputError(file,
                         LAB_TEXT("io",
                                  "holds adapters alone; attention-lab adapters FILE --onto MODEL --out MERGED adds them to the model that "
                                  "they were trained on"));
    if (!metadata.contains(experimentKey))
        throw InputError(file, Message(LAB_TEXT("io", "is no checkpoint of this program: its metadata has no %1")).arg(experimentKey));
}

void readExperiment(CheckpointFile& checkpoint) {
    requireExperiment(checkpoint.metadata, checkpoint.file);
    try {
        checkpoint.experiment = resolved(parseExperiment(checkpoint.metadata.at(experimentKey)));
        validate(checkpoint.experiment);
        const ModelConfig& model = checkpoint.experiment.model;
        if (!model.vocab_size || !model.num_classes || !model.max_seq_len) {
            throw InputError(LAB_TEXT("io", "model.vocab_size, num_classes and max_seq_len must be given in a checkpoint of pairs"));
        }
    } catch (const InputError& error) {
        throw InputError(metadataPlace(checkpoint, experimentKey), error.message());
    }
}

void readState(CheckpointFile& checkpoint) {
    if (!checkpoint.metadata.contains(stateKey)) return;
    const Json json = parsedMetadata(checkpoint, stateKey);
    const bool sound = json.is_object() && json.contains("step") && json["step"].is_number_unsigned() &&
                       json["step"].get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<int>::max());
    if (!sound)
        throw InputError(metadataPlace(checkpoint, stateKey), Message(LAB_TEXT("io", "expected %1 with N from 0")).arg("{\"step\": N}"));
    checkpoint.step = json["step"].get<std::int64_t>();
    if (json.contains("best")) checkpoint.best = bestOf(json["best"].dump(), metadataPlace(checkpoint, stateKey));
}

void readVocabulary(CheckpointFile& checkpoint) {
    if (!checkpoint.metadata.contains(vocabularyKey)) return;
    const Json json = parsedMetadata(checkpoint, vocabularyKey);
    const Message place = metadataPlace(checkpoint, vocabularyKey);
    if (!json.is_array()) throw InputError(place, LAB_TEXT("io", "expected a list of words"));
    std::set<std::string> known;
    for (const Json& word : json) {
        if (!word.is_string())
            throw InputError(place, Message(LAB_TEXT("io", "entry %1 is no word")).arg(checkpoint.tokenizer.words.size()));
        const auto text = word.get<std::string>();
        const std::size_t entry = checkpoint.tokenizer.words.size();
        if (text.empty() || text.find_first_of(" \t\r\n") != std::string::npos)
            throw InputError(
                place,
                Message(LAB_TEXT("io", "entry %1, \"%2\", is no word: words are not empty and have no blanks")).arg(entry).arg(text));
        if (!known.insert(text).second)
            throw InputError(place, Message(LAB_TEXT("io", "\"%1\" is given twice, the second time as entry %2")).arg(text).arg(entry));
        checkpoint.tokenizer.words.push_back(text);
    }
    const ModelConfig& model = checkpoint.experiment.model;  // words are tokens, or where tokens are vectors the classes
    const int most = model.readsVectors() ? *model.num_classes : *model.vocab_size;
    if (static_cast<int>(checkpoint.tokenizer.words.size()) > most) {
        const SourceText problem = model.readsVectors() ? LAB_PLURAL("io", "%n word(s) do not fit model.num_classes %1")
                                                        : LAB_PLURAL("io", "%n word(s) do not fit model.vocab_size %1");
        throw InputError(place, Message(problem).count(std::ssize(checkpoint.tokenizer.words)).arg(most));
    }
}

/// The tensor of a parameter, sound in shape and values.
const Tensor& requireTensor(const NamedTensors& tensors, const std::string& name, const Parameter& parameter, const std::string& file) {
    const Tensor* tensor = tensors.find(name);
    if (!tensor) throw InputError(file, Message(LAB_TEXT("io", "tensor %1 is missing")).arg(name));
    const std::vector<std::int64_t> shape(parameter.shape.begin(), parameter.shape.end());
    if (tensor->shape != shape) {
        throw InputError(file, Message(LAB_TEXT("io", "tensor %1 has the shape %2, but the model needs %3"))
                                   .arg(name)
                                   .arg(shapeText(tensor->shape))
                                   .arg(shapeText(shape)));
    }
    requireFinite(*tensor, name, Message::verbatim(file));
    return *tensor;
}

/// Copies the tensors prefix + NAME of every parameter into one flat vector, which is made only when all are there: a small file that
/// describes a huge model costs no memory.
Weights collect(const NamedTensors& tensors, const ParameterLayout& layout, const std::string& file, const std::string& prefix) {
    std::vector<const Tensor*> found;
    for (const Parameter& parameter : layout.parameters())
        found.push_back(&requireTensor(tensors, prefix + parameter.name, parameter, file));
    Weights weights(layout.flatSize(), 0.0f);
    for (std::size_t i = 0; i < found.size(); ++i) std::ranges::copy(found[i]->values, at(weights, layout.parameters()[i]));
    return weights;
}

using Names = std::unordered_set<std::string_view>;

Names namesOf(const ParameterLayout& layout) {
    Names names;
    for (const Parameter& parameter : layout.parameters()) names.insert(parameter.name);
    return names;
}

/// A moment is there as a whole or not at all.
Weights collectMoment(const CheckpointFile& checkpoint, const ParameterLayout& layout, const std::string& prefix) {
    const bool any =
        std::ranges::any_of(checkpoint.tensors.entries(), [&](const NamedTensors::Entry& entry) { return entry.name.starts_with(prefix); });
    return any ? collect(checkpoint.tensors, layout, checkpoint.file, prefix) : Weights();
}

/// The model's matrices of which the file has adapters.
std::vector<std::size_t> adaptedIn(const NamedTensors& tensors, const ParameterLayout& layout) {
    std::vector<std::size_t> matrices;
    for (std::size_t i = 0; i < layout.parameters().size(); ++i) {
        const Parameter& p = layout.parameters()[i];
        if (p.shape.size() == 2 && tensors.find(adaptersPrefix + p.name + ".a")) matrices.push_back(i);
    }
    return matrices;
}

/// What the adapters are added to: the weights, with the matrices that the file has apart.
Weights baseOf(const CheckpointFile& checkpoint, const ParameterLayout& layout, const std::vector<std::size_t>& matrices, Weights weights) {
    for (const std::size_t index : matrices) {
        const Parameter& p = layout.parameters()[index];
        std::ranges::copy(requireTensor(checkpoint.tensors, basePrefix + p.name, p, checkpoint.file).values, at(weights, p));
    }
    return weights;
}

void requireNoOtherAdapters(const CheckpointFile& checkpoint, const AdapterBase* base) {
    std::set<std::string> known;
    for (std::size_t m = 0; base && m < base->matrices.size(); ++m)
        known.insert({adaptersPrefix + base->a(m).name, adaptersPrefix + base->b(m).name, basePrefix + base->nameOf(m)});
    for (const NamedTensors::Entry& entry : checkpoint.tensors.entries())
        if (entry.name.starts_with(adaptersPrefix) && !known.contains(entry.name))
            throw InputError(checkpoint.file, Message(LAB_TEXT("io", "tensor %1 belongs to no parameter of the model")).arg(entry.name));
}

/// Into a state whose weights are there.
void collectAdapters(const CheckpointFile& checkpoint, const ParameterLayout& layout, TrainingState& state) {
    const AdaptersConfig& config = checkpoint.experiment.training.adapters;
    const std::vector<std::size_t> matrices = config.any() ? adaptedIn(checkpoint.tensors, layout) : std::vector<std::size_t>();
    if (!matrices.empty()) {
        state.base = std::make_shared<const AdapterBase>(layout, matrices, config.rank, config.factor(),
                                                         baseOf(checkpoint, layout, matrices, state.weights));
        state.adapters = collect(checkpoint.tensors, state.base->layout, checkpoint.file, adaptersPrefix);
    }
    requireNoOtherAdapters(checkpoint, state.base.get());
}

void requireMomentsOfParameters(const CheckpointFile& checkpoint, const ParameterLayout& layout) {
    const Names names = namesOf(layout);
    for (const NamedTensors::Entry& entry : checkpoint.tensors.entries()) {
        if (!entry.name.starts_with(optimizerPrefix)) continue;
        const std::string* prefix = entry.name.starts_with(firstPrefix)    ? &firstPrefix
                                    : entry.name.starts_with(secondPrefix) ? &secondPrefix
                                                                           : nullptr;
        if (prefix && names.contains(std::string_view(entry.name).substr(prefix->size()))) continue;
        throw InputError(checkpoint.file, Message(LAB_TEXT("io", "tensor %1 belongs to no parameter of the model")).arg(entry.name));
    }
}

}  // namespace

std::string bestText(const BestValidation& best) {
    return Json{{"loss", best.loss}, {"step", best.step}, {"since", best.since}}.dump();
}

BestValidation bestOf(const std::string& text, const Message& place) {
    const auto counts = [](const Json& json, const char* key) {
        return json.contains(key) && json[key].is_number_unsigned() &&
               json[key].get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<int>::max());
    };
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("loss") || !json["loss"].is_number() || !counts(json, "step") || !counts(json, "since"))
        throw InputError(place, Message(LAB_TEXT("io", "expected %1 with numbers")).arg("{\"loss\": L, \"step\": N, \"since\": N}"));
    return {json["loss"].get<double>(), json["step"].get<std::int64_t>(), json["since"].get<int>()};
}

Metadata checkpointMetadata(const Experiment& experiment, const KeptTokenizer& tokenizer, Metadata metadata) {
    metadata[experimentKey] = writeExperiment(resolved(experiment));
    if (!tokenizer.words.empty()) metadata[vocabularyKey] = Json(tokenizer.words).dump();
    if (!tokenizer.pipeline.empty()) metadata[tokenizerKey] = tokenizer.pipeline;
    return metadata;
}

CheckpointFile readCheckpoint(const std::filesystem::path& path, const Watch& watch) {
    CheckpointFile checkpoint;
    checkpoint.file = utf8Text(path);
    // A file of another program is told by its header: its data, which may be large, are not read.
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) requireExperiment(readSafetensorsMetadata(path), checkpoint.file);
    TensorFile file = readSafetensors(path, watch);
    checkpoint.tensors = std::move(file.tensors);
    checkpoint.metadata = std::move(file.metadata);
    readCheckpointMetadata(checkpoint);
    return checkpoint;
}

void readCheckpointMetadata(CheckpointFile& checkpoint) {
    readExperiment(checkpoint);
    readState(checkpoint);
    readVocabulary(checkpoint);
    if (const auto kept = checkpoint.metadata.find(tokenizerKey); kept != checkpoint.metadata.end())
        checkpoint.tokenizer.pipeline = kept->second;
    quantisationOf(checkpoint.metadata, checkpoint.file);  // refuses what is not sound before any weight is asked for
}

Weights weightsOf(const CheckpointFile& checkpoint, const ParameterLayout& layout) {
    const auto note = quantisationOf(checkpoint.metadata, checkpoint.file);
    if (!note) return weightsOf(checkpoint.tensors, layout, checkpoint.file);
    return weightsOf(unpackedTensors(checkpoint.tensors, layout, *note->scheme, checkpoint.file), layout, checkpoint.file);
}

Weights weightsOf(const NamedTensors& tensors, const ParameterLayout& layout, const std::string& file) {
    Weights weights = collect(tensors, layout, file, {});
    const Names names = namesOf(layout);
    for (const NamedTensors::Entry& entry : tensors.entries()) {
        if (entry.name.starts_with(optimizerPrefix) || entry.name.starts_with(adaptersPrefix) || isSessionTensor(entry.name) ||
            names.contains(entry.name))
            continue;
        throw InputError(file, Message(LAB_TEXT("io", "tensor %1 is none of the model's")).arg(entry.name));
    }
    return weights;
}

TrainingState trainingStateOf(const CheckpointFile& checkpoint, const ParameterLayout& layout, const UpdateRule& rule) {
    if (quantisationOf(checkpoint.metadata, checkpoint.file))
        throw InputError(checkpoint.file,
                         LAB_TEXT("io", "is quantised and no training state: a new training can begin with its weights (--init)"));
    if (!checkpoint.isState()) {
        throw InputError(checkpoint.file, Message(LAB_TEXT("io", "is no training state: its metadata has no %1")).arg(stateKey));
    }
    TrainingState state{weightsOf(checkpoint, layout), {}, {}, *checkpoint.step, checkpoint.best};
    collectAdapters(checkpoint, layout, state);
    const ParameterLayout& trained = state.hasAdapters() ? state.base->layout : layout;
    requireMomentsOfParameters(checkpoint, trained);
    state.firstMoment = collectMoment(checkpoint, trained, firstPrefix);
    if (rule.moments > 1) state.secondMoment = collectMoment(checkpoint, trained, secondPrefix);
    if (!hasMomentsOf(state, rule))
        throw InputError(checkpoint.file, located("training.optimizer.kind", LAB_TEXT("io", "the state was saved by another optimizer")));
    return state;
}

void addTensors(NamedTensors& tensors, const ParameterLayout& layout, const Weights& weights, const std::string& prefix) {
    assert(weights.size() == layout.flatSize());
    for (const Parameter& parameter : layout.parameters()) {
        const float* first = at(weights, parameter);
        tensors.set(prefix + parameter.name, Tensor{{parameter.shape.begin(), parameter.shape.end()}, {first, first + parameter.size}});
    }
}

namespace {

/// What the file of a state has beside its weights.
void addTrained(NamedTensors& tensors, const ParameterLayout& layout, const TrainingState& state) {
    const ParameterLayout& trained = state.hasAdapters() ? state.base->layout : layout;
    if (!state.firstMoment.empty()) addTensors(tensors, trained, state.firstMoment, firstPrefix);
    if (!state.secondMoment.empty()) addTensors(tensors, trained, state.secondMoment, secondPrefix);
    if (!state.hasAdapters()) return;
    addTensors(tensors, trained, state.adapters, adaptersPrefix);
    for (const std::size_t index : state.base->matrices) {
        const Parameter& p = layout.parameters()[index];
        const float* first = at(state.base->weights, p);
        tensors.set(basePrefix + p.name, Tensor{{p.shape.begin(), p.shape.end()}, {first, first + p.size}});
    }
}

}  // namespace

void writeCheckpoint(const std::filesystem::path& path, const Experiment& experiment, const KeptTokenizer& tokenizer,
                     const ParameterLayout& layout, const Weights& weights) {
    NamedTensors tensors;
    addTensors(tensors, layout, weights);
    writeSafetensors(path, tensors, checkpointMetadata(experiment, tokenizer, {}));
}

void writeCheckpoint(const std::filesystem::path& path, const Experiment& experiment, const KeptTokenizer& tokenizer,
                     const ParameterLayout& layout, const TrainingState& state, const Metadata& extra,
                     const std::vector<ScatteredTensor>& more) {
    NamedTensors tensors;
    addTensors(tensors, layout, state.weights);
    addTrained(tensors, layout, state);
    Metadata metadata = checkpointMetadata(experiment, tokenizer, extra);
    Json json{{"step", state.step}};
    if (state.best.any()) json["best"] = Json::parse(bestText(state.best));
    metadata[stateKey] = json.dump();
    writeSafetensors(path, tensors, metadata, more);
}

}  // namespace lab
