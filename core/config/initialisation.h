#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class Initialisation { paper, gpt2, xavier };

struct InitialisationSpec {
    std::string_view name;
    SourceText help;
};

template <>
struct EnumRows<Initialisation> {
    static constexpr std::array<InitialisationSpec, 3> rows{
        {{"paper",
          LAB_TEXT(
              "fields",
              "q, k, v Xavier-uniform as one fused matrix, attention output and position map Xavier-uniform, others +-1/sqrt(fan_in)")},
         {"gpt2", LAB_TEXT("fields", "normal with standard deviation 0.02, residual outputs scaled down")},
         {"xavier", LAB_TEXT("fields", "Xavier-uniform matrix by matrix")}}};
};

}  // namespace lab
