#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class AttentionForm { qkv, kv, kv_pos, q_kv };

struct FormSpec {
    std::string_view name;
    SourceText help;
    bool ownQuery = true;      ///< queries have a projection of their own; otherwise the keys serve as queries
    bool ownValue = true;      ///< values have; otherwise the projected keys serve as values, before norm and rotation
    bool positionMap = false;  ///< scores pass through a learned map of a two-dimensional position table
};

template <>
struct EnumRows<AttentionForm> {
    static constexpr std::array<FormSpec, 4> rows{
        {{"qkv", LAB_TEXT("fields", "separate queries, keys and values")},
         {"kv", LAB_TEXT("fields", "keys serve as queries, so scores k_i . k_j are symmetric"), false},
         {"kv+pos",
          LAB_TEXT("fields",
                   "kv whose scores pass through a learned map of a two-dimensional position table (Borji 2023, arXiv 2305.19129)"),
          false, true, true},
         {"q+kv", LAB_TEXT("fields", "keys serve as values, queries are separate (Q-K=V of Kayyam et al. 2026, arXiv 2606.04032)"), true,
          false}}};
};

}  // namespace lab
