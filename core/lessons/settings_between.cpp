#include "core/lessons/settings_between.h"

#include <nlohmann/json.hpp>

#include "core/config/visitor.h"

namespace lab {
namespace {

std::string jsonText(const FieldValue& value) {
    return std::visit(
        [](const auto& held) -> std::string {
            if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>)
                return {};
            else
                return nlohmann::json(held).dump();
        },
        value);
}

}  // namespace

std::map<std::string, std::string> settingsBetween(const Experiment& from, const Experiment& to) {
    std::map<std::string, std::string> settings;
    for (const std::string& path : differences(from, to)) {
        const FieldInfo& field = fieldTable().at(path);
        const std::string value = field.group == "experiment" ? std::string() : jsonText(field.get(to));
        if (!value.empty()) settings[path] = value;
    }
    return settings;
}

}  // namespace lab
