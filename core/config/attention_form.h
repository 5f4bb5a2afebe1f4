#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class AttentionForm { qkv, kv, kv_pos, q_kv, latent, k };

struct FormSpec {
    std::string_view name;
    SourceText help;
    bool ownQuery = true;      ///< queries have a projection of their own; otherwise the keys serve as queries
    bool ownValue = true;      ///< values have; otherwise the projected keys serve as values, before norm and rotation
    bool positionMap = false;  ///< scores pass through a learned map of a two-dimensional position table
    bool latent = false;       ///< keys and values are made of one short vector a token, which alone is kept for decoding

    /// Every query head has a key-value head of its own.
    constexpr bool headForHead() const { return !ownQuery || latent; }
};

template <>
struct EnumRows<AttentionForm> {
    static constexpr std::array<FormSpec, 6> rows{
        {{"qkv", LAB_TEXT("fields", "separate queries, keys and values")},
         {"kv", LAB_TEXT("fields", "keys serve as queries, so scores k_i . k_j are symmetric"), false},
         {"kv+pos",
          LAB_TEXT("fields",
                   "kv whose scores pass through a learned map of a two-dimensional position table (Borji 2023, arXiv 2305.19129)"),
          false, true, true},
         {"q+kv", LAB_TEXT("fields", "keys serve as values, queries are separate (Q-K=V of Kayyam et al. 2026, arXiv 2606.04032)"), true,
          false},
         {"latent",
          LAB_TEXT(
              "fields",
              "each token leaves one short vector c = W_c x of latent_dim numbers, of which keys and values are made, W_K c and W_V c; "
              "with rope the rotated channels of the keys, rope.dims of them, come from x itself and are the same in all heads "
              "(multi-head latent attention of DeepSeek-V2, arXiv 2405.04434, here without its norm of c and with whole queries)"),
          true, true, false, true},
         {"k", LAB_TEXT("fields", "one projection serves as query, key and value (Q=K=V of Kayyam et al. 2026, arXiv 2606.04032)"), false,
          false}}};
};

}  // namespace lab
