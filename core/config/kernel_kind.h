#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class KernelKind { softmax, linear };

struct KernelSpec {
    std::string_view name;
    SourceText help;
    bool scores = true;  ///< weights come of scores, to which terms of positions can be added
};

template <>
struct EnumRows<KernelKind> {
    static constexpr std::array<KernelSpec, 2> rows{
        {{"softmax", LAB_TEXT("fields", "weights = softmax(q . k / sqrt(head_dim))")},
         {"linear",
          LAB_TEXT("fields",
                   "weights = phi(q) . phi(k) / their row sum with phi(x) = elu(x) + 1, without the root (Katharopoulos 2020, "
                   "arXiv 2006.16236)"),
          false}}};
};

}  // namespace lab
