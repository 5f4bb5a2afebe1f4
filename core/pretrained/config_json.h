#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"

namespace lab {

/// A config.json, or an object in one, asked key by key. A key that is absent or null has its usual value. What it throws is an InputError
/// that names the file and the key.
class ConfigReader {
public:
    /// `file` stands in messages. Throws InputError unless the text is one sound JSON object.
    static ConfigReader parsed(std::string_view text, const std::string& file);
    /// `keys` is an object.
    ConfigReader(nlohmann::json keys, std::string file, std::string path = {});

    bool has(const char* key) const;
    /// The first of these keys that is there; the first where none is.
    const char* either(std::initializer_list<const char*> keys) const;

    /// A whole number from `least` to mostRows; without a usual value it has to be there.
    int count(const char* key, std::optional<int> usual = {}, int least = 1) const;
    std::optional<int> countIfThere(const char* key, int least = 1) const;
    double number(const char* key, double usual) const;
    std::optional<double> numberIfThere(const char* key) const;
    bool flag(const char* key, bool usual) const;
    std::string text(const char* key, std::string_view usual) const;
    std::vector<std::string> texts(const char* key) const;
    std::vector<double> numbers(const char* key) const;
    std::vector<int> counts(const char* key) const;
    /// A number, or each of a list of them: eos_token_id.
    std::vector<int> ids(const char* key) const;
    /// Nothing when it is absent, null or empty.
    std::optional<ConfigReader> object(const char* key) const;
    const nlohmann::json& json() const { return *m_keys; }

    [[noreturn]] void refuse(const char* key, Message why) const;
    /// Refuses a value that asks for something this program has not.
    [[noreturn]] void refuseValue(const char* key) const;
    /// Refuses the key unless it is absent or has this value.
    void requireFlag(const char* key, bool value) const;
    const std::string& file() const { return m_file; }

private:
    const nlohmann::json* find(const char* key) const;
    int countOf(const char* key, const nlohmann::json& value, int least) const;

    std::shared_ptr<const nlohmann::json> m_keys;
    std::string m_file, m_path;
};

}  // namespace lab
