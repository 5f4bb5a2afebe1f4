#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/watched_reading.h"
#include "core/text/corpus.h"

namespace lab {

struct WordCount {
    std::string word;  ///< as it is written (core/text/words.h)
    std::int64_t count = 0;

    bool operator==(const WordCount&) const = default;
};

struct DocumentCount {
    std::uint32_t characters = 0, words = 0;

    bool operator==(const DocumentCount&) const = default;
};

/// Bars of one width: bar i counts what lies in [first + i width, first + (i + 1) width).
struct LengthBars {
    std::int64_t first = 0, width = 1;
    std::vector<std::int64_t> counts;
};

/// Counts of the clean text.
struct TextStatistics {
    std::int64_t documents = 0, characters = 0, differentCharacters = 0, words = 0;
    std::vector<WordCount> ranks;           ///< every different word, the commonest first, equally frequent ones by their bytes
    std::vector<DocumentCount> ofDocument;  ///< a document each
    LengthBars lengths;                     ///< characters a document

    std::int64_t differentWords() const { return static_cast<std::int64_t>(ranks.size()); }
    /// Different words that occur fewer than ten times.
    std::int64_t rareWords() const;
    /// Of all words: what the ten commonest make up, 0 to 1.
    double commonestShare() const;
};

/// Throws InputError when the watch ends it.
TextStatistics textStatistics(const Corpus& corpus, const Watch& watch = {});

/// At most some 20 bars whose width is 1, 2 or 5 times a power of ten.
LengthBars lengthBars(const std::vector<DocumentCount>& documents);

}  // namespace lab
