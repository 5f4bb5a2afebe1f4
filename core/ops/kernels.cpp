#include "core/ops/kernels.h"

#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/errors.h"
#include "core/ops/attention_blocks.h"
#include "core/ops/isa_tables.h"

namespace lab {
namespace {

const Kernels<float>* bestKernels() {
    for (const char* isa : {"v4", "v3"}) {
        if (const Kernels<float>* found = kernelsFor(isa)) return found;
    }
    return genericKernels().single;
}

/// What ATTENTION_LAB_ISA names; null when it is unset, InputError when this processor or build lacks it.
const Kernels<float>* forcedKernels() {
    const char* isa = std::getenv("ATTENTION_LAB_ISA");
    if (!isa || !*isa) return nullptr;
    if (const Kernels<float>* found = kernelsFor(isa)) return found;
    const std::string name(isa);
    const bool known = name == "generic" || name == "v3" || name == "v4";
    const SourceText problem = known ? LAB_TEXT("platform", "this processor or build has no \"%1\" instruction set.")
                                     : LAB_TEXT("platform", "\"%1\" is none of generic, v3, v4.");
    throw InputError("ATTENTION_LAB_ISA", Message(problem).arg(name));
}

}  // namespace

const Kernels<float>* kernelsFor(const char* isa) {
    const std::string_view name(isa);
    if (name == "generic") return genericKernels().single;
#ifdef LAB_KERNELS_X86_LEVELS
    __builtin_cpu_init();
    const bool v3 =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    if (name == "v3" && v3) return v3Kernels();
    const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
                    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (name == "v4" && v4) return v4Kernels();
#endif
    return nullptr;
}

std::int64_t attentionStored(int queries, int keys, bool causal) {
    const int block = causal ? attentionCausalBlock : attentionBlock;
    std::int64_t stored = 0;
    for (int first = 0; first < queries; first += block) {
        const int count = queries - first < block ? queries - first : block;
        stored += std::int64_t{paddedQueries(count)} * (causal ? first + count : keys);
    }
    return stored;
}

std::int64_t attentionScratch(int keys, int headDim) {
    return std::int64_t{attentionBlock} * (keys + 2 * headDim);
}

const char* selectIsa() {
    const Kernels<float>* forced = forcedKernels();
    return forced ? forced->isa : bestKernels()->isa;
}

template <>
const Kernels<float>& kernels<float>() {
    // After main's selectIsa() there is nothing left that could throw here; without it a bad name falls back to the best.
    static const Kernels<float>* const chosen = [] {
        try {
            const Kernels<float>* forced = forcedKernels();
            return forced ? forced : bestKernels();
        } catch (const InputError&) {
            return bestKernels();
        }
    }();
    return *chosen;
}

template <>
const Kernels<double>& kernels<double>() {
    return *genericKernels().twice;
}

}  // namespace lab
