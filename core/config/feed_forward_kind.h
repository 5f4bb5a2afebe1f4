#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

/// What a block's feed-forward layer is made of.
enum class FeedForwardKind { dense, experts };

struct FeedForwardSpec {
    std::string_view name;
    SourceText help;
    bool routed = false;  ///< there are several, and a router chooses for each row those that read it
};

template <>
struct EnumRows<FeedForwardKind> {
    static constexpr std::array<FeedForwardSpec, 2> rows{
        {{"dense", LAB_TEXT("fields", "one net, which every position goes through")},
         {"experts",
          LAB_TEXT(
              "fields",
              "several nets, each d_ff wide, of which a router chooses top_k for every position: p = softmax(W_r x), without bias, and "
              "y = sum of g_e FFN_e(x) over the top_k largest p_e, of equal ones the first (Shazeer 2017, arXiv 1701.06538); with "
              "top_k above 1 the chosen p_e are divided by their sum (Mixtral, Jiang 2024, arXiv 2401.04088), with 1 g_e is p_e "
              "itself, so that the router learns from the answers (Switch, Fedus 2021, arXiv 2101.03961)"),
          true}}};
};

}  // namespace lab
