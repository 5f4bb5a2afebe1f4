#include "core/optimizers/update_rule.h"

#include <algorithm>
#include <cassert>

#include "core/optimizers/kernel_tables.h"

#define LAB_VECTOR_BYTES 16  // nothing here computes with them
#include "core/optimizers/rules.inl.h"

namespace lab {
namespace {

/// Its place in the table.
std::ptrdiff_t indexOf(const UpdateRule& rule) {
    const auto rows = UpdateRule::table();
    const auto found = std::ranges::find(rows, &rule);
    assert(found != rows.end());
    return found - rows.begin();
}

UpdateKernels kernelsOf([[maybe_unused]] std::string_view isa) {
#ifdef LAB_KERNELS_X86_LEVELS
    if (isa == "v3") return v3UpdateKernels();
    if (isa == "v4") return v4UpdateKernels();
#endif
    return genericUpdateKernels();
}

}  // namespace

std::span<const UpdateRule* const> UpdateRule::table() {
#define LAB_ROW_OF(rule) &rule::row,
    static constexpr const UpdateRule* rows[] = {LAB_UPDATE_RULES(LAB_ROW_OF)};
#undef LAB_ROW_OF
    return rows;
}

template <>
UpdateKernel<float> updateKernel(const UpdateRule& rule, const Kernels<float>& kernels) {
    return kernelsOf(kernels.isa).single[indexOf(rule)];
}

template <>
UpdateKernel<double> updateKernel(const UpdateRule& rule, const Kernels<double>& kernels) {
    return kernelsOf(kernels.isa).twice[indexOf(rule)];
}

}  // namespace lab
