#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/corpus.h"

namespace lab {

/// Both count from 1; columns are characters.
struct TextPlace {
    std::int64_t line = 1, column = 1;

    bool operator==(const TextPlace&) const = default;
};

/// Of a byte of UTF-8.
TextPlace placeIn(std::string_view utf8, std::size_t at);

/// Where something lies in the files.
struct RawPlace {
    std::string file;
    TextPlace place;
};

/// Where byte `at` of a side's clean text comes from; between documents, the end of the one before. `texts` and `settings` are those that
/// the corpus was made of.
RawPlace rawPlaceOf(const Corpus& corpus, const std::vector<RawText>& texts, const CorpusSettings& settings, bool inValidation,
                    std::size_t at);

}  // namespace lab
