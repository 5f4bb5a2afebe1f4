#include "core/sweep/sweep_json.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/config/experiment_json.h"
#include "core/config/json_check.h"
#include "core/config/presets.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/io/experiment_file.h"
#include "core/model/adapters.h"
#include "core/model/frozen.h"
#include "core/sweep/sweep.h"

namespace lab {
namespace {

using Json = nlohmann::ordered_json;  // the grid's order is the file's

constexpr std::string_view formatName = "attention-lab/sweep";
constexpr std::size_t mostRuns = 100000;

std::string shown(const Json& json) {
    std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

[[noreturn]] void refuse(const std::string& path, const Message& expected, const Json& json) {
    throw InputError(path, Message(LAB_TEXT("config", "expected %1, got %2")).arg(expected).arg(shown(json)));
}

constexpr SourceText anObject = LAB_TEXT("json", "an object");

void requireFormat(const Json& json) {
    if (!json.is_object()) refuse("sweep", anObject, json);
    if (!json.contains("format"))
        throw InputError("format", Message(LAB_TEXT("sweep", "missing; a sweep says %1")).arg("\"format\": \"attention-lab/sweep\""));
    if (json["format"] != formatName) refuse("format", Message::verbatim("\"attention-lab/sweep\""), json["format"]);
    if (!json.contains("version"))
        throw InputError("version", Message(LAB_TEXT("config", "missing; this program writes %1")).arg("\"version\": 1"));
    if (json["version"] != 1 || !json["version"].is_number_integer()) refuse("version", Message::verbatim("1"), json["version"]);
    for (const auto& [key, value] : json.items()) {
        constexpr std::array<std::string_view, 7> known{"format", "version", "name", "about", "base", "set", "grid"};
        if (std::ranges::find(known, key) == known.end())
            throw InputError(key, Message(LAB_TEXT("sweep", "unknown key; a sweep has %1"))
                                      .arg(together(std::vector<std::string>(known.begin(), known.end()))));
    }
}

std::string textAt(const Json& json, const char* key) {
    if (!json.contains(key)) return {};
    if (!json[key].is_string()) refuse(key, kindText(FieldKind::text), json[key]);
    return json[key].get<std::string>();
}

/// The base is a preset's name, a file or an experiment; where its data lie is the folder's business.
Experiment baseOf(const Json& json, const std::filesystem::path& folder) {
    if (!json.contains("base"))
        throw InputError("base", LAB_TEXT("sweep", "missing; give a preset's name, an experiment file or an experiment"));
    const Json& base = json["base"];
    try {
        if (base.is_object()) return parseExperiment(base.dump());
        if (!base.is_string())
            throw InputError(Message(LAB_TEXT("sweep", "expected a preset's name, a file or an experiment, got %1")).arg(shown(base)));
        const auto name = base.get<std::string>();
        const std::filesystem::path path = folder / pathFromUtf8(name);
        if (std::filesystem::is_regular_file(path)) return relocated(loadExperiment(path), path.parent_path(), folder);
        if (const Preset* preset = findPreset(name)) return parseExperiment(preset->json);
        throw InputError(Message(LAB_TEXT("sweep", "'%1' is neither a preset nor a file")).arg(name));
    } catch (const InputError& error) {
        throw InputError("base", error.message());
    }
}

/// Sets a key, with the place in messages.
void setAt(Experiment& experiment, const std::string& place, const std::string& path, const Json& value) {
    try {
        setJson(experiment, path, value.dump());
    } catch (const InputError& error) {
        throw InputError(place, error.message());
    }
}

void applySet(Experiment& experiment, const Json& json) {
    if (!json.contains("set")) return;
    if (!json["set"].is_object()) refuse("set", anObject, json["set"]);
    for (const auto& [path, value] : json["set"].items()) setAt(experiment, "set", path, value);
}

/// What a table's cell says of a value.
std::string cellOf(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_float()) return numberText(value.get<double>());
    return value.dump();
}

GridKey gridKey(const std::string& path, const Json& values, const Experiment& base) {
    const std::string place = "grid." + path;
    if (!values.is_array()) refuse(place, LAB_TEXT("sweep", "a list of values"), values);
    if (values.empty()) throw InputError(place, LAB_TEXT("sweep", "the list is empty"));
    GridKey key;
    const FieldInfo* field = fieldTable().find(path);
    key.path = field ? field->path : path;  // one name for a key that has two
    for (const Json& value : values) {
        Experiment tried = base;
        setAt(tried, "grid", path, value);
        const std::string cell = cellOf(value);
        if (std::ranges::find(key.cells, cell) != key.cells.end())
            throw InputError(place, Message(LAB_TEXT("sweep", "%1 is given twice")).arg(cell));
        key.values.push_back(value.dump());
        key.cells.push_back(cell);
    }
    return key;
}

/// A section as a key would undo, or be undone by, a key within it.
void requireApart(const std::vector<GridKey>& keys) {
    for (const GridKey& a : keys) {
        for (const GridKey& b : keys) {
            if (&a == &b) continue;
            if (a.path == b.path) throw InputError("grid." + a.path, LAB_TEXT("sweep", "this key is given twice"));
            if (b.path.starts_with(a.path + "."))
                throw InputError("grid." + a.path, Message(LAB_TEXT("sweep", "holds %1, which is a key of the grid too")).arg(b.path));
        }
    }
}

std::vector<GridKey> gridOf(const Json& json, const Experiment& base) {
    if (!json.contains("grid")) throw InputError("grid", LAB_TEXT("sweep", "missing; give at least one key with a list of values"));
    if (!json["grid"].is_object()) refuse("grid", anObject, json["grid"]);
    if (json["grid"].empty()) throw InputError("grid", LAB_TEXT("sweep", "has no keys; give at least one with a list of values"));
    std::vector<GridKey> keys;
    std::size_t runs = 1;
    for (const auto& [path, values] : json["grid"].items()) {
        keys.push_back(gridKey(path, values, base));
        runs *= keys.back().values.size();
        if (runs > mostRuns) throw InputError("grid", Message(LAB_TEXT("sweep", "more than %1 runs")).arg(mostRuns));
    }
    requireApart(keys);
    return keys;
}

/// Some values are only wrong together with others.
void requireSound(const Sweep& sweep) {
    for (int run = 0; run < sweep.runCount(); ++run) {
        try {
            const Experiment experiment = experimentOf(sweep, run);
            validate(experiment);
            if (const Message problem = frozenProblem(experiment); !problem.empty()) throw InputError("training.frozen", problem);
            if (AdaptersProblem found = adaptersProblem(experiment); !found.problem.empty())
                throw InputError(found.path, std::move(found.problem));
        } catch (const InputError& error) {
            throw InputError(placeOfRun(sweep, run), error.message());
        }
    }
}

}  // namespace

std::string jsonText(const std::string& text) {
    return Json(text).dump();
}

Sweep parseSweep(std::string_view text, const std::filesystem::path& folder) {
    requireJson(text);
    const Json json = Json::parse(text);
    requireFormat(json);
    Sweep sweep;
    sweep.folder = folder;
    sweep.name = textAt(json, "name");
    sweep.about = textAt(json, "about");
    sweep.base = baseOf(json, folder);
    applySet(sweep.base, json);
    sweep.grid = gridOf(json, sweep.base);
    requireSound(sweep);
    return sweep;
}

Sweep sweepNamed(const std::string& fileOrName) {
    const std::filesystem::path path = pathFromUtf8(fileOrName);
    try {
        if (std::filesystem::is_regular_file(path)) return parseSweep(readFile(path), path.parent_path());
        for (const BuiltInSweep& sweep : builtInSweeps())
            if (sweep.name == fileOrName) return parseSweep(sweep.json, {});
    } catch (const InputError& error) {
        throw InputError(fileOrName, error.message());
    }
    if (path.has_extension() || path.has_parent_path()) throw InputError(fileOrName, LAB_TEXT("files", "no such file"));
    std::vector<std::string> names;
    for (const BuiltInSweep& sweep : builtInSweeps()) names.emplace_back(sweep.name);
    throw InputError(Message(LAB_TEXT("sweep", "'%1' is neither a file nor a sweep that comes with the program; those are %2"))
                         .arg(fileOrName)
                         .arg(listed(names)));
}

std::string writeSweep(const Sweep& sweep) {
    Json json{{"format", formatName}, {"version", 1}};
    if (!sweep.name.empty()) json["name"] = sweep.name;
    if (!sweep.about.empty()) json["about"] = sweep.about;
    json["base"] = Json::parse(writeExperiment(sweep.base));
    for (const GridKey& key : sweep.grid) {
        Json values = Json::array();
        for (const std::string& value : key.values) values.push_back(Json::parse(value));
        json["grid"][key.path] = std::move(values);
    }
    return json.dump(2) + "\n";
}

}  // namespace lab
