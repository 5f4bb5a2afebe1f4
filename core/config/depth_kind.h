#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

/// What the steps of a stack are, one behind the other.
enum class DepthKind { layers, tied, act };

struct DepthSpec {
    std::string_view name;
    SourceText help;
    bool tied = false;   ///< the first layer's weights serve every step
    bool halts = false;  ///< each position goes so many steps as a unit of its own says (core/layers/halting.h)
};

template <>
struct EnumRows<DepthKind> {
    static constexpr std::array<DepthSpec, 3> rows{
        {{"layers", LAB_TEXT("fields", "num_layers layers, each with weights of its own")},
         {"tied",
          LAB_TEXT("fields",
                   "one layer whose weights serve num_layers steps (Universal Transformer without halting, Dehghani 2018, arXiv "
                   "1807.03819; ALBERT, Lan 2019, arXiv 1909.11942); no step is told its number"),
          true},
         {"act",
          LAB_TEXT(
              "fields",
              "one layer for at most num_layers steps, of which each position takes so many as it needs (adaptive computation time, "
              "Graves 2016, arXiv 1603.08983, by position as in the Universal Transformer): after step n a unit says h_n = \u03c3(w \u00b7 "
              "s_n + b); a position halts at the first step N where h_1 + .. + h_N reaches 1 - epsilon, and is copied from there on; "
              "what leaves the stack is sum p_n s_n with p_n = h_n before N and p_N = 1 - h_1 - .. - h_{N-1}"),
          true, true}}};
};

}  // namespace lab
