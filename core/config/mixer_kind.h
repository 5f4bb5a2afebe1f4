#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

/// What brings the positions of a sequence together in each block.
enum class MixerKind { attention, feed_forward };

struct MixerSpec {
    std::string_view name;
    SourceText help;
    bool attends = false;  ///< heads with queries, keys and values; otherwise one net over max_seq_len positions, and none beyond
};

template <>
struct EnumRows<MixerKind> {
    static constexpr std::array<MixerSpec, 2> rows{
        {{"attention", LAB_TEXT("fields", "each position weighs the others by queries and keys"), true},
         {"feed-forward", LAB_TEXT("fields",
                                   "one net reads all positions' channels at once, W_2 f(W_1 x + b_1) + b_2, with swiglu by two matrices; "
                                   "its weights belong to positions, shorter inputs are filled up with "
                                   "zeros, and architecture has to be encoder")}}};
};

}  // namespace lab
