#pragma once

#include <span>

#include "core/explain/layout.h"

// Stages as data: which there are, their words, and which nodes stand in which grid. A row of a table is for forms with its traits; of
// several rows for the same words the last one counts, but for notes, which add up.

namespace lab::explain {

/// A stage: how it is called, and the cell that stands in its formula, "GRID ROW COLUMN": numbers, or "result" (the master column), "last"
/// row, "key" (that weighs most), "head", "target" class, "best" class, "worst" (where the grid's numbers are largest). Later rows replace
/// what they name; without a result in any row the stage is not of this form.
struct StageRow {
    const char* id;
    const char* when;
    Say symbol = {}, caption = {}, heading = {};
    const char* result = "";
    const char* band = "";    ///< of the desk with one column per key: the one in which the stage's operation happens
    const char* claims = "";  ///< the desk's grids whose numbers are explained here; "exp>" with their results
    const char* part = "";    ///< of the block
};

/// A part of the block, of which stages are by their rows.
struct PartRow {
    const char* id;
    Say symbol, name;
    const char* without = "";  ///< another name of it, for walks that have not this stage
};

enum class Field { formula, text, note };

struct WordRow {
    const char* stage;
    Field field;
    const char* when;
    Say words;
    const char* arguments = "";  ///< what %1, %2, ... are: "$i|$j"
};

std::span<const StageRow> stageRows();
std::span<const PartRow> partRows();
/// Where two of them have a row for the same field the later one counts.
std::span<const WordRow> forwardWords();
std::span<const WordRow> attentionWords();
std::span<const WordRow> answerWords();
std::span<const WordRow> backwardWords();
std::span<const WordRow> laterWords();
/// Said in several places.
inline constexpr SourceText asSetByHand = LAB_TEXT("explain", "%1 as set by hand");
/// Rows of the stage "desk" are for all stages of the desk, of "desk/mask" for one of them.
std::span<const GridRow> gridRows();

}  // namespace lab::explain
