#pragma once

#include "core/base/errors.h"
#include "core/data/tokenizers/tokenizer.h"

namespace lab {

class TextPipeline;

/// A character that no piece of the vocabulary covers: "character 12, 'x', has no token in this vocabulary".
class NoTokenError : public InputError {
public:
    NoTokenError(std::string character, int at);

    const std::string& character() const { return *m_character; }  ///< UTF-8
    int at() const { return m_at; }                                ///< characters of the text before it

private:
    std::shared_ptr<const std::string> m_character;  ///< shared: copying an exception must not throw
    int m_at;
};

/// Pieces of running text as a tokenizer.json cuts it: characters, bytes, byte-level BPE, WordPiece, Unigram.
class PieceTokenizer : public Tokenizer {
public:
    /// Throws InputError naming `file` and the place of what is not known.
    PieceTokenizer(std::string json, const std::string& file);
    ~PieceTokenizer() override;

    int symbols() const override;
    Message rule() const override;
    KeptTokenizer kept() const override { return {{}, m_json}; }
    bool isText() const override { return true; }
    TextCuts cuts() const override;
    /// Throws NoTokenError of the first character that no piece covers. `target` changes nothing.
    std::vector<int> encode(std::string_view text, bool target = false) const override;
    std::string decode(const std::vector<int>& tokens) const override;
    std::string written(int token) const override;
    /// With signs for a space before it, tabs and line ends; of a lone byte its hexadecimal digits.
    std::string shown(int token) const override;
    using Tokenizer::shown;

    const TextPipeline& pipeline() const { return *m_pipeline; }

protected:
    /// Of a text that is one piece.
    int idOf(std::string_view piece, bool target) const override;

private:
    std::string m_json;
    std::unique_ptr<const TextPipeline> m_pipeline;
};

}  // namespace lab
