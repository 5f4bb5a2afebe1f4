#include "core/goedel/characters.h"

#include <algorithm>
#include <array>

#include "core/base/errors.h"
#include "core/base/utf8.h"

namespace lab::goedel {
namespace {

constexpr std::array<std::string_view, 8> blanks = {" ", "\t", "\r", "\n", "\u00A0", "\u2009", "\u202F", "\u200A"};

}  // namespace

Characters::Characters(std::string_view text) : m_text(text) {
    measure();
}

bool Characters::isBlank() const {
    return std::ranges::find(blanks, front()) != blanks.end();
}

void Characters::advance() {
    m_at += m_length;
    ++m_place;
    measure();
}

void Characters::measure() {
    m_length = atEnd() ? 0 : utf8CharacterLength(rest());
    if (!atEnd() && m_length == 0) throw InputError(Message(LAB_TEXT("goedel", "character %1 of the text is not UTF-8")).arg(m_place));
}

}  // namespace lab::goedel
