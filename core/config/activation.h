#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class Activation { relu, gelu, gelu_tanh, swiglu, quick_gelu, relu_squared };

struct ActivationSpec {
    std::string_view name;
    SourceText help;
    bool gated = false;  ///< of two projections, one of which opens the other
};

template <>
struct EnumRows<Activation> {
    static constexpr std::array<ActivationSpec, 6> rows{
        {{"relu", LAB_TEXT("fields", "max(0, x)")},
         {"gelu", LAB_TEXT("fields", "x Phi(x), exact")},
         {"gelu-tanh", LAB_TEXT("fields", "its tanh approximation (GPT-2)")},
         {"swiglu", LAB_TEXT("fields", "silu(gate(x)) * up(x) with a third matrix (Shazeer 2020, LLaMA)"), true},
         {"quick-gelu", LAB_TEXT("fields", "x sigmoid(1.702 x) (CLIP)")},
         {"relu-squared", LAB_TEXT("fields", "max(0, x)^2 (Primer, So 2021, arXiv 2109.08668)")}}};
};

}  // namespace lab
