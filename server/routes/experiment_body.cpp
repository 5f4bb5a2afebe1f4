#include "server/routes/experiment_body.h"

#include "core/base/errors.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/validation.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

/// The place that a sentence begins with, as a pointer below `base`: "model.heads: unknown key".
Refusal refusalOf(const InputError& error, const std::string& base) {
    const std::string sentence = error.what();
    const std::size_t colon = sentence.find(": ");
    const bool placed = colon != sentence.npos && sentence.find(' ') > colon;
    const std::string pointer = placed ? base + pointerOf(sentence.substr(0, colon)) : base;
    return {422, error.message(), {{pointer, placed ? sentence.substr(colon + 2) : sentence}}};
}

Experiment given(const Values& body) {
    if (body.has("preset") == body.has("experiment"))
        throw Refusal(422, LAB_TEXT("server", "give one of experiment and preset"), {{"/experiment", "or preset"}});
    if (body.has("experiment")) {
        try {
            return parseExperiment(body.at("experiment").dump());
        } catch (const InputError& error) {
            throw refusalOf(error, "/experiment");
        }
    }
    const std::string name = body.text("preset");
    const Preset* preset = findPreset(name);
    if (!preset) throw Refusal(422, Message(LAB_TEXT("server", "there is no preset %1")).arg(name), {{"/preset", "unknown"}});
    return parseExperiment(preset->json);
}

}  // namespace

std::vector<Parameter> experimentKeys() {
    return {
        {.name = "experiment", .kind = Parameter::Kind::object, .help = LAB_TEXT("server", "as /api/v1/fields describes it")},
        {.name = "preset", .help = LAB_TEXT("server", "in place of an experiment")},
        {.name = "set",
         .kind = Parameter::Kind::object,
         .help = LAB_TEXT("server", "keys that are changed first: {\"training.steps\": 100}")},
    };
}

void applySet(Experiment& experiment, const Values& body) {
    if (!body.has("set")) return;
    for (const auto& [path, value] : body.at("set").items()) {
        try {
            setJson(experiment, path, value.dump());
        } catch (const InputError& error) {
            throw Refusal(422, error.message(), {{"/set/" + path, error.what()}});
        }
    }
}

Experiment experimentOf(const Call& call) {
    Experiment experiment = given(call.body);
    applySet(experiment, call.body);
    std::vector<PlacedError> errors;
    const std::string base = call.body.has("experiment") ? "/experiment" : "/set";
    const std::vector<ConfigProblem> problems = problemsOf(experiment);
    for (const ConfigProblem& problem : problems) errors.push_back({base + pointerOf(problem.path), problem.message.english()});
    if (!errors.empty()) throw Refusal(422, located(problems.front().path, problems.front().message), std::move(errors));
    try {
        call.service.data.requireHere(experiment);
    } catch (const InputError& error) {
        throw refusalOf(error, base);
    }
    return experiment;
}

}  // namespace lab::server
