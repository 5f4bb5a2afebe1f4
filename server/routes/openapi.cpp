#include "server/routes/openapi.h"

#include <algorithm>
#include <cmath>

#include "core/base/version.h"
#include "core/config/visitor.h"

namespace lab::server {
namespace {

Parameter::Kind kindOf(FieldKind kind) {
    switch (kind) {
        case FieldKind::boolean:
            return Parameter::Kind::boolean;
        case FieldKind::integer:
            return Parameter::Kind::integer;
        case FieldKind::real:
            return Parameter::Kind::real;
        case FieldKind::choice:
        case FieldKind::text:
            return Parameter::Kind::text;
        case FieldKind::list:
            return Parameter::Kind::any;
        case FieldKind::names:
            return Parameter::Kind::texts;
    }
    return Parameter::Kind::any;
}

Json jsonOf(const FieldValue& value) {
    return std::visit(
        [](const auto& own) {
            using Own = std::decay_t<decltype(own)>;
            if constexpr (std::is_same_v<Own, std::monostate>)
                return Json();
            else
                return Json(own);
        },
        value);
}

Json schemaOf(const FieldInfo& field) {
    Parameter parameter{field.label, kindOf(field.kind), field.help, {}, field.choices, false, jsonOf(field.defaultValue)};
    if (field.kind == FieldKind::integer || field.kind == FieldKind::real) parameter.limits = field.limits;
    Json json = parameter.schema();
    if (field.kind == FieldKind::list) json = {{"type", "array"}, {"items", {{"type", "number"}}}, {"description", field.help.english()}};
    return json;
}

/// "model.attention.kernel": into the objects on the way.
void put(Json& schema, std::string_view path, Json value) {
    const std::size_t dot = path.find('.');
    Json& properties = schema["properties"];
    const std::string key(path.substr(0, dot));
    if (dot == path.npos) {
        properties[key] = std::move(value);
        return;
    }
    Json& section = properties[key];
    if (!section.contains("properties")) section = {{"type", "object"}, {"properties", Json::object()}};
    put(section, path.substr(dot + 1), std::move(value));
}

Json parameterOf(const Parameter& parameter, const char* in) {
    Json json{{"name", parameter.name}, {"in", in}, {"required", parameter.required || std::string_view(in) == "path"}};
    json["schema"] = parameter.schema();
    if (!parameter.help.empty()) json["description"] = parameter.help.english();
    return json;
}

Json bodyOf(const Route& route) {
    Json json{{"required", true}};
    if (route.body == Route::Body::json) json["content"]["application/json"]["schema"] = schemaOf(route.keys);
    if (route.body == Route::Body::file) json["content"]["application/octet-stream"]["schema"] = Json::object();
    return json;
}

Json refusalOf(const Route& route) {
    Json json{{"description", "what is wrong, and where"}};
    const char* type = route.openAi ? "application/json" : "application/problem+json";
    json["content"][type]["schema"]["$ref"] = route.openAi ? "#/components/schemas/OpenAiError" : "#/components/schemas/Problem";
    return json;
}

Json operationOf(const Route& route) {
    Json json{{"operationId", route.name}, {"summary", route.summary.english()}};
    for (const std::string& place : placesIn(route.path)) json["parameters"].push_back(parameterOf({.name = place}, "path"));
    for (const Parameter& parameter : route.query) json["parameters"].push_back(parameterOf(parameter, "query"));
    if (route.body != Route::Body::none) json["requestBody"] = bodyOf(route);
    for (const Route::Answer& answer : route.answers) {
        Json& one = json["responses"][std::to_string(answer.status)];
        one["description"] = answer.what.empty() ? "done" : answer.what;
        if (!answer.type.empty()) one["content"][answer.type]["schema"] = Json::object();
    }
    json["responses"]["default"] = refusalOf(route);
    if (route.scope == Route::Scope::open) json["security"] = Json::array();
    return json;
}

Json problemSchema() {
    return {{"type", "object"},
            {"required", {"type", "title", "status", "detail"}},
            {"properties",
             {{"type", {{"type", "string"}}},
              {"title", {{"type", "string"}}},
              {"status", {{"type", "integer"}}},
              {"detail", {{"type", "string"}}},
              {"instance", {{"type", "string"}}},
              {"errors",
               {{"type", "array"},
                {"items", {{"type", "object"}, {"properties", {{"pointer", {{"type", "string"}}}, {"detail", {{"type", "string"}}}}}}}}}}}};
}

Json openAiErrorSchema() {
    return {{"type", "object"}, {"required", {"error"}}, {"properties", {{"error", {{"type", "object"}}}}}};
}

}  // namespace

Json experimentSchema() {
    Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                {"title", "attention-lab/experiment"},
                {"type", "object"},
                {"required", {"format", "version"}},
                {"properties", {{"format", {{"const", "attention-lab/experiment"}}}, {"version", {{"const", 1}}}}}};
    for (const FieldInfo& field : fieldTable()) put(schema, field.path, schemaOf(field));
    return schema;
}

Json openApiOf(const std::vector<Route>& routes) {
    Json json{{"openapi", "3.1.0"}, {"info", {{"title", "Attention Lab"}, {"version", programVersion()}}}};
    json["security"] = Json::array({{{"token", Json::array()}}});
    for (const Route& route : routes) {
        std::string method = route.method;
        std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
        json["paths"][route.path][method] = operationOf(route);
    }
    json["components"]["securitySchemes"]["token"] = {{"type", "http"}, {"scheme", "bearer"}};
    json["components"]["schemas"]["Problem"] = problemSchema();
    json["components"]["schemas"]["OpenAiError"] = openAiErrorSchema();
    json["components"]["schemas"]["Experiment"] = experimentSchema();
    return json;
}

}  // namespace lab::server
