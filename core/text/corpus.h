#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/errors.h"
#include "core/base/message.h"
#include "core/base/watched_reading.h"
#include "core/text/cleaning.h"
#include "core/text/text_files.h"

namespace lab {

struct CorpusSettings {
    std::vector<std::string> cleaning = defaultCleaning();  ///< names of the rules that are on
    bool documentsAreFiles = false;                         ///< otherwise they are cut at blank lines
    bool splitTail = false;                                 ///< validation is the end of the text, not documents drawn by their hashes
    double validationShare = .1;                            ///< 0: all is training text

    bool operator==(const CorpusSettings&) const = default;
};

enum class TextSide : std::uint8_t { train, validation, both };

/// A document, in order. The split by tail may cut one in two: it is on both sides.
struct TextDocument {
    std::uint32_t file = 0;                  ///< of the texts that were given
    std::uint32_t rawBegin = 0, rawEnd = 0;  ///< bytes of that text, as UTF-8
    std::uint32_t begin = 0;                 ///< in the text of its side; of both: in train
    std::uint32_t size = 0;                  ///< bytes there
    std::uint32_t tail = 0;                  ///< bytes at the front of the validation text, of one that is on both sides
    TextSide side = TextSide::train;
};

/// Text that is cleaned, cut into documents and parted. What is stated is exact: hashes of what was read and of what came of it.
struct Corpus {
    std::vector<TextDocument> documents;
    std::string train, validation;  ///< UTF-8, documents joined by a blank line
    CleaningReport report;
    std::string rawHash;    ///< SHA-256, hex: of all given bytes one after the other
    std::string cleanHash;  ///< of versionText(settings), then each clean document and a blank line
    std::size_t rawBytes = 0;
    std::vector<bool> latin1;    ///< a text each: it was no UTF-8
    bool splitTail = false;      ///< the split that was made: by hashes needs 20 documents and something on each side
    double repeated = 0;         ///< share of the validation text's runs of eight words that stand in the training text too
    std::vector<Message> notes;  ///< what a person should know, a sentence each

    std::string textOf(const TextDocument& document) const;
    /// Of this side; both: what the document has on the side it begins on.
    std::string_view partOf(const TextDocument& document) const;
};

/// A text is not UTF-8, and the rule latin1 is not on, which would read it.
class NotUtf8Error : public InputError {
public:
    NotUtf8Error(const std::string& file, std::size_t byte);
};

/// Cleans, cuts and parts texts. A document goes to validation when the front of its SHA-256 (after cleaning) modulo 1000 is below 1000
/// times the share: it stays where it is when text is added, and equal documents are on one side. With fewer than 20 documents, or when a
/// side would be empty, validation is the tail of the text, cut at the end of a line. Throws NotUtf8Error, naming the byte, and InputError:
/// no words at all, too short to be parted, an unknown rule; or when the watch ends it.
Corpus makeCorpus(const std::vector<RawText>& texts, const CorpusSettings& settings, const Watch& watch = {});

/// What a person should know of a corpus made by these settings: Corpus::notes.
std::vector<Message> corpusNotes(const Corpus& corpus, const CorpusSettings& settings);

/// The settings that the clean text depends on, in one way to write them: JSON.
std::string versionText(const CorpusSettings& settings);

/// One document before and after, for looking at it.
struct DocumentChange {
    std::string raw;  ///< UTF-8
    std::string clean;
    std::vector<TextEdit> edits;  ///< of raw; together they make clean
    bool whole = true;
};
/// Of a document of more than `most` bytes its front alone, up to the end of a line where there is one, without the rule repeated_lines.
DocumentChange changeOf(const Corpus& corpus, const std::vector<RawText>& texts, const CorpusSettings& settings, std::size_t document,
                        std::size_t most = std::string::npos);

}  // namespace lab
