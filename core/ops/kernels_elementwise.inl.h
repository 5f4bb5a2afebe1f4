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

/// Some vectors of column sums stay in registers while the rows pass by.
template <int vectors, class T>
LAB_INLINE void addColumnSumsOf(int rows, const T* x, Index ldx, T* sums) {
    Vector<T> sum[vectors];
    LAB_UNROLL
    for (int c = 0; c < vectors; ++c) sum[c] = load(AllLanes{}, sums + c * width<T>);
    for (Index r = 0; r < rows; ++r) {
        LAB_UNROLL
        for (int c = 0; c < vectors; ++c) sum[c] += load(AllLanes{}, x + r * ldx + c * width<T>);
    }
    LAB_UNROLL
    for (int c = 0; c < vectors; ++c) store(AllLanes{}, sums + c * width<T>, sum[c]);
}

template <class T>
void addColumnSums(int rows, int n, const T* x, int ldx, T* sums) {
    Index i = 0;
    for (; i + 4 * width<T> <= n; i += 4 * width<T>) addColumnSumsOf<4>(rows, x + i, ldx, sums + i);
    for (; i + 2 * width<T> <= n; i += 2 * width<T>) addColumnSumsOf<2>(rows, x + i, ldx, sums + i);
    forVectors<T>(n - i, [&](auto lanes, Index c) {
        Vector<T> sum = load(lanes, sums + i + c);
        for (Index r = 0; r < rows; ++r) sum += load(lanes, x + r * ldx + i + c);
        store(lanes, sums + i + c, sum);
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
