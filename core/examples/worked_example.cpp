#include "core/examples/worked_example.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/config/experiment_json.h"
#include "core/model/initialise.h"

namespace lab {
namespace {

using Json = nlohmann::json;

const Json& memberOf(const Json& object, const char* key, const std::string& place) {
    if (!object.is_object() || !object.contains(key)) throw InputError(place + "." + key, LAB_TEXT("examples", "missing"));
    return object.at(key);
}

std::string textOf(const Json& object, const char* key, const std::string& place) {
    const Json& value = memberOf(object, key, place);
    if (!value.is_string() || value.get<std::string>().empty())
        throw InputError(place + "." + key, LAB_TEXT("examples", "expected a text"));
    return value.get<std::string>();
}

Json fileOf(std::string_view text) {
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) throw InputError("example", LAB_TEXT("examples", "not JSON"));
    if (textOf(json, "format", "example") != "attention-lab/example" || memberOf(json, "version", "example") != 1)
        throw InputError("example.format", LAB_TEXT("examples", "expected attention-lab/example, version 1"));
    return json;
}

const Json& inputsOf(const Json& file) {
    const Json& inputs = memberOf(file, "inputs", "example");
    if (!inputs.is_array() || inputs.empty()) throw InputError("example.inputs", LAB_TEXT("examples", "expected a list of inputs"));
    return inputs;
}

Experiment experimentOf(const Json& file) {
    Json whole = memberOf(file, "experiment", "example");
    whole["format"] = "attention-lab/experiment";
    whole["version"] = 1;
    whole["name"] = textOf(file, "name", "example");
    whole["about"] = textOf(file, "about", "example");
    return parseExperiment(whole.dump());
}

/// A number, or a list of what it holds, in the order of the file: row by row.
void gather(const Json& numbers, const std::string& place, std::vector<float>& all) {
    if (numbers.is_number()) return all.push_back(numbers.get<float>());
    if (!numbers.is_array()) throw InputError(place, LAB_TEXT("examples", "expected numbers"));
    for (const Json& each : numbers) gather(each, place, all);
}

Weights weightsOf(const Json& file, const Model& model, std::uint64_t seed) {
    Weights weights = initialWeights(model, seed);
    if (!file.contains("weights")) return weights;
    for (const auto& [name, numbers] : file.at("weights").items()) {
        const std::string place = "example.weights." + name;
        const Parameter* parameter = model.layout().find(name);
        if (!parameter) throw InputError(place, LAB_TEXT("examples", "this model has no such parameter"));
        std::vector<float> all;
        gather(numbers, place, all);
        if (all.size() != parameter->size)
            throw InputError(place, Message(LAB_TEXT("examples", "expected %1 numbers, got %2"))
                                        .arg(std::to_string(parameter->size))
                                        .arg(std::to_string(all.size())));
        std::ranges::copy(all, at(weights, *parameter));
    }
    return weights;
}

std::vector<int> tokensOf(const Json& input, const char* key, const Tokenizer& tokenizer, bool targets = false) {
    if (!input.contains(key)) return {};
    try {
        return tokenizer.encode(textOf(input, key, "example.inputs"), targets);
    } catch (const InputError& error) {
        throw InputError(std::string("example.inputs.") + key, error.message());
    }
}

Input inputOf(const Json& json, const Tokenizer& tokenizer) {
    Input input;
    input.tokens = tokensOf(json, "tokens", tokenizer);
    input.targetTokens = tokensOf(json, "target_tokens", tokenizer);
    input.targets = tokensOf(json, "targets", tokenizer, true);
    if (!json.contains("masked")) return input;
    const int hidden = tokenizer.encodeOne(textOf(json, "masked", "example.inputs"));
    for (const int token : input.tokens) input.masked.push_back(token == hidden);
    return input;
}

}  // namespace

std::vector<WorkedExampleRow> workedExampleRows(const WorkedExampleText& text) {
    const Json file = fileOf(text.json);
    const std::string name = textOf(file, "name", "example"), about = textOf(file, "about", "example");
    const std::string place = textOf(file, "place", "example"), id(text.name.substr(text.name.find('-') + 1));
    const std::size_t count = inputsOf(file).size();
    std::vector<WorkedExampleRow> rows;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string number = std::to_string(i + 1);
        rows.push_back({i == 0 ? id : id + "-" + number, count == 1 ? name : name + ", " + number + " / " + std::to_string(count), about,
                        place, text.json, i});
    }
    return rows;
}

const std::vector<WorkedExampleRow>& workedExamples() {
    static const std::vector<WorkedExampleRow> table = [] {
        std::vector<WorkedExampleRow> all;
        for (const WorkedExampleText& text : workedExampleTexts())
            for (WorkedExampleRow& row : workedExampleRows(text)) all.push_back(std::move(row));
        return all;
    }();
    return table;
}

const WorkedExampleRow* findWorkedExample(std::string_view id) {
    const auto found = std::ranges::find(workedExamples(), id, &WorkedExampleRow::id);
    return found == workedExamples().end() ? nullptr : &*found;
}

const WorkedExampleRow* exampleOf(const Experiment& experiment) {
    const auto found = std::ranges::find(workedExamples(), experiment.about, &WorkedExampleRow::about);
    return found == workedExamples().end() ? nullptr : &*found;
}

void addAbout(explain::Walk& walk, const WorkedExampleRow& row) {
    constexpr std::string_view key = "stage=";
    const std::size_t from = row.place.find(key) + key.size();
    const std::string id = row.place.substr(from, row.place.find('&', from) - from);
    for (explain::Stage& stage : walk.stages)
        if (stage.id == id) stage.notes.push_back(explain::Words(row.about));
}

WorkedExample makeWorkedExample(const WorkedExampleRow& row) {
    const Json file = fileOf(row.json);
    WorkedExample example{loadTask(experimentOf(file), {}), {}, {}};
    const Model model(example.task.experiment.model);
    example.weights = weightsOf(file, model, static_cast<std::uint64_t>(example.task.experiment.training.seed));
    example.input = inputOf(inputsOf(file).at(row.input), example.task.dataset->tokenizer());
    return example;
}

}  // namespace lab
