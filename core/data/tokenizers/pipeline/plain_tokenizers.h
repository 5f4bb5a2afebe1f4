#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// The different characters of texts of any length.
class CharacterSet {
public:
    /// UTF-8, not cut within a character.
    void add(std::string_view utf8);
    /// In the order of their code points, UTF-8.
    std::vector<std::string> characters() const;

private:
    static constexpr std::size_t codePoints = 0x110000;
    std::vector<bool> m_seen = std::vector<bool>(codePoints);
};

/// The tokenizer.json whose tokens are these characters, and behind them these special ones; as of a text.
std::string characterTokenizerJson(const CharacterSet& characters, const std::vector<std::string>& specials = {});
/// The tokenizer.json whose tokens are the characters of this text, UTF-8, in the order of their code points: ids from 0. Any other
/// character has no token (TextPipeline::firstLost finds it).
std::string characterTokenizerJson(std::string_view text);

/// The tokenizer.json of 256 tokens, one a byte, and behind them these special ones; the id is the byte. Every text has tokens.
std::string byteTokenizerJson(const std::vector<std::string>& specials = {});

/// The tokenizer.json of words between blanks, by id. A word that is not among them has no token. Throws InputError for a word that is
/// empty, has a blank in it, or comes twice.
std::string wordTokenizerJson(const std::vector<std::string>& words);

}  // namespace lab
