#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/watched_reading.h"
#include "core/data/tokenizers/pipeline/added_tokens.h"
#include "core/data/tokenizers/pipeline/piece_decoder.h"
#include "core/data/tokenizers/pipeline/piece_model.h"
#include "core/data/tokenizers/pipeline/portions.h"

namespace lab {

/// A character without a token.
struct LostCharacter {
    std::string character;  ///< UTF-8
    int at = 0;             ///< characters of the text before it
};

/// Text to tokens and back as a tokenizer.json describes it: added tokens, normalizer, pre-tokenizer, model, post-processor, decoder (the
/// format of Hugging Face's tokenizers).
class TextPipeline {
public:
    /// Throws InputError naming `file` and the place of what is no JSON, is missing or is not known here.
    TextPipeline(std::string_view json, const std::string& file);
    ~TextPipeline();

    /// Of UTF-8, without the tokens that frame a sequence. Spans count its characters. `wordStarts` gets the indices of the tokens that a
    /// word begins with, as the pre-tokenizer cuts them, or that are no text's.
    std::vector<TextToken> encode(std::string_view text, std::vector<std::size_t>* wordStarts = nullptr) const;
    /// The ids alone, of a text of any length: in portions, so that beside the ids little memory is taken. Throws InputError naming `name`
    /// when the watch wants no more of it.
    std::vector<int> ids(std::string_view text, const Watch& watch = {}, const std::string& name = {}) const;
    /// The words that `encode` cuts into tokens, as they come to the model.
    void eachWord(std::string_view text, const std::function<void(const MappedText& word)>& act) const;
    /// The first character of a text that `encode` leaves out because it has no token: of UTF-8, with its place among the characters.
    /// Blanks that the pre-tokenizer leaves out are none. Nothing where a piece stands for all that is unknown.
    std::optional<LostCharacter> firstLost(std::string_view text) const;
    /// Between the tokens that frame a sequence, where there are any: [CLS] ... [SEP].
    std::vector<int> framed(std::vector<int> ids) const;
    /// Of two sequences: [CLS] ... [SEP] ... [SEP]; as it frames one after the other where it has nothing to say of two.
    std::vector<int> framed(std::vector<int> first, const std::vector<int>& second) const;
    /// UTF-8; what no piece has is left out. `specials`: also the special ones.
    std::string decode(std::span<const int> ids, bool specials = false) const;

    /// As the vocabulary writes it; empty where no piece has this id.
    std::string piece(int id) const;
    /// What a token stands for in a text: UTF-8, or some of its bytes. Without the blanks that pieces of words leave out; of a special
    /// token nothing.
    std::string bytes(int id) const;
    bool isSpecial(int id) const;
    const PieceWriting& writing() const { return m_writing; }
    /// One more than the largest id.
    int size() const;
    TextCuts cuts() const { return m_cuts; }
    const PieceModel& model() const { return *m_model; }

private:
    class WordCache;
    using EachWord = std::function<void(const MappedText& word)>;
    using EachAdded = std::function<void(const AddedToken& token, TextSpan span)>;
    template <class Act>
    void eachPart(std::string_view text, const Act& act) const;
    void cut(const MappedText& text, const EachWord& word, const EachAdded& added) const;
    void cutPart(MappedText part, const EachWord& word, const EachAdded& added) const;
    const AddedToken* added(int id) const;
    void trim(const MappedText& text, TextToken& token) const;

    std::vector<AddedToken> m_added;
    Normalizer m_normalizer;
    PreTokenizer m_preTokenizer;
    std::unique_ptr<PieceModel> m_model;
    std::vector<int> m_before, m_after;  ///< what frames a sequence
    std::vector<int> m_between;          ///< what stands between two
    bool m_trimsBlanks = false;          ///< spans leave out the blanks that a piece begins or ends with,
    bool m_keepsFirstBlank = false;      ///< but for a single one before the text
    PieceDecoder m_decoder;
    PieceWriting m_writing;
    TextCuts m_cuts = TextCuts::nowhere;
};

}  // namespace lab
