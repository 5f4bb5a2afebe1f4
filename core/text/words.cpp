#include "core/text/words.h"

#include "core/text/unicode.h"

namespace lab::words {

Part otherPart(char32_t code) {
    constexpr char32_t apostrophe = 0x2019;
    if (code == apostrophe) return Part::joint;
    if (unicode::isIdeograph(code)) return Part::alone;
    return unicode::isWordPart(code) ? Part::inside : Part::none;
}

}  // namespace lab::words
