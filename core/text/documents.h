#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// Bytes [begin, end) of a text.
struct ByteRange {
    std::size_t begin = 0, end = 0;

    std::size_t size() const { return end - begin; }
    bool operator==(const ByteRange&) const = default;
};

/// Blank: nothing in it but spaces of all kinds and characters that cannot be seen.
bool isBlankLine(std::string_view line);

/// The documents of a part of a text: all between blank lines, or the whole, without blank lines before and behind and without the end of
/// the last line. Lines end with LF, CR LF or CR whatever is cleaned later, so that the documents are the same. None: it is all blank.
std::vector<ByteRange> cutDocuments(std::string_view text, ByteRange part, bool atBlankLines);

/// What Project Gutenberg put around a text taken away: from behind the line "*** START OF ... GUTENBERG ..." to before "*** END OF ...";
/// where there is none of these lines the text begins and ends as `part` does.
ByteRange withoutGutenberg(std::string_view text, ByteRange part);

/// The first words of a document, at most 40 characters, on one line and without Markdown's signs of a heading.
std::string titleOf(std::string_view document);

}  // namespace lab
