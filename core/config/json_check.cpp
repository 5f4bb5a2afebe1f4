#include "core/config/json_check.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/base/errors.h"

namespace lab {
namespace {

/// What was read last may be as long as the document: beginning and end tell enough.
std::string shortened(const std::string& text) {
    constexpr std::size_t start = 160, end = 80;
    if (text.size() <= start + end) return text;
    const auto isInside = [&text](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };  // a UTF-8 sequence
    std::size_t first = start, second = text.size() - end;
    while (first > 0 && isInside(first)) --first;
    while (second < text.size() && isInside(second)) ++second;
    return text.substr(0, first) + " \u2026 " + text.substr(second);
}

using Json = nlohmann::json;

constexpr std::size_t deepest = 64;

/// Walks the document without building it.
class Checker : public nlohmann::json_sax<Json> {
public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(std::int64_t) override { return true; }
    bool number_unsigned(std::uint64_t) override { return true; }
    bool number_float(double, const std::string&) override { return true; }
    bool string(std::string&) override { return true; }
    bool binary(Json::binary_t&) override { return true; }
    bool start_object(std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_array() override { return close(); }

    bool key(std::string& name) override {
        Level& level = m_levels.back();
        level.current = name;
        if (level.keys.insert(name).second) return true;
        m_problem = located(path(), LAB_TEXT("json", "this key is given twice"));
        return false;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
        // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..."
        const std::string what = error.what();
        const std::size_t at = what.find(" at ");
        const std::size_t bracket = what.find("] ");
        const auto problem = [&] {
            if (at != std::string::npos) return Message::verbatim(shortened(what.substr(at + 4)));
            if (bracket == std::string::npos) return Message::verbatim(shortened(what));
            return Message(LAB_TEXT("json", "%1 near byte %2")).arg(shortened(what.substr(bracket + 2))).arg(position);
        };
        m_problem = located(LAB_TEXT("json", "not valid JSON"), problem());
        return false;
    }

    const Message& problem() const { return m_problem; }

private:
    struct Level {
        std::set<std::string, std::less<>> keys;
        std::string current;
    };

    std::string path() const {
        std::string text;
        for (const Level& level : m_levels) {
            if (!level.current.empty()) text += (text.empty() ? "" : ".") + level.current;
        }
        return text;
    }

    bool open() {
        if (m_levels.size() >= deepest) {
            m_problem = Message(LAB_TEXT("json", "not valid JSON here: nested more than %1 deep")).arg(deepest);
            return false;
        }
        m_levels.emplace_back();
        return true;
    }

    bool close() {
        m_levels.pop_back();
        return true;
    }

    std::vector<Level> m_levels;
    Message m_problem;
};

}  // namespace

void requireJson(std::string_view text) {
    Checker checker;
    if (!Json::sax_parse(text, &checker)) throw InputError(checker.problem());
}

}  // namespace lab
