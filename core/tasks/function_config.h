#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

// What functions are asked for in the context, as plain data. Members bear the names of the JSON keys (task.*).

namespace lab {

enum class FunctionKind { linear, sparse, relu };

struct FunctionSpec {
    std::string_view name;
    SourceText help;
    bool isLinear = true;
};

template <>
struct EnumRows<FunctionKind> {
    static constexpr std::array<FunctionSpec, 3> rows{
        {{"linear", LAB_TEXT("fields", "w . x, w normal")},
         {"sparse", LAB_TEXT("fields", "w . x where all but `nonzero` weights, drawn anew, are 0 (Garg 2022, arXiv 2208.01066)")},
         {"relu",
          LAB_TEXT("fields", "sqrt(2 / hidden) times the sum of a_i max(0, w_i . x) over `hidden` units, a and w normal (Garg 2022)"),
          false}}};
};

enum class InputDraw { uniform, normal };

struct InputDrawSpec {
    std::string_view name;
    SourceText help;
};

template <>
struct EnumRows<InputDraw> {
    static constexpr std::array<InputDrawSpec, 2> rows{
        {{"uniform", LAB_TEXT("fields", "from -input_scale / 2 to input_scale / 2, as the code of von Oswald 2023 has it")},
         {"normal", LAB_TEXT("fields", "with standard deviation input_scale")}}};
};

enum class PromptLayout { joined, separate };

struct PromptLayoutSpec {
    std::string_view name;
    SourceText help;
};

template <>
struct EnumRows<PromptLayout> {
    static constexpr std::array<PromptLayoutSpec, 2> rows{
        {{"joined", LAB_TEXT("fields", "a vector (x, y) for each point, then (x, 0), which answers (von Oswald 2023)")},
         {"separate", LAB_TEXT("fields", "x and (y, 0, ..) in turn, each x answers with its y (Garg 2022)")}}};
};

struct FunctionConfig {
    FunctionKind function = FunctionKind::linear;
    int points = 10;
    int dimensions = 10;
    InputDraw inputs = InputDraw::uniform;
    double input_scale = 1;
    double weight_scale = 1;
    double noise = 0;
    int nonzero = 3;   ///< sparse
    int hidden = 100;  ///< relu
    PromptLayout layout = PromptLayout::joined;

    bool operator==(const FunctionConfig&) const = default;
};

}  // namespace lab
