#include "core/layers/attention/tile_attention.h"

#include <algorithm>
#include <limits>

#include "core/layers/attention/linear_kernel.h"

namespace lab {
namespace {

template <class T>
const T* rowOf(const T* x, int ldx, int row) {
    return x + static_cast<std::ptrdiff_t>(row) * ldx;
}
template <class T>
T* rowOf(T* x, int ldx, int row) {
    return x + static_cast<std::ptrdiff_t>(row) * ldx;
}

template <class T>
void fillBlanks(const Tile& tile, T value, T* scores) {
    for (const Blank& blank : tile.blanks)
        std::fill(rowOf(scores, tile.columns, blank.row) + blank.begin, rowOf(scores, tile.columns, blank.row) + blank.end, value);
}

/// x_ij -= slope |i - j|
template <class T>
void subtractDistances(const Tile& tile, T slope, T* scores) {
    for (int row = 0; row < tile.queries; ++row) {
        for (const KeySegment& segment : tile.segments) {
            T* x = rowOf(scores, tile.columns, row) + segment.column;
            for (int c = 0; c < segment.count; ++c) {
                const int distance = tile.firstQuery + row - (segment.begin + c * segment.step);
                x[c] -= slope * static_cast<T>(distance < 0 ? -distance : distance);
            }
        }
    }
}

}  // namespace

template <class T>
TileAttention<T>::TileAttention(Pass<T>& pass, KernelKind kernel, int headDim, int keys, std::size_t largestTile)
    : m_kernels(pass.kernels),
      m_kernel(kernel),
      m_headDim(headDim),
      m_stride((keys + 15) / 16 * 16 + 16),
      m_transposed(pass.takeRows(headDim, m_stride)),
      m_gathered(pass.takeRows(headDim, keys)),
      m_tile(pass.take(largestTile)),
      m_columns(pass.takeRows(1, keys)) {}

template <class T>
void TileAttention<T>::transposeRows(const T* x, int ldx, int keys) {
    m_kernels.transpose(keys, m_headDim, x, ldx, m_transposed, m_stride);
}

/// The segment's keys (or values) as columns.
template <class T>
const T* TileAttention<T>::transposedSegment(const KeySegment& segment, const T* x, int ldx, int& ld) {
    ld = m_stride;
    if (segment.step == 1) return m_transposed + segment.begin;
    ld = segment.count;
    m_kernels.transpose(segment.count, m_headDim, rowOf(x, ldx, segment.begin), segment.step * ldx, m_gathered, ld);
    return m_gathered;
}

template <class T>
void TileAttention<T>::normaliseTile(const Tile& tile, const ScoreTerms<T>& terms, T* scores, T* rowSums) {
    if (!specOf(m_kernel).rowsSumToOne) return fillBlanks(tile, T{0}, scores);
    if (specOf(m_kernel).features) {
        fillBlanks(tile, T{0}, scores);
        for (int row = 0; row < tile.queries; ++row) {
            T* x = rowOf(scores, tile.columns, row);
            T sum = 0;
            for (int c = 0; c < tile.columns; ++c) sum += x[c];
            rowSums[row] = divisorOf(m_kernel, sum);
            m_kernels.scale(tile.columns, T{1} / rowSums[row], x);
        }
        return;
    }
    const T* bias = terms.columnBias;
    if (bias && !(tile.segments.size() == 1 && tile.segments[0].begin == 0 && tile.segments[0].step == 1)) {
        for (const KeySegment& segment : tile.segments)
            for (int c = 0; c < segment.count; ++c) m_columns[segment.column + c] = bias[segment.begin + c * segment.step];
        bias = m_columns;
    }
    T factor = terms.factor;
    const T hidden = -std::numeric_limits<T>::infinity();
    if (terms.slope != T{0} || (factor <= T{0} && !tile.blanks.empty())) {  // a hidden cell must stay -infinity whatever the factor's sign
        m_kernels.scale(std::int64_t{tile.queries} * tile.columns, factor, scores);
        if (terms.slope != T{0}) subtractDistances(tile, terms.slope, scores);
        factor = 1;
    }
    fillBlanks(tile, hidden, scores);
    m_kernels.softmaxForward(tile.queries, tile.columns, factor, bias, scores, tile.columns);
}

template <class T>
void TileAttention<T>::forward(const TilePlan& plan, const HeadInput<T>& head, const ScoreTerms<T>& terms, T* stored, T* out, int ldout) {
    transposeRows(head.k, head.ldk, head.keys);
    T* rowSums = stored + plan.storedWeights;
    for (const Tile& tile : plan.tiles) {
        T* weights = stored + tile.offset;
        const T* q = rowOf(head.q, head.ldq, tile.firstQuery);
        for (const KeySegment& segment : tile.segments) {
            int ld = 0;
            const T* kt = transposedSegment(segment, head.k, head.ldk, ld);
            m_kernels.gemm(tile.queries, segment.count, m_headDim, q, head.ldq, kt, ld, weights + segment.column, tile.columns, false);
        }
        normaliseTile(tile, terms, weights, rowSums + tile.firstQuery);
        T* target = rowOf(out, ldout, tile.firstQuery);
        bool first = true;
        for (const KeySegment& segment : tile.segments) {
            m_kernels.gemm(tile.queries, m_headDim, segment.count, weights + segment.column, tile.columns,
                           rowOf(head.v, head.ldv, segment.begin), segment.step * head.ldv, target, ldout, !first);
            first = false;
        }
        if (first)
            for (int row = 0; row < tile.queries; ++row) std::fill_n(rowOf(target, ldout, row), m_headDim, T{0});
    }
}

/// m_tile: gradient of the weights in, of the scores out.
template <class T>
void TileAttention<T>::backwardOfNormalise(const Tile& tile, const ScoreTerms<T>& terms, const T* weights, const T* rowSums,
                                           bool keepUnscaled) {
    if (!specOf(m_kernel).rowsSumToOne) return fillBlanks(tile, T{0}, m_tile);
    if (!specOf(m_kernel).features) {
        m_kernels.softmaxBackward(tile.queries, tile.columns, keepUnscaled ? T{1} : terms.factor, weights, tile.columns, m_tile,
                                  tile.columns);
        return;
    }
    for (int row = 0; row < tile.queries; ++row) {
        T* dx = rowOf(m_tile, tile.columns, row);
        const T* w = rowOf(weights, tile.columns, row);
        T sum = 0;
        for (int c = 0; c < tile.columns; ++c) sum += w[c] * dx[c];
        for (int c = 0; c < tile.columns; ++c) dx[c] = (dx[c] - sum) / rowSums[row];
    }
    fillBlanks(tile, T{0}, m_tile);
}

template <class T>
void TileAttention<T>::addColumns(const Tile& tile, PositionMapSums<T>& sums) {
    std::fill_n(m_columns, tile.columns, T{0});
    m_kernels.addColumnSums(tile.queries, tile.columns, m_tile, tile.columns, m_columns);
    for (const KeySegment& segment : tile.segments)
        for (int c = 0; c < segment.count; ++c) sums.columns[segment.begin + c * segment.step] += m_columns[segment.column + c];
}

template <class T>
void TileAttention<T>::backward(const TilePlan& plan, const HeadInput<T>& head, const ScoreTerms<T>& terms, const T* stored,
                                const HeadGradient<T>& gradient, PositionMapSums<T>* sums) {
    const auto& k = m_kernels;
    const bool overwrite = plan.single && !gradient.addToKeys;
    const bool shared = gradient.dq == gradient.dk;
    if (!overwrite && !gradient.addToKeys)
        for (int row = 0; row < head.keys; ++row) {
            std::fill_n(rowOf(gradient.dk, gradient.lddk, row), m_headDim, T{0});
            std::fill_n(rowOf(gradient.dv, gradient.lddv, row), m_headDim, T{0});
        }
    transposeRows(head.v, head.ldv, head.keys);
    const T* rowSums = stored + plan.storedWeights;
    for (const Tile& tile : plan.tiles) {
        const T* weights = stored + tile.offset;
        const T* q = rowOf(head.q, head.ldq, tile.firstQuery);
        const T* dout = rowOf(gradient.dout, gradient.lddout, tile.firstQuery);
        for (const KeySegment& s : tile.segments) {
            int ld = 0;
            const T* vt = transposedSegment(s, head.v, head.ldv, ld);
            k.gemm(tile.queries, s.count, m_headDim, dout, gradient.lddout, vt, ld, m_tile + s.column, tile.columns, false);
            k.gemmTransposedA(s.count, m_headDim, tile.queries, weights + s.column, tile.columns, dout, gradient.lddout,
                              rowOf(gradient.dv, gradient.lddv, s.begin), s.step * gradient.lddv, !overwrite);
        }
        backwardOfNormalise(tile, terms, weights, rowSums + tile.firstQuery, sums != nullptr);
        if (sums) addColumns(tile, *sums);
        for (const KeySegment& s : tile.segments)
            k.gemmTransposedA(s.count, m_headDim, tile.queries, m_tile + s.column, tile.columns, q, head.ldq,
                              rowOf(gradient.dk, gradient.lddk, s.begin), s.step * gradient.lddk, !overwrite);
        T* dq = rowOf(gradient.dq, gradient.lddq, tile.firstQuery);
        bool first = !shared;
        for (const KeySegment& s : tile.segments) {
            k.gemm(tile.queries, m_headDim, s.count, m_tile + s.column, tile.columns, rowOf(head.k, head.ldk, s.begin), s.step * head.ldk,
                   dq, gradient.lddq, !first);
            first = false;
        }
        if (first)
            for (int row = 0; row < tile.queries; ++row) std::fill_n(rowOf(dq, gradient.lddq, row), m_headDim, T{0});
    }
    if (!sums) return;
    // KV+Pos: dk holds dq' + dk' of the unscaled scores, and both sum_i q_i dq'_i and sum_j k_j dk'_j are sum_ij dS'_ij (q_i . k_j), with q
    // = k.
    double product = 0;
    for (int row = 0; row < head.keys; ++row) {
        T* dk = rowOf(gradient.dk, gradient.lddk, row);
        const T* key = rowOf(head.k, head.ldk, row);
        for (int c = 0; c < m_headDim; ++c) product += static_cast<double>(key[c]) * static_cast<double>(dk[c]);
        k.scale(m_headDim, terms.factor, dk);
    }
    sums->scoreProduct += 0.5 * product;
}

template class TileAttention<float>;
template class TileAttention<double>;

}  // namespace lab
