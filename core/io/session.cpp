#include "core/io/session.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/limits.h"
#include "core/config/json_check.h"
#include "core/io/tensor_types.h"
#include "core/optimizers/adapter_merge.h"

namespace lab {
namespace {

using Json = nlohmann::json;
using Shape = std::vector<std::int64_t>;

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

std::int64_t signedSize(std::size_t size) {
    return static_cast<std::int64_t>(size);
}

std::span<const float> floatsOf(const Weights& weights) {
    return {weights.data(), weights.size()};
}

/// What is trained, and its moments where there are any, in the order of the file.
std::vector<std::span<const float>> piecesOf(const TrainingState& state) {
    std::vector<std::span<const float>> pieces{floatsOf(state.trained())};
    for (const Weights* moment : {&state.firstMoment, &state.secondMoment})
        if (!moment->empty()) pieces.push_back(floatsOf(*moment));
    return pieces;
}

void addMoments(SessionTensors& tensors, const std::string& name, const std::vector<SessionPast::Moment>& moments) {
    if (moments.empty()) return;
    ScatteredTensor tensor{name, {signedSize(moments.size()), signedSize(moments.front().weights->size())}, {}};
    for (const SessionPast::Moment& moment : moments) tensor.pieces.push_back(floatsOf(*moment.weights));
    tensors.tensors.push_back(std::move(tensor));
}

std::span<const float> zerosOf(SessionTensors& tensors, std::size_t count) {
    tensors.owned.push_back(std::make_shared<const std::vector<float>>(count, 0.0f));
    return *tensors.owned.back();
}

void addStates(SessionTensors& tensors, const std::string& name, const std::vector<TrainingStatePtr>& states) {
    if (states.empty()) return;
    // Before anything was trained there are no moments; zeros stand for them where another state has some.
    const auto withMost = std::ranges::max_element(states, {}, [](const TrainingStatePtr& state) { return piecesOf(*state).size(); });
    const std::size_t parts = piecesOf(**withMost).size(), numbers = (*withMost)->trained().size();
    ScatteredTensor tensor{name, {signedSize(states.size()), signedSize(parts), signedSize(numbers)}, {}};
    for (const TrainingStatePtr& state : states) {
        std::vector<std::span<const float>> pieces = piecesOf(*state);
        while (pieces.size() < parts) pieces.push_back(zerosOf(tensors, numbers));
        std::ranges::copy(pieces, std::back_inserter(tensor.pieces));
    }
    tensors.tensors.push_back(std::move(tensor));
}

void addRows(SessionTensors& tensors, const std::string& name, const std::vector<std::vector<double>>& rows) {
    if (rows.empty()) return;
    const std::size_t columns = rows.front().size();
    auto values = std::make_shared<std::vector<float>>();
    values->reserve(rows.size() * columns * partsOfADouble);
    for (const std::vector<double>& row : rows) {
        assert(row.size() == columns);
        for (const double value : row)
            for (const float part : split(value)) values->push_back(part);
    }
    tensors.tensors.push_back({name, {signedSize(rows.size()), signedSize(columns), signedSize(partsOfADouble)}, {*values}});
    tensors.owned.push_back(std::move(values));
}

/// Steps of a JSON list, ascending.
std::vector<std::int64_t> stepsOf(const Json& json, const std::string& key, const Message& place) {
    std::vector<std::int64_t> steps;
    if (!json.contains(key)) return steps;
    if (!json[key].is_array()) throw InputError(place, Message(LAB_TEXT("io", "%1 is no list of steps")).arg(key));
    for (const Json& step : json[key]) {
        const bool sound = step.is_number_unsigned() && step.get<std::uint64_t>() <= std::numeric_limits<int>::max() &&
                           (steps.empty() || step.get<std::int64_t>() > steps.back());
        if (!sound) throw InputError(place, Message(LAB_TEXT("io", "%1 must be ascending steps from 0, not %2")).arg(key).arg(step.dump()));
        steps.push_back(step.get<std::int64_t>());
    }
    return steps;
}

/// The tensor, of this shape (-1: any) and finite.
/// Of the tensors; a pointer, so that no compiler takes it for a reference to one of the arguments.
const Tensor* requireTensor(const NamedTensors& tensors, const std::string& name, const Shape& shape, const Message& place) {
    const Tensor* tensor = tensors.find(name);
    if (!tensor) throw InputError(place, Message(LAB_TEXT("io", "tensor %1 is missing")).arg(name));
    bool fits = tensor->shape.size() == shape.size();
    for (std::size_t axis = 0; fits && axis < shape.size(); ++axis) fits = shape[axis] < 0 || shape[axis] == tensor->shape[axis];
    if (!fits)
        throw InputError(place, Message(LAB_TEXT("io", "tensor %1 has the shape %2, but what is said of it needs %3"))
                                    .arg(name)
                                    .arg(shapeText(tensor->shape))
                                    .arg(shapeText(shape)));
    requireFinite(*tensor, name, place);
    return tensor;
}

Weights weightsAt(const Tensor& tensor, std::size_t index, std::size_t flatSize) {
    const float* first = tensor.values.data() + index * flatSize;
    return {first, first + flatSize};
}

using BasePtr = std::shared_ptr<const AdapterBase>;

TrainingStatePtr stateAt(const Tensor& tensor, std::size_t index, std::size_t parts, std::int64_t step, const BasePtr& base) {
    const auto part = [&](std::size_t which) {
        return which < parts ? weightsAt(tensor, index * parts + which, static_cast<std::size_t>(tensor.shape.back())) : Weights();
    };
    TrainingState state{part(0), part(1), part(2), step};
    if (base) {
        state.base = base;
        state.adapters = std::exchange(state.weights, {});
        state.weights = mergedWeights(*base, state.adapters);
    }
    return std::make_shared<const TrainingState>(std::move(state));
}

std::size_t partsOf(const Tensor& tensor, std::size_t axis, const std::string& name, const Message& place) {
    const std::int64_t parts = tensor.shape[axis];
    if (parts < 1 || parts > 3)
        throw InputError(place, Message(LAB_PLURAL("io", "tensor %1 has %n part(s), but weights with two moments at the most are 1 to 3"))
                                    .arg(name)
                                    .count(parts));
    return static_cast<std::size_t>(parts);
}

void readMoments(SessionPast& session, const NamedTensors& tensors, const std::string& name, const std::vector<std::int64_t>& steps,
                 std::size_t flatSize, const Message& place) {
    if (steps.empty()) return;
    const Tensor& tensor = *requireTensor(tensors, name, {signedSize(steps.size()), signedSize(flatSize)}, place);
    for (std::size_t i = 0; i < steps.size(); ++i)
        session.moments.push_back({steps[i], std::make_shared<const Weights>(weightsAt(tensor, i, flatSize))});
}

void readStates(SessionPast& session, const NamedTensors& tensors, const std::string& name, const std::vector<std::int64_t>& steps,
                const TrainingState& present, const Message& place) {
    if (steps.empty()) return;
    const Tensor& tensor = *requireTensor(tensors, name, {signedSize(steps.size()), -1, signedSize(present.trained().size())}, place);
    const std::size_t parts = partsOf(tensor, 1, name, place);
    for (std::size_t i = 0; i < steps.size(); ++i) session.states.push_back(stateAt(tensor, i, parts, steps[i], present.base));
}

void readRows(SessionPast& session, const NamedTensors& tensors, const std::string& name, const Message& place) {
    const Tensor* tensor = tensors.find(name);
    if (!tensor) return;
    // Without columns any number of rows costs the file nothing.
    if (tensor->shape.size() != 3 || tensor->shape[1] < 1 || tensor->shape[2] != partsOfADouble)
        throw InputError(place, Message(LAB_TEXT("io", "tensor %1 has the shape %2, but rows of numbers of 3 parts are needed"))
                                    .arg(name)
                                    .arg(shapeText(tensor->shape)));
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

void readPins(SessionPast& session, const Json& pins, const Message& place) {
    if (!pins.is_object()) throw InputError(place, LAB_TEXT("io", "pins are no steps with names"));
    for (const auto& [step, name] : pins.items())
        if (!name.is_string()) throw InputError(place, Message(LAB_TEXT("io", "the pin of step %1 has no name")).arg(step));
    for (const SessionPast::Moment& moment : session.moments) {
        const auto pin = pins.find(std::to_string(moment.step));
        if (pin != pins.end()) session.pins[moment.step] = pin->get<std::string>();
    }
}

}  // namespace

bool isSessionTensor(std::string_view name) {
    return name.starts_with("session.");
}

std::string addPast(SessionTensors& tensors, const std::string& prefix, const SessionPast& past) {
    Json kept = Json::array(), states = Json::array(), pins = Json::object();
    for (const SessionPast::Moment& moment : past.moments) kept.push_back(moment.step);
    for (const TrainingStatePtr& state : past.states) states.push_back(state->step);
    for (const auto& [step, name] : past.pins) pins[std::to_string(step)] = name;
    addMoments(tensors, prefix + "weights", past.moments);
    addStates(tensors, prefix + "states", past.states);
    addRows(tensors, prefix + "rows", past.rows);
    return Json{{"first_step", past.firstStep}, {"kept", kept}, {"states", states}, {"pins", pins}}.dump();
}

SessionPast readPast(const NamedTensors& tensors, const std::string& prefix, std::string_view text, const TrainingState& present,
                     const Message& place) {
    try {
        requireJson(text);
    } catch (const InputError& error) {
        throw InputError(place, error.message());
    }
    const Json json = Json::parse(text);
    if (!json.is_object() || !json.contains("kept") || !json.contains("pins"))
        throw InputError(place, LAB_TEXT("io", "expected first_step, kept and pins"));
    const auto first = json.find("first_step");
    if (first == json.end() || !first->is_number_unsigned() || first->get<std::uint64_t>() > std::numeric_limits<int>::max())
        throw InputError(place, LAB_TEXT("io", "first_step must be a step from 0"));
    SessionPast session;
    session.firstStep = first->get<std::int64_t>();
    readMoments(session, tensors, prefix + "weights", stepsOf(json, "kept", place), present.weights.size(), place);
    readStates(session, tensors, prefix + "states", stepsOf(json, "states", place), present, place);
    readPins(session, json["pins"], place);
    readRows(session, tensors, prefix + "rows", place);
    return session;
}

namespace {

const std::string baseSuffix = ".base", matricesSuffix = ".matrices";

void addBase(SessionTensors& tensors, const std::string& name, const AdapterBase& base) {
    tensors.tensors.push_back({name + baseSuffix, {signedSize(base.weights.size())}, {floatsOf(base.weights)}});
    auto matrices = std::make_shared<std::vector<float>>(base.matrices.begin(), base.matrices.end());
    tensors.tensors.push_back({name + matricesSuffix, {signedSize(matrices->size())}, {*matrices}});
    tensors.owned.push_back(std::move(matrices));
}

/// Null where there is none.
BasePtr readBase(const NamedTensors& tensors, const std::string& name, const ParameterLayout& layout, const AdaptersConfig& adapters,
                 const Message& place) {
    if (!adapters.any() || !tensors.find(name + baseSuffix)) return nullptr;
    const Tensor& weights = *requireTensor(tensors, name + baseSuffix, {signedSize(layout.flatSize())}, place);
    std::vector<std::size_t> matrices;
    for (const float value : requireTensor(tensors, name + matricesSuffix, {-1}, place)->values) {
        const auto index = static_cast<std::size_t>(std::clamp(value, 0.0f, static_cast<float>(mostRows)));
        const bool sound = static_cast<float>(index) == value && index < layout.parameters().size() &&
                           layout.parameters()[index].shape.size() == 2 && (matrices.empty() || index > matrices.back());
        if (!sound)
            throw InputError(
                place, Message(LAB_TEXT("io", "tensor %1: %2 is no matrix of the model")).arg(name + matricesSuffix).arg(double{value}));
        matrices.push_back(index);
    }
    return std::make_shared<const AdapterBase>(layout, std::move(matrices), adapters.rank, adapters.factor(),
                                               Weights(weights.values.begin(), weights.values.end()));
}

}  // namespace

void addState(SessionTensors& tensors, const std::string& name, const TrainingState& state) {
    std::vector<std::span<const float>> pieces = piecesOf(state);
    tensors.tensors.push_back({name, {signedSize(pieces.size()), signedSize(state.trained().size())}, std::move(pieces)});
    if (state.hasAdapters()) addBase(tensors, name, *state.base);
}

TrainingStatePtr readState(const NamedTensors& tensors, const std::string& name, std::int64_t step, const ParameterLayout& layout,
                           const AdaptersConfig& adapters, const Message& place) {
    const BasePtr base = readBase(tensors, name, layout, adapters, place);
    const std::size_t trained = base ? base->layout.flatSize() : layout.flatSize();
    const Tensor& tensor = *requireTensor(tensors, name, {-1, signedSize(trained)}, place);
    return stateAt(tensor, 0, partsOf(tensor, 0, name, place), step, base);
}

}  // namespace lab
