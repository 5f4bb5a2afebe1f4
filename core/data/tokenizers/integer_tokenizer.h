#pragma once

#include "core/base/limits.h"
#include "core/data/tokenizers/tokenizer.h"

namespace lab {

/// Tokens that are written as their ids, integers between blanks.
class IntegerTokenizer : public Tokenizer {
public:
    /// The largest id that any text may hold: no table has more rows (model.vocab_size).
    static constexpr int largestId = mostRows - 1;

    explicit IntegerTokenizer(int symbols, std::optional<SpecialToken> special = std::nullopt) : Tokenizer(special), m_symbols(symbols) {}

    int symbols() const override { return m_symbols; }
    Message rule() const override;
    std::string written(int token) const override { return std::to_string(token); }

    /// Whether a piece of text is an integer, be it too large or negative.
    static bool isInteger(std::string_view piece);

protected:
    /// Every id up to the largest: whether the model has it is the model's business, which may have more rows than the data have symbols.
    int idOf(std::string_view piece, bool target) const override;

private:
    int m_symbols;
};

}  // namespace lab
