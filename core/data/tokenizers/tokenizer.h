#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/config/architecture.h"
#include "core/config/kept_tokenizer.h"
#include "core/data/tokenizers/pipeline/portions.h"

namespace lab {

struct Experiment;
struct TaskConfig;

/// A token that stands where no text does: SEP between what a decoder reads and its answer, BOS before the answer of an encoder-decoder.
/// Its id is one beyond the task's symbols.
struct SpecialToken {
    int id = 0;
    std::string_view name;
};

/// Of tasks that are framed; nothing where a sequence is read as it is.
std::optional<SpecialToken> specialToken(const TaskConfig& task, Architecture architecture);

/// Text to ids and back: what a token is in a file, on a command line, on the screen.
class Tokenizer {
public:
    explicit Tokenizer(std::optional<SpecialToken> special = std::nullopt) : m_special(special) {}
    virtual ~Tokenizer() = default;

    /// Ids that text is made of: 0 .. symbols() - 1.
    virtual int symbols() const = 0;
    /// What may be written: "integers 0 to 9".
    virtual Message rule() const = 0;
    /// What `tokenizerOf` makes it of again.
    virtual KeptTokenizer kept() const;
    /// Whether its tokens are pieces of running text, which no blanks part.
    virtual bool isText() const { return false; }
    /// Where a text may be cut before it is encoded.
    virtual TextCuts cuts() const { return TextCuts::nowhere; }

    /// The ids of a text. `target`: -1, "no loss", is allowed. Throws InputError naming token and place ("token 3: 'cat' is not in the
    /// vocabulary"). The special token is read by its name, in any case of letters, and by its id.
    virtual std::vector<int> encode(std::string_view text, bool target = false) const;
    /// The id of one piece of text; the error names no place.
    int encodeOne(std::string_view piece, bool target = false) const;
    /// Text that `encode` reads as these ids.
    virtual std::string decode(const std::vector<int>& tokens) const;
    /// One token as text and files have it; one without text, the special one too, as its number.
    virtual std::string written(int token) const = 0;
    /// One token for a person's eyes: "3", a word, "SEP".
    virtual std::string shown(int token) const;
    std::vector<std::string> shown(const std::vector<int>& tokens) const;

    const std::optional<SpecialToken>& special() const { return m_special; }
    /// Whether this is how the special token is written: "SEP", "sep".
    bool isSpecial(std::string_view piece) const;

protected:
    /// The id of a piece that is neither the special token's name nor "no loss"; throws as encodeOne.
    virtual int idOf(std::string_view piece, bool target) const = 0;

private:
    std::optional<SpecialToken> m_special;
};

/// The tokenizer of a run: of pieces or words, or of integers when nothing is kept. `experiment` is resolved. Throws InputError when the
/// pipeline is none.
std::shared_ptr<const Tokenizer> tokenizerOf(const Experiment& experiment, KeptTokenizer kept);

}  // namespace lab
