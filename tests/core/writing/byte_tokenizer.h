#pragma once

#include "core/base/utf8.h"
#include "core/data/tokenizers/tokenizer.h"

namespace lab::testing {

/// A token a byte: characters beyond ASCII take several.
class ByteTokenizer : public Tokenizer {
public:
    int symbols() const override { return 256; }
    Message rule() const override { return Message::verbatim("bytes"); }
    std::vector<int> encode(std::string_view text, bool = false) const override {
        std::vector<int> tokens;
        for (const char c : text) tokens.push_back(static_cast<unsigned char>(c));
        return tokens;
    }
    std::string decode(const std::vector<int>& tokens) const override {
        std::string bytes, text;
        for (const int token : tokens) bytes += static_cast<char>(token);
        for (std::string_view rest = bytes; !rest.empty();) {
            const std::size_t length = utf8CharacterLength(rest);
            text += length > 0 ? std::string(rest.substr(0, length)) : "\xEF\xBF\xBD";
            // A beginning that only lacks its end is one sign, whatever its length.
            const bool begun = length == 0 && rest.size() < 4 && (static_cast<unsigned char>(rest[0]) >= 0xC2);
            rest.remove_prefix(length > 0 ? length : begun ? rest.size() : 1);
        }
        return text;
    }
    std::string written(int token) const override { return decode({token}); }

protected:
    int idOf(std::string_view piece, bool) const override { return static_cast<unsigned char>(piece[0]); }
};

}  // namespace lab::testing
