#pragma once

#include <string>
#include <string_view>

// What Unicode says of characters (utf8proc's tables, Unicode 15).

namespace lab::unicode {

bool isLetter(char32_t character);    ///< \p{L}
bool isNumber(char32_t character);    ///< \p{N}
bool isSpace(char32_t character);     ///< White_Space, which \s stands for
bool isMark(char32_t character);      ///< Mn
bool isWordPart(char32_t character);  ///< L, M and N
/// Any mark (M), or one of the later parts of a Hangul syllable, or what NFC never holds: a character that composing may touch.
bool mayRecompose(char32_t character);
bool isPunctuation(char32_t character);
/// Control, format and private characters, but for tab and line ends.
bool isControl(char32_t character);
/// The blocks of CJK ideographs that BERT sets apart.
bool isIdeograph(char32_t character);
/// More than one character for some.
std::u32string lowered(char32_t character);

enum class Form { nfc, nfd, nfkc, nfkd };
bool composes(Form form);
/// Of one character: what it is made of. Not yet in canonical order.
std::u32string decomposed(char32_t character, Form form);
int combiningClass(char32_t character);
/// 0: the two make no one character.
char32_t composed(char32_t first, char32_t second);
/// A text in UTF-8, which it is for certain, in normal form C.
std::string nfc(std::string_view text);

}  // namespace lab::unicode
