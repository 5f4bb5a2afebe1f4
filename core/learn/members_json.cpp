#include "core/learn/members_json.h"

#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/limits.h"

namespace lab::learn {

Json parsedJson(std::string_view text, const std::string& place) {
    constexpr int deepest = 64;
    const auto refuseDeep = [&](int depth, Json::parse_event_t, Json&) {
        if (depth > deepest)
            throw InputError(place, Message(LAB_TEXT("json", "not valid JSON here: nested more than %1 deep")).arg(deepest));
        return true;
    };
    Json json = Json::parse(text, refuseDeep, false);
    if (json.is_discarded()) throw InputError(place, LAB_TEXT("learn", "not JSON"));
    return json;
}

Members::Members(const Json& object, std::string place) : m_object(object), m_place(std::move(place)) {
    if (!object.is_object()) throw InputError(m_place, LAB_TEXT("learn", "expected an object"));
}

void Members::refuse(const std::string& key, const Message& message) const {
    throw InputError(place(key), message);
}

bool Members::has(const char* key, bool wanted) {
    m_known.insert(key);
    if (wanted && !m_object.contains(key)) refuse(key, LAB_TEXT("learn", "missing"));
    return m_object.contains(key);
}

std::string Members::textOf(const Json& value, const char* key) const {
    if (!value.is_string() || value.get<std::string>().empty()) refuse(key, LAB_TEXT("learn", "expected a text"));
    return value.get<std::string>();
}

std::string Members::text(const char* key, bool wanted) {
    return has(key, wanted) ? textOf(m_object[key], key) : std::string();
}

int Members::number(const char* key) {
    if (!has(key, false)) return 0;
    const Json& value = m_object[key];
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > std::uint64_t{mostCounted})
        refuse(key, LAB_TEXT("learn", "expected a whole number"));
    return value.get<int>();
}

bool Members::flag(const char* key) {
    if (!has(key, false)) return false;
    if (!m_object.at(key).is_boolean()) refuse(key, LAB_TEXT("learn", "expected true or false"));
    return m_object.at(key).get<bool>();
}

double Members::real(const char* key) {
    if (!has(key, false)) return 0;
    if (!m_object[key].is_number()) refuse(key, LAB_TEXT("learn", "expected a number"));
    return m_object[key].get<double>();
}

std::vector<std::string> Members::texts(const char* key) {
    std::vector<std::string> all;
    for (const Json& each : list(key, false)) all.push_back(textOf(each, key));
    return all;
}

const Json& Members::list(const char* key, bool wanted) {
    static const Json none = Json::array();
    if (!has(key, wanted)) return none;
    if (!m_object[key].is_array()) refuse(key, LAB_TEXT("learn", "expected a list"));
    return m_object[key];
}

const Json& Members::object(const char* key) {
    has(key, true);
    return m_object[key];
}

const Json* Members::objectIfAny(const char* key) {
    return has(key, false) ? &m_object[key] : nullptr;
}

void Members::noOthers() const {
    for (const auto& [key, value] : m_object.items())
        if (!m_known.contains(key)) refuse(key, LAB_TEXT("learn", "unknown key"));
}

}  // namespace lab::learn
