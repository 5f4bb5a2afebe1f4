#pragma once

#include <string>
#include <string_view>

#include "core/base/watched_reading.h"

namespace lab {

/// Where a tokenizer comes from.
struct TokenizerSource {
    enum class Kind {
        characters,  ///< those of a text
        bytes,
        bpe,  ///< byte-level BPE trained on a text
        file  ///< as readTokenizer reads it
    };
    Kind kind = Kind::characters;
    int pieces = 512;    ///< of bpe
    std::string path{};  ///< of file

    bool operator==(const TokenizerSource&) const = default;
};

/// The text of its tokenizer.json. The text is looked at by characters and bpe only. Throws InputError: pieces too few for the bytes, what
/// is wrong with the file, or that the watch wanted no more of it.
std::string tokenizerJsonOf(const TokenizerSource& source, std::string_view text, const Watch& watch = {});

}  // namespace lab
