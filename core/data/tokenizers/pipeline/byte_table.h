#pragma once

#include <string>
#include <string_view>

namespace lab {

/// The character that stands for a byte in byte-level vocabularies (Radford 2019): itself where it can be seen, U+0100 and on for the other
/// 68. "Ġ" is a space.
char32_t characterOfByte(unsigned char byte);
/// The bytes that the characters of a piece stand for; others stand for themselves.
std::string bytesOfCharacters(std::string_view piece);
/// -1: it stands for none.
int byteOfCharacter(char32_t character);

}  // namespace lab
