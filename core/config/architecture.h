#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class Architecture { encoder, decoder, encoder_decoder };

struct ArchitectureSpec {
    std::string_view name;
    SourceText help;
    bool encoder = false;  ///< has a stack in which every position sees all others
    bool decoder = false;  ///< has a causal one, which can generate

    constexpr bool twoSides() const { return encoder && decoder; }
};

template <>
struct EnumRows<Architecture> {
    static constexpr std::array<ArchitectureSpec, 3> rows{
        {{"encoder", LAB_TEXT("fields", "every position sees all others (BERT)"), true, false},
         {"decoder", LAB_TEXT("fields", "only itself and what came before (GPT)"), false, true},
         {"encoder-decoder", LAB_TEXT("fields", "a decoder that also looks at an encoder's output through cross-attention (Vaswani 2017)"),
          true, true}}};
};

}  // namespace lab
