#include "core/io/quantised_checkpoint.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/errors.h"
#include "core/config/experiment_json.h"
#include "core/config/json_check.h"
#include "core/config/validation.h"
#include "core/io/checkpoint.h"
#include "core/io/typed_tensors.h"
#include "core/tensor/half.h"

namespace lab {
namespace {

using Json = nlohmann::json;

constexpr const char* quantisedKey = "attention_lab.quantized";

std::vector<std::string> schemeNames() {
    std::vector<std::string> names;
    for (const QuantisationScheme& scheme : QuantisationScheme::table()) names.emplace_back(scheme.name);
    return names;
}

// ---------------------------------------------------------------------------------------------------------------------- reading

/// The tensors of one matrix.
class PackedReader {
public:
    PackedReader(const NamedTensors& tensors, const Parameter& parameter, const MatrixCode& code, const std::string& file)
        : m_tensors(tensors),
          m_parameter(parameter),
          m_code(code),
          m_file(file),
          m_rows(packedRows(parameter)),
          m_columns(packedColumns(parameter)) {}

    Tensor read() const {
        const Tensor& codes = tensor(m_parameter.name, m_code.codesPerRow(m_columns));
        PackedMatrix packed;
        packed.scales = numbers(scaleName(), true);
        if (m_code.hasMinimum) packed.minimums = numbers(minimumName(), false);
        packed.codes = bytesOf(codes);
        Tensor result{{m_parameter.shape.begin(), m_parameter.shape.end()}, std::vector<float>(m_parameter.size)};
        m_code.unpack(packed, m_rows, m_columns, result.values.data());
        return result;
    }

private:
    std::string scaleName() const { return m_parameter.name + ".scale"; }
    std::string minimumName() const { return m_parameter.name + ".minimum"; }

    const Tensor& tensor(const std::string& name, int perRow) const {
        const Tensor* found = m_tensors.find(name);
        if (!found) throw InputError(m_file, Message(LAB_TEXT("io", "tensor %1 is missing")).arg(name));
        const std::vector<std::int64_t> shape{m_rows, perRow};
        if (found->shape == shape) return *found;
        throw InputError(m_file, Message(LAB_TEXT("io", "tensor %1 has the shape %2, but this quantisation needs %3"))
                                     .arg(name)
                                     .arg(shapeText(found->shape))
                                     .arg(shapeText(shape)));
    }

    std::vector<std::uint8_t> bytesOf(const Tensor& codes) const {
        std::vector<std::uint8_t> bytes;
        bytes.reserve(codes.values.size());
        for (const float code : codes.values) {
            if (code < static_cast<float>(m_code.leastCode) || code > static_cast<float>(m_code.mostCode) || code != std::floor(code))
                throw InputError(m_file, Message(LAB_TEXT("io", "tensor %1: value %2, %3, is no integer from %4 to %5"))
                                             .arg(m_parameter.name)
                                             .arg(bytes.size())
                                             .arg(double{code})
                                             .arg(m_code.leastCode)
                                             .arg(m_code.mostCode));
            bytes.push_back(static_cast<std::uint8_t>(static_cast<int>(code)));
        }
        return bytes;
    }

    /// Scales, which are not negative, or minimums.
    std::vector<float> numbers(const std::string& name, bool areScales) const {
        const Tensor& found = tensor(name, m_code.groupsPerRow(m_columns));
        const auto bad =
            std::ranges::find_if(found.values, [&](float value) { return !std::isfinite(value) || (areScales && value < 0.0f); });
        if (bad == found.values.end()) return found.values;
        const SourceText problem = areScales ? LAB_TEXT("io", "tensor %1: value %2, %3, is no scale: it must be finite and not negative")
                                             : LAB_TEXT("io", "tensor %1: value %2, %3, is not finite");
        throw InputError(m_file, Message(problem).arg(name).arg(bad - found.values.begin()).arg(double{*bad}));
    }

    const NamedTensors& m_tensors;
    const Parameter& m_parameter;
    const MatrixCode& m_code;
    const std::string& m_file;
    int m_rows, m_columns;
};

// ---------------------------------------------------------------------------------------------------------------------- writing

template <class T>
std::string_view bytesOf(const std::vector<T>& numbers) {
    return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T)};
}

/// One parameter on its way into a file; owns what the tensors made of it point to.
struct PackedParameter {
    PackedMatrix packed;
    std::vector<std::uint16_t> halfScales, halfMinimums;
};

std::vector<std::uint16_t> halvesOf(const std::vector<float>& values) {
    std::vector<std::uint16_t> halves;
    for (const float value : values) halves.push_back(halfBelow(value));  // they are halves already
    return halves;
}

PackedParameter pack(const MatrixCode& code, const Parameter& parameter, const Weights& weights) {
    PackedParameter result{packed(code, parameter, weights), {}, {}};
    if (code.numberType != "F16") return result;
    result.halfScales = halvesOf(result.packed.scales);
    result.halfMinimums = halvesOf(result.packed.minimums);
    return result;
}

/// What a file is made of, larger numbers first.
class Tensors {
public:
    void addFloats(const Parameter& parameter, const Weights& weights) {
        add(parameter.name, "F32", {parameter.shape.begin(), parameter.shape.end()},
            {reinterpret_cast<const char*>(at(weights, parameter)), parameter.size * sizeof(float)});
    }
    void addPacked(const Parameter& parameter, const MatrixCode& code, const PackedParameter& held) {
        const std::int64_t rows = packedRows(parameter);
        const int columns = packedColumns(parameter);
        const std::vector<std::int64_t> groups{rows, code.groupsPerRow(columns)};
        add(parameter.name, code.codeType, {rows, code.codesPerRow(columns)}, bytesOf(held.packed.codes));
        const bool halves = code.numberType == "F16";
        add(parameter.name + ".scale", code.numberType, groups, halves ? bytesOf(held.halfScales) : bytesOf(held.packed.scales));
        if (code.hasMinimum)
            add(parameter.name + ".minimum", code.numberType, groups, halves ? bytesOf(held.halfMinimums) : bytesOf(held.packed.minimums));
    }
    std::vector<TypedTensor> ordered() {
        const auto size = [](const TypedTensor& tensor) { return tensor.type == "F32" ? 4 : tensor.type == "F16" ? 2 : 1; };
        std::ranges::stable_sort(m_tensors, std::ranges::greater(), size);
        return std::move(m_tensors);
    }

private:
    void add(std::string name, std::string_view type, std::vector<std::int64_t> shape, std::string_view bytes) {
        m_tensors.push_back({std::move(name), type, std::move(shape), {bytes}});
    }
    std::vector<TypedTensor> m_tensors;
};

}  // namespace

std::optional<QuantisationNote> quantisationOf(const Metadata& metadata, const std::string& file) {
    const auto found = metadata.find(quantisedKey);
    if (found == metadata.end()) return std::nullopt;
    const Message place = located(file, Message(LAB_TEXT("io", "metadata %1")).arg(quantisedKey));
    try {
        requireJson(found->second);
    } catch (const InputError& error) {
        throw InputError(place, error.message());
    }
    const Json json = Json::parse(found->second);
    const bool sound = json.is_object() && json.contains("scheme") && json["scheme"].is_string() && json.contains("step") &&
                       json["step"].is_number_unsigned() &&
                       json["step"].get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<int>::max());
    if (!sound) throw InputError(place, Message(LAB_TEXT("io", "expected %1 with N from 0")).arg("{\"scheme\": \"NAME\", \"step\": N}"));
    const auto name = json["scheme"].get<std::string>();
    const QuantisationScheme* scheme = findQuantisation(name);
    if (!scheme)
        throw InputError(place, Message(LAB_TEXT("io", "scheme %1 is not read; use %2")).arg(name).arg(alternatives(schemeNames())));
    if (metadata.contains(stateKey)) throw InputError(place, LAB_TEXT("io", "quantised weights are no training state"));
    return QuantisationNote{scheme, json["step"].get<std::int64_t>()};
}

NamedTensors unpackedTensors(const NamedTensors& tensors, const ParameterLayout& layout, const QuantisationScheme& scheme,
                             const std::string& file) {
    NamedTensors result;
    std::set<std::string, std::less<>> read;
    for (const Parameter& parameter : layout.parameters()) {
        const MatrixCode* code = codeOf(scheme, parameter);
        // Earlier versions packed what is learned of distances, too.
        if (!code && parameter.role == ParameterRole::scoreBias && tensors.find(parameter.name + ".scale")) code = &scheme.hidden;
        if (!code) continue;
        const PackedReader reader(tensors, parameter, *code, file);
        result.set(parameter.name, reader.read());
        read.merge(std::set<std::string, std::less<>>{parameter.name, parameter.name + ".scale"});
        if (code->hasMinimum) read.insert(parameter.name + ".minimum");
    }
    for (const NamedTensors::Entry& entry : tensors.entries())
        if (!read.contains(entry.name)) result.set(entry.name, entry.tensor);
    return result;
}

Weights weightsOf(const TensorFile& tensors, const ParameterLayout& layout, const std::string& file) {
    const auto note = quantisationOf(tensors.metadata, file);
    return note ? weightsOf(unpackedTensors(tensors.tensors, layout, *note->scheme, file), layout, file)
                : weightsOf(tensors.tensors, layout, file);
}

Metadata metadataOfCopy(Metadata metadata, const Experiment& experiment) {
    std::erase_if(metadata, [](const auto& entry) {
        const std::string& key = entry.first;
        return key == stateKey || key == quantisedKey || key == "attention_lab.computed_with" || key.starts_with("attention_lab.session");
    });
    metadata["attention_lab.experiment"] = writeExperiment(resolved(experiment));
    return metadata;
}

Experiment quantisedExperiment(Experiment experiment, const QuantisationNote& note) {
    assert(note.scheme);
    if (!experiment.name.empty()) experiment.name += ", ";
    experiment.name += note.scheme->name;
    if (note.step > 0) experiment.training.steps = static_cast<int>(note.step);
    return experiment;
}

void writeQuantised(const std::filesystem::path& path, Metadata metadata, const ParameterLayout& layout, const Weights& weights,
                    const QuantisationNote& note) {
    assert(note.scheme && weights.size() == layout.flatSize());
    std::vector<PackedParameter> held;
    held.reserve(layout.parameters().size());  // the tensors point into it
    Tensors tensors;
    for (const Parameter& parameter : layout.parameters()) {
        const MatrixCode* code = codeOf(*note.scheme, parameter);
        if (!code) {
            tensors.addFloats(parameter, weights);
            continue;
        }
        held.push_back(pack(*code, parameter, weights));
        tensors.addPacked(parameter, *code, held.back());
    }
    metadata[quantisedKey] = Json{{"scheme", note.scheme->name}, {"step", note.step}}.dump();
    writeTypedTensors(path, tensors.ordered(), metadata);
}

}  // namespace lab
