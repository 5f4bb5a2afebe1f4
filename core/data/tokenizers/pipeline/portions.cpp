#include "core/data/tokenizers/pipeline/portions.h"

#include <algorithm>

#include "core/data/tokenizers/pipeline/mapped_text.h"
#include "core/text/unicode.h"

namespace lab {
namespace {

/// Whether the last character is a blank, of any script.
bool endsInBlank(std::string_view utf8) {
    std::size_t first = utf8.size() - 1;
    while (first > 0 && (static_cast<unsigned char>(utf8[first]) & 0xC0) == 0x80) --first;
    return unicode::isSpace(charactersOf(utf8.substr(first)).front());
}

}  // namespace

std::size_t portionEnd(std::string_view utf8) {
    std::size_t end = std::min(portionBytes, utf8.size());
    while (end < utf8.size() && !(utf8[end] == ' ' && !endsInBlank(utf8.substr(0, end)))) ++end;
    return end;
}

}  // namespace lab
