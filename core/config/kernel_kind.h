#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class KernelKind { softmax, linear, product };

struct KernelSpec {
    std::string_view name;
    SourceText help;
    bool scores = true;        ///< weights come of scores, to which terms of positions can be added
    bool features = false;     ///< queries and keys go through phi first
    bool rowsSumToOne = true;  ///< weights are shares; otherwise of any size and sign
};

template <>
struct EnumRows<KernelKind> {
    static constexpr std::array<KernelSpec, 3> rows{
        {{"softmax", LAB_TEXT("fields", "weights = softmax(q . k / sqrt(head_dim))")},
         {"linear",
          LAB_TEXT("fields",
                   "weights = phi(q) . phi(k) / their row sum with phi(x) = elu(x) + 1, without the root (Katharopoulos 2020, "
                   "arXiv 2006.16236)"),
          false, true},
         {"product",
          LAB_TEXT("fields",
                   "weights = q . k, neither exponentiated nor divided by anything: of any size and sign (von Oswald 2023, "
                   "arXiv 2212.07677)"),
          false, false, false}}};
};

}  // namespace lab
