#pragma once

#include <string_view>

namespace lab {

/// Throws InputError unless `text` is one whole JSON document in UTF-8 without duplicate keys, nested at most 64 deep. Parsers take the
/// last of two equal keys without a word; here they are refused, with the key's path.
void requireJson(std::string_view text);

}  // namespace lab
