#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

/// What stands at the positions of a sequence.
enum class InputKind { tokens, vectors };

struct InputSpec {
    std::string_view name;
    SourceText help;
};

template <>
struct EnumRows<InputKind> {
    static constexpr std::array<InputSpec, 2> rows{
        {{"tokens", LAB_TEXT("fields", "ids, each a row of the token table")},
         {"vectors", LAB_TEXT("fields", "input_dim numbers each, which one linear map brings to d_model (patches of a picture, points)")}}};
};

}  // namespace lab
