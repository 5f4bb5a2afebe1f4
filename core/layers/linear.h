#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/layers/pass.h"
#include "core/tensor/parameter_layout.h"
#include "core/tensor/weights.h"

namespace lab {

/// Where the transposed copies [in, out] of all linear maps lie that the forward products read.
class TransposedLayout {
public:
    /// Reserves the copy of a matrix that has `out` outputs in all; returns its offset. Its rows are padded to stride(out).
    std::size_t reserve(int in, int out);
    /// Where the copy of a matrix begins whose first rows are these, if layers that share weights have reserved it; its rows have this
    /// stride.
    std::optional<std::size_t> find(const Parameter& firstRows, int stride) const;
    /// Parameter `index` [rows, in] fills columns column .. column + rows - 1 of the copy at `offset`; said again it changes nothing.
    void addPart(std::size_t offset, int stride, int column, const Parameter& parameter);

    std::size_t size() const { return m_size; }
    /// Copies all parts whose parameter begins in [begin, end) of the weights; columns of padding are never written and must have been
    /// zeroed once.
    template <class T>
    void update(const Kernels<T>& kernels, const T* weights, T* transposed, std::size_t begin, std::size_t end) const;
    /// Zeros of a flat gradient all but the weights of linear maps that one layer alone reads.
    template <class T>
    void clearOthers(BasicWeights<T>& gradient) const;

    static int stride(int out) { return (out + 15) / 16 * 16; }

private:
    struct Part {
        std::size_t source, target;
        int rows, in, stride;
        bool shared;
    };
    std::vector<Part> m_parts;  ///< by their source
    std::size_t m_size = 0;
};

/// What layers register themselves with while a model is built.
struct LayerBuilder {
    ParameterLayout& layout;
    TransposedLayout& transposed;
};

/// What a product does besides, on its way out of the registers; null and false for nothing.
template <class T>
struct ProductExtra {
    const T* addend = nullptr;  ///< [rows, columns of the result] is added
    bool relu = false;          ///< forward: negative outputs become 0
    const T* gate = nullptr;    ///< backward: 0 wherever this array of dx's shape is not positive (the backward of a relu before)
};

/// y = x W^T + b. May fuse several maps of the same input (query, key, value): their outputs then stand side by side.
class Linear {
public:
    struct Part {
        std::string name;  ///< parameters are name + ".weight" and ".bias"
        int out;
    };

    Linear(LayerBuilder builder, const std::vector<Part>& parts, int in, bool bias, ParameterRole role = ParameterRole::linear,
           int fanOut = 0);
    /// Shares the token table [vocab_size, width] as its weight (tied output); `bias` names a bias of its own, empty: there is none.
    Linear(LayerBuilder builder, int sharedParameter, const std::string& bias = {});

    int in() const { return m_in; }
    int out() const { return m_out; }
    /// Distance between rows of an output buffer that the products fill fastest; columns out .. stride - 1 get zeros (or the bias's none).
    int stride() const { return TransposedLayout::stride(m_out); }

    /// x [rows, in] -> y [rows, ldy], ldy = out() or stride().
    template <class T>
    void forward(Pass<T>& pass, int rows, const T* x, T* y, int ldy, const ProductExtra<T>& extra = {}) const;
    /// dy [rows, lddy]; dx may be null when nobody wants it.
    template <class T>
    void backward(Pass<T>& pass, int rows, const T* x, const T* dy, int lddy, T* dx, const ProductExtra<T>& extra = {}) const;
    /// Of a map that no row went through: its weights' gradients are written too where nobody clears them.
    template <class T>
    void backwardOfNothing(Pass<T>& pass) const;

private:
    struct Slice {
        int column, out;
        std::size_t weight, bias;
    };
    template <class Act>
    void shareColumns(Team* team, int out, Act act) const;
    template <class T>
    void forwardBytes(Pass<T>& pass, const Slice& slice, int out, const signed char* codes, const float* scales, const T* x, T* y,
                      const GemmExtra<T>& extra) const;
    template <class T>
    void forwardSlice(Pass<T>& pass, const Slice& slice, int out, int rows, const T* x, T* y, int ldy, const GemmExtra<T>& extra) const;
    template <class T>
    void forwardRows(Pass<T>& pass, int rows, const T* x, T* y, int ldy, const GemmExtra<T>& extra) const;
    template <class T>
    void backwardRows(Pass<T>& pass, int rows, const T* x, const T* dy, int lddy, T* dx, const ProductExtra<T>& extra, bool adds) const;
    template <class T>
    void gradientsOfParts(Pass<T>& pass, int rows, const T* x, const T* dy, int lddy, bool adds) const;

    void add(const Parameter& weight, TransposedLayout& transposed, const Parameter* bias, int column);

    int m_in = 0;
    int m_out = 0;
    bool m_hasBias = false;
    bool m_biasAdjacent = true;
    bool m_shared = false;   ///< other layers read its weights, and have their part in the gradient
    bool m_adjacent = true;  ///< the slices' weights follow each other without a gap: one product serves them all
    std::size_t m_transposed = 0;
    std::vector<Slice> m_slices;
};

}  // namespace lab
