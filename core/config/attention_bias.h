#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

/// Which of attention's maps have bias vectors.
enum class AttentionBias { all, qkv, none };

struct AttentionBiasSpec {
    std::string_view name;
    SourceText help;
    bool inputs = false;  ///< queries, keys and values
    bool output = false;
};

template <>
struct EnumRows<AttentionBias> {
    static constexpr std::array<AttentionBiasSpec, 3> rows{
        {{"all", LAB_TEXT("fields", "query, key, value and output (GPT-2, BERT)"), true, true},
         {"qkv", LAB_TEXT("fields", "query, key and value, not the output (Qwen2)"), true, false},
         {"none", LAB_TEXT("fields", "no map of attention has one (LLaMA)"), false, false}}};
};

}  // namespace lab
