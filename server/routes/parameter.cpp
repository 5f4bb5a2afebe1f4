#include "server/routes/parameter.h"

#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/config/field.h"
#include "core/config/json_check.h"

namespace lab::server {
namespace {

using Kind = Parameter::Kind;

struct KindRow {
    Kind kind;
    const char* schemaType;
    SourceText expected;
    bool (*fits)(const Json&);
    const char* items = nullptr;  ///< of a list: the schema of one
};

bool isWhole(const Json& value) {
    return value.is_number_integer() && !(value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX);
}
template <bool (*each)(const Json&)>
bool isListOf(const Json& value) {
    return value.is_array() && std::ranges::all_of(value, each);
}
bool isText(const Json& value) {
    return value.is_string();
}
bool isNumber(const Json& value) {
    return value.is_number() && std::isfinite(value.get<double>());
}

constexpr KindRow kinds[] = {
    {Kind::boolean, "boolean", LAB_TEXT("server", "true or false"), [](const Json& value) { return value.is_boolean(); }},
    {Kind::integer, "integer", LAB_TEXT("server", "an integer"), isWhole},
    {Kind::real, "number", LAB_TEXT("server", "a number"), isNumber},
    {Kind::text, "string", LAB_TEXT("server", "a text"), isText},
    {Kind::texts, "array", LAB_TEXT("server", "a list of texts"), isListOf<isText>, R"({"type": "string"})"},
    {Kind::tokens, "array", LAB_TEXT("server", "a list of integers"), isListOf<isWhole>, R"({"type": "integer"})"},
    {Kind::numbers, "array", LAB_TEXT("server", "a list of numbers"), isListOf<isNumber>, R"({"type": "number"})"},
    {Kind::rows, "array", LAB_TEXT("server", "a list of lists of numbers"), isListOf<isListOf<isNumber>>,
     R"({"type": "array", "items": {"type": "number"}})"},
    {Kind::object, "object", LAB_TEXT("server", "an object"), [](const Json& value) { return value.is_object(); }},
    {Kind::any, "", LAB_TEXT("server", "a value"), [](const Json&) { return true; }}};

const KindRow& rowOf(Kind kind) {
    return *std::ranges::find(kinds, kind, &KindRow::kind);
}

/// "minimum", "maxItems", "exclusiveMinimum".
void addLimits(Json& json, const Limits& limits, const std::string& ending) {
    const auto add = [&](double value, bool open, const std::string& name) {
        if (!std::isfinite(value)) return;
        const Json number =
            value == std::floor(value) && std::abs(value) <= largestWhole ? Json(static_cast<std::int64_t>(value)) : Json(value);
        json[open ? (name == "min" ? "exclusiveMinimum" : "exclusiveMaximum") : name + ending] = number;
    };
    add(limits.min, limits.minOpen, "min");
    add(limits.max, limits.maxOpen, "max");
}

Message countOutOfRange(std::size_t count, const Limits& limits) {
    return outOfRange(std::to_string(count), limits);
}

/// The value of a query's text; null for what is none of the kind.
Json typedValue(Kind kind, const std::string& text) {
    if (kind == Kind::text) return text;
    if (kind == Kind::texts) return Json::array({text});
    const Json value = Json::parse(text, nullptr, false);
    return value.is_discarded() ? Json(text) : value;
}

template <class Missing>
void addStandards(const std::vector<Parameter>& parameters, std::map<std::string, Json, std::less<>>& values, Missing missing) {
    for (const Parameter& each : parameters) {
        if (values.contains(each.name)) continue;
        if (each.required) missing(each);
        if (!each.standard.is_null()) values[each.name] = each.standard;
    }
}

[[noreturn]] void refuse(std::vector<PlacedError> errors) {
    const Message detail = Message::verbatim(errors.front().pointer.substr(1) + ": " + errors.front().detail);
    throw Refusal(422, detail, std::move(errors));
}

}  // namespace

Json Parameter::schema() const {
    const KindRow& row = rowOf(kind);
    Json json = Json::object();
    if (*row.schemaType) json["type"] = row.schemaType;
    if (row.items) json["items"] = Json::parse(row.items);
    if (!help.empty()) json["description"] = help.english();
    if (!choices.empty()) json["enum"] = choices;
    const bool number = kind == Kind::integer || kind == Kind::real;
    if (number || row.items || kind == Kind::text) addLimits(json, limits, number ? "imum" : row.items ? "Items" : "Length");
    if (!standard.is_null()) json["default"] = standard;
    return json;
}

Message Parameter::problemOf(const Json& value) const {
    const KindRow& row = rowOf(kind);
    if (!row.fits(value)) return Message(LAB_TEXT("server", "expected %1")).arg(row.expected);
    if ((kind == Kind::integer || kind == Kind::real) && !limits.contains(value.get<double>())) return outOfRange(value.dump(), limits);
    if (row.items && !limits.contains(static_cast<double>(value.size()))) return countOutOfRange(value.size(), limits);
    if (kind != Kind::text) return {};
    const std::string& text = value.get_ref<const std::string&>();
    if (!limits.contains(static_cast<double>(text.size()))) return countOutOfRange(text.size(), limits);
    if (!choices.empty() && std::ranges::find(choices, text) == choices.end())
        return Message(LAB_TEXT("server", "expected %1")).arg(alternatives(choices));
    return {};
}

bool Values::has(std::string_view name) const {
    return m_values.find(name) != m_values.end();
}

const Json& Values::at(std::string_view name) const {
    const auto found = m_values.find(name);
    if (found == m_values.end()) throw std::out_of_range("no value " + std::string(name));
    return found->second;
}

Values checkedBody(const std::vector<Parameter>& parameters, const Json& body) {
    if (!body.is_object()) throw Refusal(422, LAB_TEXT("server", "the body: expected a JSON object"), {{"", "expected an object"}});
    Values values;
    std::vector<PlacedError> errors;
    for (const auto& [key, value] : body.items()) {
        const auto known = std::ranges::find(parameters, key, &Parameter::name);
        const Message problem = known == parameters.end() ? Message(LAB_TEXT("server", "unknown key")) : known->problemOf(value);
        if (!problem.empty()) errors.push_back({"/" + key, problem.english()});
        values.m_values[key] = value;
    }
    addStandards(parameters, values.m_values, [&](const Parameter& each) {
        errors.push_back({"/" + each.name, Message(LAB_TEXT("server", "must be given")).english()});
    });
    if (!errors.empty()) refuse(std::move(errors));
    return values;
}

Values checkedQuery(const std::vector<Parameter>& parameters, const Fields& query) {
    Values values;
    std::vector<PlacedError> errors;
    for (const auto& [key, text] : query) {
        const auto known = std::ranges::find(parameters, key, &Parameter::name);
        const Json value = known == parameters.end() ? Json(text) : typedValue(known->kind, text);
        const Message problem = known == parameters.end() ? Message(LAB_TEXT("server", "unknown key")) : known->problemOf(value);
        if (!problem.empty()) errors.push_back({"?" + key, problem.english()});
        values.m_values[key] = value;
    }
    addStandards(parameters, values.m_values, [&](const Parameter& each) {
        errors.push_back({"?" + each.name, Message(LAB_TEXT("server", "must be given")).english()});
    });
    if (!errors.empty()) refuse(std::move(errors));
    return values;
}

Json schemaOf(const std::vector<Parameter>& parameters) {
    Json json{{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}};
    for (const Parameter& each : parameters) {
        json["properties"][each.name] = each.schema();
        if (each.required) json["required"].push_back(each.name);
    }
    return json;
}

Json parsedJson(const std::string& text) {
    try {
        requireJson(text);
        return Json::parse(text);
    } catch (const InputError& error) {
        throw Refusal(400, Message(LAB_TEXT("server", "the body: %1")).arg(error.message()));
    } catch (const Json::exception& error) {
        throw Refusal(400, Message(LAB_TEXT("server", "the body: %1")).arg(error.what()));
    }
}

}  // namespace lab::server
