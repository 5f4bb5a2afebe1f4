#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/errors.h"

namespace lab {

/// The parts of a tokenizer.json by their "type".
template <class Made>
using PartTable = std::map<std::string, std::function<Made(const nlohmann::json&, const std::string& place)>, std::less<>>;

inline InputError unknownPart(const std::string& place, const std::string& name) {
    return InputError(place, Message(LAB_TEXT("tokens", "%1 is a part of a tokenizer that is not known here")).arg(name));
}

/// Throws InputError naming the place of a part that is not in the table.
template <class Made>
Made madeBy(const PartTable<Made>& table, const nlohmann::json& json, const std::string& place) {
    const std::string type = json.is_object() && json.contains("type") && json["type"].is_string() ? json["type"].get<std::string>() : "";
    const auto found = table.find(type);
    if (found == table.end()) throw unknownPart(place + ".type", type.empty() ? json.dump() : type);
    return found->second(json, place);
}

}  // namespace lab
