#pragma once

#include "core/data/tokenizers/tokenizer.h"

namespace lab {

class TextPipeline;

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
    /// Throws InputError naming the first character that no piece covers, and its place. `target` changes nothing.
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
