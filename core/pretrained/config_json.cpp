#include "core/pretrained/config_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/errors.h"
#include "core/base/limits.h"
#include "core/config/json_check.h"

namespace lab {
namespace {

using Json = nlohmann::json;

Json objectOf(std::string_view text, const std::string& file) {
    try {
        requireJson(text);
    } catch (const InputError& error) {
        throw InputError(file, error.message());
    }
    Json json = Json::parse(text);
    if (!json.is_object()) throw InputError(file, LAB_TEXT("pretrained", "no JSON object"));
    return json;
}

/// As messages show it.
std::string shown(const Json& value) {
    constexpr std::size_t most = 60;
    const std::string text = value.dump();
    return text.size() <= most ? text : text.substr(0, most) + "..";
}

}  // namespace

ConfigReader ConfigReader::parsed(std::string_view text, const std::string& file) {
    return {objectOf(text, file), file};
}

ConfigReader::ConfigReader(Json keys, std::string file, std::string path)
    : m_keys(std::make_shared<const nlohmann::json>(std::move(keys))), m_file(std::move(file)), m_path(std::move(path)) {}

const Json* ConfigReader::find(const char* key) const {
    const auto found = m_keys->find(key);
    return found == m_keys->end() || found->is_null() ? nullptr : &*found;
}

bool ConfigReader::has(const char* key) const {
    return find(key) != nullptr;
}

const char* ConfigReader::either(std::initializer_list<const char*> keys) const {
    for (const char* key : keys)
        if (has(key)) return key;
    return *keys.begin();
}

void ConfigReader::refuse(const char* key, Message why) const {
    throw InputError(m_file, located(m_path + key, std::move(why)));
}

void ConfigReader::refuseValue(const char* key) const {
    const Json* value = find(key);
    refuse(key, Message(LAB_TEXT("pretrained", "%1 is something that this program does not know")).arg(value ? shown(*value) : "null"));
}

void ConfigReader::requireFlag(const char* key, bool value) const {
    if (flag(key, value) != value) refuseValue(key);
}

int ConfigReader::countOf(const char* key, const Json& value, int least) const {
    const bool fits = value.is_number_integer() && (value.is_number_unsigned() ? value.get<std::uint64_t>() <= std::uint64_t{mostRows}
                                                                               : value.get<std::int64_t>() <= mostRows);
    if (!fits || value.get<std::int64_t>() < least)
        refuse(key, Message(LAB_TEXT("pretrained", "%1 is no whole number from %2 to %3")).arg(shown(value)).arg(least).arg(mostRows));
    return value.get<int>();
}

int ConfigReader::count(const char* key, std::optional<int> usual, int least) const {
    if (const auto value = countIfThere(key, least)) return *value;
    if (!usual) refuse(key, LAB_TEXT("pretrained", "this key is missing"));
    return *usual;
}

std::optional<int> ConfigReader::countIfThere(const char* key, int least) const {
    const Json* value = find(key);
    return value ? std::optional(countOf(key, *value, least)) : std::nullopt;
}

std::optional<double> ConfigReader::numberIfThere(const char* key) const {
    const Json* value = find(key);
    if (!value) return std::nullopt;
    if (!value->is_number() || !std::isfinite(value->get<double>()))
        refuse(key, Message(LAB_TEXT("pretrained", "%1 is no number")).arg(shown(*value)));
    return value->get<double>();
}

double ConfigReader::number(const char* key, double usual) const {
    return numberIfThere(key).value_or(usual);
}

bool ConfigReader::flag(const char* key, bool usual) const {
    const Json* value = find(key);
    if (!value) return usual;
    if (!value->is_boolean()) refuse(key, Message(LAB_TEXT("pretrained", "%1 is neither true nor false")).arg(shown(*value)));
    return value->get<bool>();
}

std::string ConfigReader::text(const char* key, std::string_view usual) const {
    const Json* value = find(key);
    if (!value) return std::string(usual);
    if (!value->is_string()) refuse(key, Message(LAB_TEXT("pretrained", "%1 is no text")).arg(shown(*value)));
    return value->get<std::string>();
}

namespace {

/// Each of a list; nothing when it is none.
template <class Act>
bool eachOf(const Json* value, const Act& act) {
    if (!value) return true;
    if (!value->is_array()) return false;
    for (const Json& item : *value)
        if (!act(item)) return false;
    return true;
}

}  // namespace

std::vector<std::string> ConfigReader::texts(const char* key) const {
    std::vector<std::string> list;
    const bool good =
        eachOf(find(key), [&](const Json& item) { return item.is_string() && (list.push_back(item.get<std::string>()), true); });
    if (!good) refuse(key, LAB_TEXT("pretrained", "no list of texts"));
    return list;
}

std::vector<double> ConfigReader::numbers(const char* key) const {
    std::vector<double> list;
    const bool good = eachOf(find(key), [&](const Json& item) { return item.is_number() && (list.push_back(item.get<double>()), true); });
    if (!good) refuse(key, LAB_TEXT("pretrained", "no list of numbers"));
    return list;
}

std::vector<int> ConfigReader::counts(const char* key) const {
    std::vector<int> list;
    const bool good = eachOf(find(key), [&](const Json& item) { return list.push_back(countOf(key, item, 0)), true; });
    if (!good) refuse(key, LAB_TEXT("pretrained", "no list of numbers"));
    return list;
}

std::vector<int> ConfigReader::ids(const char* key) const {
    const Json* value = find(key);
    if (!value) return {};
    if (value->is_array()) return counts(key);
    if (value->is_number_integer() && value->get<std::int64_t>() < 0) return {};  // -1: none
    return {countOf(key, *value, 0)};
}

std::optional<ConfigReader> ConfigReader::object(const char* key) const {
    const Json* value = find(key);
    if (!value) return std::nullopt;
    if (!value->is_object()) refuse(key, Message(LAB_TEXT("pretrained", "%1 is no object")).arg(shown(*value)));
    if (value->empty()) return std::nullopt;
    return ConfigReader(*value, m_file, m_path + key + ".");
}

}  // namespace lab
