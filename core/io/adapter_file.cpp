#include "core/io/adapter_file.h"

#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/experiment_json.h"
#include "core/config/json_check.h"
#include "core/config/validation.h"
#include "core/io/checkpoint.h"
#include "core/optimizers/adapter_merge.h"
#include "core/text/sha256.h"

namespace lab {
namespace {

using OrderedJson = nlohmann::ordered_json;

const std::string ofAdapters = "adapters.";

[[noreturn]] void refuseNote(const AdapterFile& file, Message problem) {
    throw InputError(located(file.file, Message(LAB_TEXT("io", "metadata %1")).arg(adaptersKey)), std::move(problem));
}

std::string textAt(const AdapterFile& file, const nlohmann::json& json, const char* key) {
    if (!json.contains(key) || !json[key].is_string()) refuseNote(file, Message(LAB_TEXT("io", "%1 is no text")).arg(key));
    return json[key].get<std::string>();
}

void readNote(AdapterFile& file, const std::string& text) {
    try {
        requireJson(text);
        const auto json = nlohmann::json::parse(text);
        if (!json.is_object() || !json.contains("experiment")) refuseNote(file, Message(LAB_TEXT("io", "%1 is missing")).arg("experiment"));
        file.experiment = resolved(parseExperiment(json["experiment"].dump()));
        validate(file.experiment);
        file.origin = textAt(file, json, "origin");
        file.originHash = textAt(file, json, "origin_sha256");
        if (json.contains("step") && json["step"].is_number_unsigned()) file.step = json["step"].get<std::int64_t>();
    } catch (const InputError& error) {
        throw InputError(file.file, error.message());
    }
    if (!file.experiment.training.adapters.any()) refuseNote(file, LAB_TEXT("io", "training.adapters.rank is 0, which no adapters have"));
}

/// The model's matrices of which the file has adapters.
std::vector<std::size_t> adaptedIn(const AdapterFile& file, const ParameterLayout& layout) {
    std::vector<std::size_t> matrices;
    std::set<std::string> known;
    for (std::size_t i = 0; i < layout.parameters().size(); ++i) {
        const Parameter& p = layout.parameters()[i];
        const std::string name = ofAdapters + p.name;
        if (p.shape.size() != 2 || !file.tensors.find(name + ".a")) continue;
        matrices.push_back(i);
        known.insert({name + ".a", name + ".b"});
    }
    for (const NamedTensors::Entry& entry : file.tensors.entries())
        if (!known.contains(entry.name))
            throw InputError(file.file, Message(LAB_TEXT("io", "tensor %1 is none of the model's")).arg(entry.name));
    if (matrices.empty()) throw InputError(file.file, LAB_TEXT("io", "there are no adapters in it"));
    return matrices;
}

}  // namespace

std::string hashOf(const ParameterLayout& layout, const Weights& weights) {
    Sha256 hash;
    for (const Parameter& p : layout.parameters()) hash.add({reinterpret_cast<const char*>(at(weights, p)), p.size * sizeof(float)});
    return hash.hex();
}

void writeAdapters(const std::filesystem::path& path, const Experiment& experiment, const ParameterLayout& layout,
                   const TrainingState& state, const std::string& origin) {
    if (!state.hasAdapters())
        throw InputError(LAB_TEXT("io", "This training has no adapters (training.adapters.rank): all its weights are its own."));
    const OrderedJson note = {{"origin", origin},
                              {"origin_sha256", hashOf(layout, state.base->weights)},
                              {"step", state.step},
                              {"experiment", OrderedJson::parse(writeExperiment(resolved(experiment)))}};
    NamedTensors tensors;
    addTensors(tensors, state.base->layout, state.adapters, ofAdapters);
    writeSafetensors(path, tensors, {{adaptersKey, note.dump()}});
}

AdapterFile readAdapters(const std::filesystem::path& path) {
    AdapterFile adapters;
    adapters.file = utf8Text(path);
    TensorFile file = readSafetensors(path);
    const auto note = file.metadata.find(adaptersKey);
    if (note == file.metadata.end())
        throw InputError(adapters.file, Message(LAB_TEXT("io", "is no file of adapters: its metadata has no %1")).arg(adaptersKey));
    readNote(adapters, note->second);
    adapters.tensors = std::move(file.tensors);
    return adapters;
}

Weights mergedWith(const AdapterFile& file, const ParameterLayout& layout, Weights origin) {
    if (hashOf(layout, origin) != file.originHash)
        throw InputError(file.file, Message(LAB_TEXT("io",
                                                     "these adapters were trained on other weights, those of %1 (SHA-256 %2): added to "
                                                     "any others they mean nothing"))
                                        .arg(file.origin)
                                        .arg(file.originHash.substr(0, 12)));
    const AdaptersConfig& config = file.experiment.training.adapters;
    const AdapterBase base(layout, adaptedIn(file, layout), config.rank, config.factor(), std::move(origin));
    NamedTensors own;
    for (const NamedTensors::Entry& entry : file.tensors.entries()) own.set(entry.name.substr(ofAdapters.size()), entry.tensor);
    return mergedWeights(base, weightsOf(own, base.layout, file.file));
}

Experiment afterMerging(Experiment experiment) {
    experiment.training.adapters.rank = 0;
    return experiment;
}

}  // namespace lab
