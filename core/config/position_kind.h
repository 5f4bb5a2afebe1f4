#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class PositionKind { none, sinusoidal, learned, rope, alibi };

struct PositionSpec {
    std::string_view name;
    SourceText help;
    bool learnedTable = false;  ///< a row is learned for each of max_seq_len positions, and there is none beyond
    bool rotates = false;       ///< queries and keys are rotated, pair by pair of channels
    bool biasesScores = false;  ///< scores change with the distance
};

template <>
struct EnumRows<PositionKind> {
    static constexpr std::array<PositionSpec, 5> rows{
        {{"none", LAB_TEXT("fields", "no term for positions")},
         {"sinusoidal", LAB_TEXT("fields", "sin and cos of pos / 10000^(2 i / d) are added (Vaswani 2017)")},
         {"learned", LAB_TEXT("fields", "a table is added"), true},
         {"rope", LAB_TEXT("fields", "queries and keys are rotated (Su 2021, arXiv 2104.09864)"), false, true},
         {"alibi", LAB_TEXT("fields", "scores lose slope * |i - j| (Press 2021, arXiv 2108.12409)"), false, false, true}}};
};

}  // namespace lab
