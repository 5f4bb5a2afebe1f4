#pragma once

#include <cstddef>
#include <string_view>

namespace lab {

/// Bytes of the UTF-8 character at the front of `text`; 0 when there is none (RFC 3629: no overlong forms, no surrogates).
std::size_t utf8CharacterLength(std::string_view text);

bool isUtf8(std::string_view text);

}  // namespace lab
