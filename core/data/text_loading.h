#pragma once

#include "core/base/errors.h"
#include "core/base/watched_reading.h"
#include "core/data/loaded_task.h"
#include "core/data/text_dataset.h"
#include "core/text/corpus.h"
#include "core/text/raw_place.h"

namespace lab {

/// What of the experiment says how its text is cleaned, cut and split.
CorpusSettings corpusSettings(const TaskConfig& task);

/// The tokenizer that the task names, made of the corpus where it is to be learned: characters of the whole text, bytes, BPE of what is
/// trained on, or a tokenizer.json relative to `folder`. Throws InputError; `watch` may end the learning of BPE.
std::shared_ptr<const Tokenizer> textTokenizer(const TaskConfig& task, const Corpus& corpus, const std::filesystem::path& folder,
                                               const Watch& watch = {});

/// A character of a text that has no token: "line 3, character 12: 'x' has no token in this vocabulary".
class LostInTextError : public InputError {
public:
    LostInTextError(std::string_view text, std::size_t at, std::string character);
    LostInTextError(TextPlace place, std::size_t at, std::string character);

    std::size_t at() const { return m_at; }                        ///< its byte in the text that was encoded
    const std::string& character() const { return *m_character; }  ///< UTF-8

private:
    std::size_t m_at;
    std::shared_ptr<const std::string> m_character;
};

/// Bytes of a text that are encoded in one go.
inline constexpr std::size_t encodedAtOnce = std::size_t{1} << 18;

/// The ids of a text of any length: those of encoding it in one piece, but in parts of some `partBytes` where the tokenizer allows
/// (Tokenizer::cuts), several at once; only where it may be cut nowhere in four times that it is cut at a character. Throws
/// LostInTextError, and InputError when the watch ends it.
TokenIds encodeText(const Tokenizer& tokenizer, std::string_view text, const Watch& watch = {}, std::size_t partBytes = encodedAtOnce);

/// A text that was cleaned and parted before, whose files are not asked again: documents are what blank lines part.
Corpus partedCorpus(std::string train, std::string validation, std::string rawHash, std::string cleanHash);

/// Reads the files of a text task and completes the experiment with what they say. Throws InputError naming file and place.
/// Cut by a tokenizer that was kept, if there is one.
LoadedTask loadText(Experiment experiment, const KeptTokenizer& kept, const std::filesystem::path& folder, const Watch& watch = {});
/// The same of a corpus that is there, with the tokenizer that was kept of it, if any.
LoadedTask loadText(Experiment experiment, std::shared_ptr<const Corpus> corpus, const KeptTokenizer& kept,
                    const std::filesystem::path& folder, const Watch& watch = {});
/// The same of tokens that are there.
LoadedTask loadText(Experiment experiment, std::shared_ptr<const TextTokens> text);

/// The text of a task that is loaded, if this experiment, resolved, asks for the same text cut the same way; else null.
std::shared_ptr<const TextTokens> textInCommon(const Experiment& experiment, const LoadedTask& known);

}  // namespace lab
