#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class PositionKind { none, sinusoidal, learned, rope, alibi, relative_bias, relative };

struct PositionSpec {
    std::string_view name;
    SourceText help;
    bool learnedTable = false;  ///< a row is learned for each of max_seq_len positions, and there is none beyond
    bool rotates = false;       ///< queries and keys are rotated, pair by pair of channels
    bool biasesScores = false;  ///< scores change with the distance, by fixed slopes
    bool biasTable = false;     ///< scores change with the distance, by a learned number of each head and bucket of distances
    bool vectors = false;       ///< scores change with the distance, by a vector of it that queries are compared with
};

template <>
struct EnumRows<PositionKind> {
    static constexpr std::array<PositionSpec, 7> rows{
        {{"none", LAB_TEXT("fields", "no term for positions")},
         {"sinusoidal", LAB_TEXT("fields", "sin and cos of pos / 10000^(2 i / d) are added (Vaswani 2017)")},
         {"learned", LAB_TEXT("fields", "a table is added"), true},
         {"rope", LAB_TEXT("fields", "queries and keys are rotated (Su 2021, arXiv 2104.09864)"), false, true},
         {"alibi", LAB_TEXT("fields", "scores lose slope * |i - j| (Press 2021, arXiv 2108.12409)"), false, false, true},
         {"relative-bias",
          LAB_TEXT("fields",
                   "a learned number of each head and bucket of j - i is added to scores, the same in all layers of a side (T5, Raffel "
                   "2020, arXiv 1910.10683, which leaves out the root of head_dim)"),
          false, false, false, true},
         {"relative",
          LAB_TEXT(
              "fields",
              "queries are compared with a vector of the distance i - j too: score (q_i + u) k_j + (q_i + v) W_R R_{i-j}, R the sin and "
              "cos of the distance, u, v and W_R learned in each layer (Transformer-XL, Dai 2019, arXiv 1901.02860, which shares u "
              "and v over layers)"),
          false, false, false, false, true}}};
};

}  // namespace lab
