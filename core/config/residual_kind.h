#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

/// How a block's parts stand to the residual stream.
enum class ResidualKind { serial, parallel };

struct ResidualSpec {
    std::string_view name;
    SourceText help;
    bool parallel = false;  ///< attention and feed-forward read the same stream, and both are added to it
};

template <>
struct EnumRows<ResidualKind> {
    static constexpr std::array<ResidualSpec, 2> rows{
        {{"serial", LAB_TEXT("fields", "the feed-forward layer reads what attention has been added to")},
         {"parallel",
          LAB_TEXT(
              "fields",
              "both read what enters the block: x + attention(norm_1 x) + feed_forward(norm_2 x), with pre-norm (GPT-NeoX, Black 2022, "
              "arXiv 2204.06745; Pythia)"),
          true}}};
};

}  // namespace lab
