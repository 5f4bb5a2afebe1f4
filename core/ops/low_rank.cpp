#include "core/ops/low_rank.h"

#include <algorithm>

namespace lab {

std::int64_t lowRankScratch(const LowRankShape& shape) {
    return std::int64_t{shape.rank} * std::max(shape.outputs, shape.inputs);
}

template <class T>
void lowRankForward(const Kernels<T>& kernels, const LowRankShape& shape, const T* weight, const T* a, const T* b, T* scratch, T* sum) {
    const auto [outputs, inputs, rank, factor] = shape;
    T* scaled = scratch;  // [outputs, rank] factor B
    std::copy_n(b, std::int64_t{outputs} * rank, scaled);
    kernels.scale(std::int64_t{outputs} * rank, static_cast<T>(factor), scaled);
    const GemmExtra<T> extra{nullptr, weight, inputs, false, nullptr, 0};
    kernels.gemmFused(outputs, inputs, rank, scaled, rank, a, inputs, sum, inputs, extra);
}

template <class T>
void lowRankBackward(const Kernels<T>& kernels, const LowRankShape& shape, const T* dsum, const T* a, const T* b, T* scratch, T* da,
                     T* db) {
    const auto [outputs, inputs, rank, factor] = shape;
    T* transposed = scratch;  // [inputs, rank] A^T
    kernels.transpose(rank, inputs, a, inputs, transposed, rank);
    kernels.gemm(outputs, rank, inputs, dsum, inputs, transposed, rank, db, rank, false);
    kernels.scale(std::int64_t{outputs} * rank, static_cast<T>(factor), db);
    kernels.gemmTransposedA(rank, inputs, outputs, b, rank, dsum, inputs, da, inputs, false);
    kernels.scale(std::int64_t{rank} * inputs, static_cast<T>(factor), da);
}

template void lowRankForward(const Kernels<float>&, const LowRankShape&, const float*, const float*, const float*, float*, float*);
template void lowRankForward(const Kernels<double>&, const LowRankShape&, const double*, const double*, const double*, double*, double*);
template void lowRankBackward(const Kernels<float>&, const LowRankShape&, const float*, const float*, const float*, float*, float*, float*);
template void lowRankBackward(const Kernels<double>&, const LowRankShape&, const double*, const double*, const double*, double*, double*,
                              double*);

}  // namespace lab
