#include "core/data/tokenizers/integer_tokenizer.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/base/number_text.h"

namespace lab {

Message IntegerTokenizer::rule() const {
    return Message(LAB_TEXT("tokens", "integers 0 to %1")).arg(m_symbols - 1);
}

bool IntegerTokenizer::isInteger(std::string_view piece) {
    if (piece.starts_with('-')) piece.remove_prefix(1);
    return !piece.empty() && std::ranges::all_of(piece, [](char c) { return c >= '0' && c <= '9'; });
}

int IntegerTokenizer::idOf(std::string_view piece, bool target) const {
    if (!isInteger(piece)) throw InputError(Message(LAB_TEXT("tokens", "'%1' is not an integer")).arg(piece));
    const auto value = parseInteger(piece);
    if (value && *value >= 0 && *value <= largestId) return static_cast<int>(*value);
    const SourceText sentence = target ? LAB_TEXT("tokens", "%1 is out of range; tokens are integers from 0 to %2, or -1 for no loss")
                                       : LAB_TEXT("tokens", "%1 is out of range; tokens are integers from 0 to %2");
    throw InputError(Message(sentence).arg(piece).arg(largestId));
}

}  // namespace lab
