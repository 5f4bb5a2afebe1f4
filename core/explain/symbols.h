#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/explain/walk.h"

namespace lab::explain {

/// What a symbol stands for in a walk: one meaning, the same in every stage. The optimizer's step has letters of its own field's papers
/// (v is a value elsewhere), so they stand apart.
struct SymbolRow {
    enum class Where { walk, update };

    std::string_view symbol;  ///< as formulas write it: "W_{Q}", "u_{g}"; subscripts that count (i, j, 3) do not belong to it
    SourceText meaning;
    Where where = Where::walk;
};

std::span<const SymbolRow> symbolTable();

/// The row of the symbol that `written` is, with whatever counts in its subscript; nullptr where the table has none. "q′_{5,2}" is q′.
const SymbolRow* symbolRow(std::string_view written, SymbolRow::Where where = SymbolRow::Where::walk);

/// The letters of a formula as it writes them, with their subscripts, each once, without those that are part of a word.
std::vector<std::string_view> lettersOf(std::string_view formula);

/// What the letters of a stage's formula mean, in the formula's order.
std::vector<const SymbolRow*> symbolsOf(const Stage& stage);

}  // namespace lab::explain
