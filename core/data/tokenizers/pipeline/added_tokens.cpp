#include "core/data/tokenizers/pipeline/added_tokens.h"

#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/limits.h"
#include "core/text/unicode.h"

namespace lab {
namespace {

bool isOfWord(char32_t c) {
    return c == '_' || unicode::isLetter(c) || unicode::isNumber(c) || unicode::isMark(c);
}

bool standsAlone(const std::u32string& text, std::size_t first, std::size_t last) {
    return (first == 0 || !isOfWord(text[first - 1])) && (last == text.size() || !isOfWord(text[last]));
}

/// The longest token at a place; null: there is none.
const AddedToken* tokenAt(const std::u32string& text, std::size_t at, const std::vector<AddedToken>& tokens, bool normalized) {
    const AddedToken* best = nullptr;
    for (const AddedToken& token : tokens) {
        const std::size_t length = token.content.size();
        if (token.normalized != normalized || length == 0 || text.compare(at, length, token.content) != 0) continue;
        if (!best || length > best->content.size()) best = &token;
    }
    return best && (!best->singleWord || standsAlone(text, at, at + best->content.size())) ? best : nullptr;
}

}  // namespace

std::vector<AddedToken> addedTokensOf(const nlohmann::json& json, const std::string& place) {
    std::vector<AddedToken> tokens;
    for (const auto& each : json) {
        const std::string at = place + "[" + std::to_string(tokens.size()) + "]";
        const auto wrong = [&at](const char* key) { return InputError(at + "." + key, LAB_TEXT("tokens", "missing, or of another type")); };
        if (!each.is_object() || !each.contains("content") || !each["content"].is_string()) throw wrong("content");
        if (!each.contains("id") || !each["id"].is_number_unsigned() || each["id"].get<std::uint64_t>() >= std::uint64_t{mostRows})
            throw wrong("id");
        const bool special = each.value("special", false);
        tokens.push_back({each["id"].get<int>(), charactersOf(each["content"].get<std::string>()), special,
                          each.value("single_word", false), each.value("lstrip", false), each.value("rstrip", false),
                          each.value("normalized", !special)});
    }
    return tokens;
}

std::vector<TextPart> cutAtTokens(const MappedText& text, const std::vector<AddedToken>& tokens, bool normalized) {
    std::vector<TextPart> parts;
    const auto add = [&](std::size_t first, std::size_t last, const AddedToken* token) {
        if (last > first) parts.push_back({text.part(first, last), token});
    };
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size();) {
        const AddedToken* token = tokenAt(text.text, at, tokens, normalized);
        if (!token) {
            ++at;
            continue;
        }
        std::size_t first = at, last = at + token->content.size();
        while (token->takesLeft && first > done && unicode::isSpace(text.text[first - 1])) --first;
        while (token->takesRight && last < text.size() && unicode::isSpace(text.text[last])) ++last;
        add(done, first, nullptr);
        add(first, last, token);
        done = at = last;
    }
    add(done, text.size(), nullptr);
    return parts;
}

}  // namespace lab
