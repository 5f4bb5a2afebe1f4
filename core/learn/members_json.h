#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"

namespace lab::learn {

using Json = nlohmann::json;

/// A JSON document. Throws InputError of `place` for what is none, and for what is nested so deep that whoever walks it would run out of
/// stack.
Json parsedJson(std::string_view text, const std::string& place);

/// Reads the members of one object: every member has to be asked for, so that a mistyped key is found. All throw InputError naming the
/// place and the key.
class Members {
public:
    Members(const Json& object, std::string place);

    std::string text(const char* key, bool wanted);
    int number(const char* key);   ///< whole, from 0 to mostCounted; 0 when it is absent
    double real(const char* key);  ///< 0 when it is absent
    bool flag(const char* key);    ///< false when it is absent
    std::vector<std::string> texts(const char* key);
    const Json& list(const char* key, bool wanted);
    const Json& object(const char* key);
    const Json* objectIfAny(const char* key);  ///< null when it is absent
    /// When all were asked for.
    void noOthers() const;
    std::string place(const std::string& key) const { return m_place + "." + key; }
    [[noreturn]] void refuse(const std::string& key, const Message& message) const;

    bool has(const char* key) { return has(key, false); }

private:
    bool has(const char* key, bool wanted);
    std::string textOf(const Json& value, const char* key) const;

    const Json& m_object;
    std::string m_place;
    std::set<std::string> m_known;
};

}  // namespace lab::learn
