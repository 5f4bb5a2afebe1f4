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
void lowRankBackward(const Kernels<T>& kernels, const LowRankShape& shape, int rows, const T* x, const T* dy, int lddy, const T* a,
                     const T* b, T* scratch, T* da, T* db) {
    const auto [outputs, inputs, rank, factor] = shape;
    T* inner = scratch;  // [rows, rank] factor dy B, then factor x A^T
    kernels.gemm(rows, rank, outputs, dy, lddy, b, rank, inner, rank, false);
    kernels.scale(std::int64_t{rows} * rank, static_cast<T>(factor), inner);
    kernels.gemmTransposedA(rank, inputs, rows, inner, rank, x, inputs, da, inputs, true);
    kernels.gemmByRows(rows, rank, inputs, x, inputs, a, inputs, inner, rank, {nullptr, nullptr, 0, false, nullptr, 0});
    kernels.scale(std::int64_t{rows} * rank, static_cast<T>(factor), inner);
    kernels.gemmTransposedA(outputs, rank, rows, dy, lddy, inner, rank, db, rank, true);
}

template void lowRankForward(const Kernels<float>&, const LowRankShape&, const float*, const float*, const float*, float*, float*);
template void lowRankForward(const Kernels<double>&, const LowRankShape&, const double*, const double*, const double*, double*, double*);
template void lowRankBackward(const Kernels<float>&, const LowRankShape&, int, const float*, const float*, int, const float*, const float*,
                              float*, float*, float*);
template void lowRankBackward(const Kernels<double>&, const LowRankShape&, int, const double*, const double*, int, const double*,
                              const double*, double*, double*, double*);

}  // namespace lab
