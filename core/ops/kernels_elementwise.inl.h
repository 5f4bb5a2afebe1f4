#pragma once

#include "core/ops/kernels_vector.inl.h"

namespace lab {
namespace {

template <class T>
void add(Index n, const T* x, T* y) {
    forVectors<T>(n, [&](auto lanes, Index i) { store(lanes, y + i, load(lanes, y + i) + load(lanes, x + i)); });
}

template <class T>
void addBias(int rows, int n, const T* bias, T* x, int ldx) {
    for (Index r = 0; r < rows; ++r) add<T>(n, bias, x + r * ldx);
}

/// One vector of column sums stays in a register while the rows pass by.
template <class T>
void addColumnSums(int rows, int n, const T* x, int ldx, T* sums) {
    forVectors<T>(n, [&](auto lanes, Index i) {
        Vector<T> sum = load(lanes, sums + i);
        for (Index r = 0; r < rows; ++r) sum += load(lanes, x + r * ldx + i);
        store(lanes, sums + i, sum);
    });
}

template <class T>
void scale(Index n, T factor, T* x) {
    forVectors<T>(n, [&](auto lanes, Index i) { store(lanes, x + i, load(lanes, x + i) * factor); });
}

/// Blocks of some thousand squares are summed in T, the blocks in double.
template <class T>
double sumOfSquares(Index n, const T* x) {
    constexpr int chains = 4;  // independent sums hide the latency of an addition
    constexpr Index block = 64 * chains * width<T>;
    double total = 0;
    for (Index begin = 0; begin < n; begin += block) {
        const Index end = n < begin + block ? n : begin + block;
        Vector<T> sum[chains] = {};
        Index i = begin;
        for (; i + chains * width<T> <= end; i += chains * width<T>) {
            LAB_UNROLL
            for (int c = 0; c < chains; ++c) {
                const Vector<T> v = load(AllLanes{}, x + i + c * width<T>);
                sum[c] += v * v;
            }
        }
        forVectors<T>(end - i, [&](auto lanes, Index j) {
            const Vector<T> v = load(lanes, x + i + j);
            sum[0] += v * v;
        });
        total += static_cast<double>(sumOfLanes((sum[0] + sum[1]) + (sum[2] + sum[3])));
    }
    return total;
}

}  // namespace
}  // namespace lab
