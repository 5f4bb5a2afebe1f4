#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/limits.h"
#include "core/base/message.h"
#include "server/http/problem.h"
#include "server/http/request.h"

namespace lab::server {

using Json = nlohmann::ordered_json;

/// One value that a route takes in its query or its JSON body: the schema, the check at the border and the generated tests come from it.
struct Parameter {
    enum class Kind {
        boolean,
        integer,
        real,
        text,
        texts,
        tokens,
        numbers,  ///< a list of them
        rows,     ///< a list of such lists
        object,
        any
    };

    std::string name;
    Kind kind = Kind::text;
    Message help = {};
    Limits limits = {};                     ///< of numbers, of a text's bytes, of how many texts, tokens, numbers or rows
    std::vector<std::string> choices = {};  ///< of a text; empty: any
    bool required = false;
    Json standard = nullptr;  ///< when it is not given; null: it is absent

    /// JSON Schema 2020-12.
    Json schema() const;
    /// What is wrong with a value; empty when nothing is.
    Message problemOf(const Json& value) const;
};

/// Values that were checked.
class Values {
public:
    bool has(std::string_view name) const;
    bool boolean(std::string_view name) const { return at(name).get<bool>(); }
    std::int64_t integer(std::string_view name) const { return at(name).get<std::int64_t>(); }
    double real(std::string_view name) const { return at(name).get<double>(); }
    std::string text(std::string_view name) const { return at(name).get<std::string>(); }
    /// Throws std::out_of_range for one that is absent: a bug of the route.
    const Json& at(std::string_view name) const;

private:
    friend Values checkedBody(const std::vector<Parameter>&, const Json&);
    friend Values checkedQuery(const std::vector<Parameter>&, const Fields&);
    std::map<std::string, Json, std::less<>> m_values;
};

/// Throws Refusal 422 that names every wrong, missing and unknown key by its pointer.
Values checkedBody(const std::vector<Parameter>& parameters, const Json& body);
/// The same of a query, whose values are typed: "after=20".
Values checkedQuery(const std::vector<Parameter>& parameters, const Fields& query);

/// An object of parameters.
Json schemaOf(const std::vector<Parameter>& parameters);

/// Throws Refusal 400 for what is no JSON document in UTF-8, is nested too deep or says a key twice.
Json parsedJson(const std::string& text);

}  // namespace lab::server
