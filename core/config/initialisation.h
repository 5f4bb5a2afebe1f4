#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class Initialisation { paper, gpt2, xavier, drawn_slots, gradient_descent, pytorch };

struct InitialisationSpec {
    std::string_view name;
    SourceText help;
    bool hasSlots = false;  ///< the stream begins as the vectors themselves, and the answer is minus their last number
};

template <>
struct EnumRows<Initialisation> {
    static constexpr std::array<InitialisationSpec, 6> rows{
        {{"paper",
          LAB_TEXT(
              "fields",
              "q, k, v Xavier-uniform as one fused matrix, attention output and position map Xavier-uniform, others +-1/sqrt(fan_in)")},
         {"gpt2", LAB_TEXT("fields", "normal with standard deviation 0.02, residual outputs scaled down")},
         {"xavier", LAB_TEXT("fields", "Xavier-uniform matrix by matrix")},
         {"slots",
          LAB_TEXT("fields",
                   "the stream starts as the vector itself and minus its last number is the answer, as von Oswald 2023 (arXiv 2212.07677) "
                   "reads it; other matrices normal with standard deviation init_scale"),
          true},
         {"gradient-descent",
          LAB_TEXT("fields",
                   "as slots, but each layer of attention is exactly one step of gradient descent on the points of the context "
                   "(proposition 1 there): W_Q and W_K read x, W_O W_V adds -init_step y to the last number"),
          true},
         {"pytorch",
          LAB_TEXT(
              "fields",
              "what PyTorch's layers have by themselves: tables normal with standard deviation 1, so that what a token is outweighs what "
              "the layers add at first; others +-1/sqrt(fan_in)")}}};
};

}  // namespace lab
