#include "core/config/experiment_json.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/base/utf8.h"
#include "core/config/experiment.h"
#include "core/config/json_check.h"
#include "core/config/retired_keys.h"
#include "core/config/visitor.h"

namespace lab {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::string_view formatName = "attention-lab/experiment";
constexpr int formatVersion = 1;
constexpr std::string_view kernelPath = "model.attention.kernel";

/// "a text", "an object": what a JSON value is, for messages.
Message describe(const OrderedJson& json) {
    if (json.is_object()) return LAB_TEXT("json", "an object");
    if (json.is_array()) return LAB_TEXT("json", "a list");
    if (json.is_null()) return Message::verbatim("null");
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return Message(LAB_TEXT("json", "the number %1, which is too large")).arg(json.dump());
    std::string text = json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
    if (text.size() > 60) text = text.substr(0, 57) + "...";
    return Message::verbatim(std::move(text));
}

[[noreturn]] void refuse(const std::string& path, const Message& expected, const OrderedJson& json) {
    throw InputError(path, Message(LAB_TEXT("config", "expected %1, got %2")).arg(expected).arg(describe(json)));
}

FieldValue valueOf(const FieldInfo& field, const OrderedJson& json) {
    const bool tooLarge = json.is_number_unsigned() && !json.is_number_float() &&
                          json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    switch (field.kind) {
        case FieldKind::boolean:
            if (json.is_boolean()) return json.get<bool>();
            break;
        case FieldKind::integer:
            if (json.is_number_integer() && !tooLarge) return json.get<std::int64_t>();
            break;
        case FieldKind::real:
            if (json.is_number()) return json.get<double>();
            break;
        case FieldKind::choice:
        case FieldKind::text:
            if (json.is_string()) return json.get<std::string>();
            break;
        case FieldKind::list: {
            if (!json.is_array()) break;
            std::vector<double> values;
            for (const OrderedJson& element : json) {
                if (!element.is_number())
                    refuse(field.path + "[" + std::to_string(values.size()) + "]", kindText(FieldKind::real), element);
                values.push_back(element.get<double>());
            }
            return values;
        }
        case FieldKind::names: {
            if (!json.is_array()) break;
            std::vector<std::string> names;
            for (const OrderedJson& element : json) {
                if (!element.is_string()) refuse(field.path + "[" + std::to_string(names.size()) + "]", kindText(FieldKind::text), element);
                names.push_back(element.get<std::string>());
            }
            return names;
        }
    }
    refuse(field.path, kindText(field.kind), json);
}

void readSection(Experiment& experiment, const std::string& prefix, const OrderedJson& section);

void readValue(Experiment& experiment, const std::string& path, const OrderedJson& json) {
    if (isRetired(path)) return;
    const FieldTable& table = fieldTable();
    const bool section = table.isSection(path);
    if (section && (json.is_object() || path != kernelPath)) {
        if (!json.is_object()) refuse(path, LAB_TEXT("json", "an object"), json);
        return readSection(experiment, path + ".", json);
    }
    const FieldInfo& field = table.at(path);
    field.setValue(experiment, valueOf(field, json));
}

/// The keys of one object. A dot in a key would lead past the nesting that duplicate keys are looked for in.
void readSection(Experiment& experiment, const std::string& prefix, const OrderedJson& section) {
    for (const auto& [key, value] : section.items()) {
        const std::string path = prefix + key;
        if (key.find('.') != std::string::npos)
            throw InputError(path, LAB_TEXT("config", "unknown key; nest objects instead of writing dots"));
        readValue(experiment, path, value);
    }
}

void requireFormat(const OrderedJson& json) {
    if (!json.is_object()) refuse("experiment", LAB_TEXT("json", "an object"), json);
    if (!json.contains("format"))
        throw InputError("format",
                         Message(LAB_TEXT("config", "missing; an experiment says %1")).arg("\"format\": \"attention-lab/experiment\""));
    if (json["format"] != formatName) refuse("format", Message::verbatim("\"attention-lab/experiment\""), json["format"]);
    if (!json.contains("version"))
        throw InputError("version", Message(LAB_TEXT("config", "missing; this program writes %1")).arg("\"version\": 1"));
    if (json["version"] != formatVersion || !json["version"].is_number_integer())
        refuse("version", Message::verbatim("1"), json["version"]);
}

OrderedJson jsonOf(const FieldValue& value) {
    return std::visit(
        [](const auto& inner) -> OrderedJson {
            if constexpr (std::is_same_v<std::decay_t<decltype(inner)>, std::monostate>) {
                return nullptr;
            } else {
                return inner;
            }
        },
        value);
}

bool isWritten(const FieldInfo& field, const Experiment& experiment) {
    const FieldValue value = field.get(experiment);
    if (std::holds_alternative<std::monostate>(value)) return false;
    return field.isApplicable(experiment) || value != field.defaultValue;
}

/// Puts the value at its path.
void place(OrderedJson& root, std::string_view path, OrderedJson value) {
    OrderedJson* at = &root;
    for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
        at = &(*at)[std::string(path.substr(0, dot))];
        path.remove_prefix(dot + 1);
    }
    (*at)[std::string(path)] = std::move(value);
}

OrderedJson parsed(std::string_view text) {
    requireJson(text);
    return OrderedJson::parse(text);
}

void resetSection(Experiment& experiment, std::string_view path) {
    const std::string prefix = std::string(path) + ".";
    for (const FieldInfo& field : fieldTable()) {
        if (field.path == path || field.path.starts_with(prefix)) field.put(experiment, field.defaultValue);
    }
}

/// All or nothing: the experiment changes only when the whole value can be read.
void assign(Experiment& experiment, const std::string& path, const OrderedJson& json) {
    Experiment changed = experiment;
    if (json.is_object()) resetSection(changed, path);
    readValue(changed, path, json);
    experiment = std::move(changed);
}

}  // namespace

Experiment parseExperiment(std::string_view text) {
    OrderedJson json = parsed(text);
    requireFormat(json);
    json.erase("format");
    json.erase("version");
    Experiment experiment;
    readSection(experiment, {}, json);
    return experiment;
}

std::string writeExperiment(const Experiment& experiment) {
    OrderedJson json{{"format", formatName}, {"version", formatVersion}};
    for (const FieldInfo& field : fieldTable()) {
        if (isWritten(field, experiment)) place(json, field.path, jsonOf(field.get(experiment)));
    }
    return json.dump(2) + "\n";
}

void setValue(Experiment& experiment, std::string_view path, std::string_view text) {
    if (isRetired(path)) return;
    if (!isUtf8(text)) throw InputError(std::string(path), LAB_TEXT("io", "is not a text in UTF-8"));
    const bool object = trimmed(text).starts_with('{');
    const FieldInfo* field = fieldTable().find(path);
    if (field && !(object && fieldTable().isSection(path))) return field->setText(experiment, text);
    if (!fieldTable().isSection(path)) fieldTable().at(path);
    if (!object) throw InputError(std::string(path), LAB_TEXT("config", "is a group of keys; set one of them, or give a JSON object"));
    setJson(experiment, path, text);
}

void setJson(Experiment& experiment, std::string_view path, std::string_view json) {
    OrderedJson value;
    try {
        value = parsed(json);
    } catch (const InputError& error) {
        throw InputError(std::string(path), error.message());
    }
    assign(experiment, std::string(path), value);
}

}  // namespace lab
