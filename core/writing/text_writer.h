#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/tokenizers/tokenizer.h"
#include "core/model/decoding.h"
#include "core/writing/text_stream.h"

namespace lab {

struct TaskConfig;

struct WritingOptions {
    int count = 200;                         ///< tokens to write at most
    Sampling sampling = Sampling::ofText();  ///< the token at place i of the whole text is drawn with number i of the seed's stream
    std::vector<std::string> stops{};        ///< writing ends before the first of them
    bool cache = true;                       ///< false: everything read anew for each token; the text is the same
    int window = 0;                          ///< tokens that the model looks back at, at most; 0: those it was made for (max_seq_len)
    std::size_t candidates = 12;             ///< kept of each token's distribution
    /// The first tokens behind the prompt are these, whatever is drawn: a text written before, or another branch that somebody chose. They
    /// count, and are judged as all others.
    std::vector<int> given{};
    /// Read before a prompt of text (openingOf).
    std::vector<int> opening{};

    DecodingManner manner{};

    bool operator==(const WritingOptions&) const = default;
};

/// What the model of a task reads before a text that it writes on: what its tokenizer puts there (BOS) where its texts were read so, as those
/// of a model that was opened from elsewhere, or of pairs it was trained on (readsFramed); nothing before blocks of a text.
std::vector<int> openingOf(const TaskConfig& task, const Tokenizer& tokenizer);

/// What a token might have been.
struct Candidate {
    int token = 0;
    double before = 0;                    ///< probability as the model gives it
    double heated = 0;                    ///< behind penalties and temperature
    double after = 0;                     ///< that it is drawn with; 0 where cut
    const SamplingRule* cutBy = nullptr;  ///< null: not cut

    bool operator==(const Candidate&) const = default;
};

/// What a rule took away.
struct CutShare {
    const SamplingRule* rule = nullptr;
    int tokens = 0;
    double before = 0;  ///< sum of their probabilities as the model gives them
};

/// A token that was written, and how.
struct WrittenToken {
    int token = 0;
    int position = 0;                   ///< in the whole text, from 0
    std::string text;                   ///< UTF-8 that it adds or completes; empty for a part of a character
    std::string released;               ///< what may be written out now: behind `text` while a stop string may be coming
    double surprise = 0;                ///< -log2 of its probability before temperature and cuts, bits
    double entropyBefore = 0;           ///< bits
    double entropyAfter = 0;            ///< bits
    int firstRead = 0;                  ///< the model looked back to this place of the text
    std::vector<Candidate> candidates;  ///< the likeliest first; the token is among them
    std::vector<CutShare> cuts;         ///< of the rules that cut anything, in their order
};

/// What the options' candidates and cuts of one distribution are.
std::vector<Candidate> candidatesOf(const NextToken& next, std::size_t most);
std::vector<CutShare> cutsOf(const NextToken& next);

/// The first place that a model with a window of `window` tokens reads of a text of `length`. It moves by half a window at a time: keys and
/// values of the past hold for their positions alone, so a move has them computed anew, and then half a window is written without.
int firstReadOf(int length, int window);

/// Writes on from a prompt with a decoder, token by token. A pure function of weights, prompt and options: the same text with a cache
/// or without, at once or in parts.
class TextWriter {
public:
    enum class End { none, count, stop, noToken };  ///< noToken: a class that stands for nothing that could be read

    /// All must outlive it but the prompt. Throws InputError for an encoder or an encoder-decoder, for a prompt without tokens, with what
    /// the tokenizer does not know, and for numbers that no rule allows. The options' opening counts as part of the prompt.
    TextWriter(std::shared_ptr<const Model> model, const Weights& weights, std::shared_ptr<const Tokenizer> tokenizer,
               std::string_view prompt, WritingOptions options);
    /// The same behind tokens, and nothing before them.
    TextWriter(std::shared_ptr<const Model> model, const Weights& weights, std::shared_ptr<const Tokenizer> tokenizer,
               std::vector<int> prompt, WritingOptions options);

    /// Nothing once the end is reached. Throws InputError when the model's numbers are none.
    std::optional<WrittenToken> next();
    End end() const { return m_end; }
    /// What was held back when the end came.
    std::string rest();

    /// Prompt and what was written.
    const std::vector<int>& tokens() const { return m_tokens; }
    std::size_t promptLength() const { return m_promptLength; }
    int window() const { return m_window; }
    std::size_t cacheBytes() const { return m_options.cache ? m_decoding.cacheBytes() : 0; }

private:
    std::vector<float> logits();
    WrittenToken recordOf(const NextToken& chosen);

    std::shared_ptr<const Tokenizer> m_tokenizer;
    WritingOptions m_options;
    int m_vocabulary, m_window;
    std::vector<int> m_tokens;
    std::size_t m_promptLength;
    Decoding m_decoding;
    bool m_blankStands = false;  ///< in front of the first token
    int m_first = 0;             ///< place in the text of the first token that was read
    TextStream m_stream;
    StopStrings m_stops;
    End m_end = End::none;
};

}  // namespace lab
