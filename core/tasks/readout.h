#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

/// Which positions of a sequence of vectors answer.
enum class Readout { every, last, class_token };

struct ReadoutSpec {
    std::string_view name;
    SourceText help;
};

template <>
struct EnumRows<Readout> {
    static constexpr std::array<ReadoutSpec, 3> rows{
        {{"every", LAB_TEXT("fields", "every position of which something is asked")},
         {"last", LAB_TEXT("fields", "the last position alone")},
         {"class", LAB_TEXT("fields", "the class token alone, which stands before the others")}}};
};

}  // namespace lab
