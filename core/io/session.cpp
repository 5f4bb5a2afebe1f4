#include "core/io/session.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/config/json_check.h"

namespace lab {
namespace {

using Json = nlohmann::json;

const std::string prefix = "session.";
const std::string weightsName = prefix + "weights";  // [K, P] the kept moments
const std::string rowsName = prefix + "rows";        // [N, columns, 3] the records' numbers
const std::string metadataKey = "attention_lab.session";

constexpr std::size_t partsOfADouble = 3;

/// A double as the sum of three floats, which hold its 53 bits: files of tensors here hold floats.
std::array<float, partsOfADouble> split(double value) {
    const auto high = static_cast<float>(value);
    if (!std::isfinite(high)) return {high, 0, 0};
    const double rest = value - static_cast<double>(high);
    const auto middle = static_cast<float>(rest);
    return {high, middle, static_cast<float>(rest - static_cast<double>(middle))};
}

double joined(const float* parts) {
    return static_cast<double>(parts[0]) + (static_cast<double>(parts[1]) + static_cast<double>(parts[2]));
}

Tensor weightsTensor(const std::vector<Session::Moment>& moments) {
    const std::size_t flatSize = moments.front().weights->size();
    Tensor tensor{{static_cast<std::int64_t>(moments.size()), static_cast<std::int64_t>(flatSize)}, {}, false};
    tensor.values.reserve(moments.size() * flatSize);
    for (const Session::Moment& moment : moments) tensor.values.insert(tensor.values.end(), moment.weights->begin(), moment.weights->end());
    return tensor;
}

Tensor rowsTensor(const std::vector<std::vector<double>>& rows) {
    const std::size_t columns = rows.front().size();
    Tensor tensor{{static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(columns), partsOfADouble}, {}, false};
    tensor.values.reserve(rows.size() * columns * partsOfADouble);
    for (const std::vector<double>& row : rows) {
        assert(row.size() == columns);
        for (const double value : row)
            for (const float part : split(value)) tensor.values.push_back(part);
    }
    return tensor;
}

/// Steps of a JSON list, ascending.
std::vector<std::int64_t> stepsOf(const Json& json, const std::string& place) {
    std::vector<std::int64_t> steps;
    if (!json.is_array()) throw InputError(place + "kept is no list of steps");
    for (const Json& step : json) {
        const bool sound =
            step.is_number_integer() && step.get<std::int64_t>() >= 0 && (steps.empty() || step.get<std::int64_t>() > steps.back());
        if (!sound) throw InputError(place + "kept must be ascending steps from 0");
        steps.push_back(step.get<std::int64_t>());
    }
    return steps;
}

void readMoments(Session& session, const NamedTensors& tensors, const std::vector<std::int64_t>& steps, std::size_t flatSize,
                 const std::string& place) {
    const Tensor* tensor = tensors.find(weightsName);
    const std::vector<std::int64_t> shape{static_cast<std::int64_t>(steps.size()), static_cast<std::int64_t>(flatSize)};
    if (steps.empty()) return;
    if (!tensor || tensor->shape != shape) throw InputError(place + "tensor " + weightsName + " must have the shape " + shapeText(shape));
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto first = tensor->values.begin() + static_cast<std::ptrdiff_t>(i * flatSize);
        session.moments.push_back({steps[i], std::make_shared<const Weights>(first, first + static_cast<std::ptrdiff_t>(flatSize))});
    }
}

void readRows(Session& session, const NamedTensors& tensors, const std::string& place) {
    const Tensor* tensor = tensors.find(rowsName);
    if (!tensor) return;
    if (tensor->shape.size() != 3 || tensor->shape[2] != partsOfADouble)
        throw InputError(place + "tensor " + rowsName + " must have three axes, the last of 3");
    const auto columns = static_cast<std::size_t>(tensor->shape[1]);
    const float* next = tensor->values.data();
    for (std::int64_t row = 0; row < tensor->shape[0]; ++row) {
        std::vector<double>& numbers = session.rows.emplace_back(columns);
        for (double& number : numbers) {
            number = joined(next);
            next += partsOfADouble;
        }
    }
}

}  // namespace

bool isSessionTensor(std::string_view name) {
    return name.starts_with(prefix);
}

void addSession(NamedTensors& tensors, Metadata& metadata, const Session& session) {
    Json kept = Json::array(), pins = Json::object();
    for (const Session::Moment& moment : session.moments) kept.push_back(moment.step);
    for (const auto& [step, name] : session.pins) pins[std::to_string(step)] = name;
    metadata[metadataKey] = Json{{"first_step", session.firstStep}, {"kept", kept}, {"pins", pins}}.dump();
    if (!session.moments.empty()) tensors.set(weightsName, weightsTensor(session.moments));
    if (!session.rows.empty()) tensors.set(rowsName, rowsTensor(session.rows));
}

Session readSession(const NamedTensors& tensors, const Metadata& metadata, std::size_t flatSize, const std::string& file) {
    Session session;
    const auto text = metadata.find(metadataKey);
    if (text == metadata.end()) return session;
    const std::string place = file + ": metadata " + metadataKey + ": ";
    try {
        requireJson(text->second);
    } catch (const InputError& error) {
        throw InputError(place + error.what());
    }
    const Json json = Json::parse(text->second);
    const bool sound = json.is_object() && json.contains("first_step") && json["first_step"].is_number_unsigned() &&
                       json.contains("kept") && json.contains("pins") && json["pins"].is_object();
    if (!sound) throw InputError(place + "expected first_step, kept and pins");
    session.firstStep = json["first_step"].get<std::int64_t>();
    readMoments(session, tensors, stepsOf(json["kept"], place), flatSize, place);
    for (const Session::Moment& moment : session.moments) {
        const auto pin = json["pins"].find(std::to_string(moment.step));
        if (pin != json["pins"].end() && pin->is_string()) session.pins[moment.step] = pin->get<std::string>();
    }
    readRows(session, tensors, place);
    return session;
}

}  // namespace lab
