#pragma once

#include "core/config/kernel_kind.h"
#include "core/layers/attention/head.h"
#include "core/patterns/tile_plan.h"

namespace lab {

/// Attention tile by tile: only keys that the pattern allows are multiplied and only their weights are stored (training path).
/// Softmax (Vaswani et al. 2017), with the linear kernel under a sparse pattern division by the row sum + epsilon, or the products as they
/// are.
template <class T>
class TileAttention {
public:
    /// `largest` bounds the plans that will be used: scratch for them is taken from the pass once.
    TileAttention(Pass<T>& pass, KernelKind kernel, int headDim, int keys, std::size_t largestTile);

    /// Floats to store for a head's backward.
    static std::size_t stored(const TilePlan& plan) { return plan.storedWeights + static_cast<std::size_t>(plan.queries); }

    /// out [queries, head_dim] and the stored weights.
    void forward(const TilePlan& plan, const HeadInput<T>& head, const ScoreTerms<T>& terms, T* stored, T* out, int ldout);
    /// sums is null unless the form is KV+Pos.
    void backward(const TilePlan& plan, const HeadInput<T>& head, const ScoreTerms<T>& terms, const T* stored,
                  const HeadGradient<T>& gradient, PositionMapSums<T>* sums);

private:
    void transposeRows(const T* x, int ldx, int keys);
    const T* transposedSegment(const KeySegment& segment, const T* x, int ldx, int& ld);
    void normaliseTile(const Tile& tile, const ScoreTerms<T>& terms, T* scores, T* rowSums);
    void backwardOfNormalise(const Tile& tile, const ScoreTerms<T>& terms, const T* weights, const T* rowSums, bool keepUnscaled);
    void addColumns(const Tile& tile, PositionMapSums<T>& sums);

    const Kernels<T>& m_kernels;
    KernelKind m_kernel;
    int m_headDim;
    int m_stride;     ///< of m_transposed: no power of two, whose rows would all fall into the same cache sets
    T* m_transposed;  ///< [head_dim, stride] of k or v
    T* m_gathered;    ///< [head_dim, keys] of a strided segment
    T* m_tile;        ///< largest tile: gradient of its scores
    T* m_columns;     ///< [keys] bias or sums of a tile's columns
};

}  // namespace lab
