#include "core/layers/linear.h"

#include <algorithm>
#include <cassert>

#include "core/base/team.h"
#include "core/layers/adapter_pass.h"
#include "core/layers/byte_weights.h"

namespace lab {

std::size_t TransposedLayout::reserve(int in, int out) {
    const std::size_t offset = m_size;
    m_size += static_cast<std::size_t>(in) * static_cast<std::size_t>(stride(out));
    return offset;
}

std::optional<std::size_t> TransposedLayout::find(const Parameter& firstRows, int stride) const {
    const auto found =
        std::ranges::find_if(m_parts, [&](const Part& part) { return part.source == firstRows.offset && part.stride == stride; });
    return found == m_parts.end() ? std::nullopt : std::optional(found->target);
}

void TransposedLayout::addPart(std::size_t offset, int stride, int column, const Parameter& parameter) {
    const Part part{parameter.offset, offset + static_cast<std::size_t>(column), parameter.shape[0], parameter.shape[1], stride,
                    parameter.shared};
    const auto same = [&](const Part& other) { return other.source == part.source && other.target == part.target; };
    if (std::ranges::any_of(m_parts, same)) return;
    const auto bySource = [](const Part& a, const Part& b) { return a.source < b.source; };
    m_parts.insert(std::upper_bound(m_parts.begin(), m_parts.end(), part, bySource), part);
}

template <class T>
void TransposedLayout::clearOthers(BasicWeights<T>& gradient) const {
    auto from = gradient.begin();
    for (const Part& part : m_parts) {
        if (part.shared) continue;
        const auto begin = gradient.begin() + static_cast<std::ptrdiff_t>(part.source);
        std::fill(from, begin, T{0});
        from = begin + static_cast<std::ptrdiff_t>(part.rows) * part.in;
    }
    std::fill(from, gradient.end(), T{0});
}

template <class T>
void TransposedLayout::update(const Kernels<T>& kernels, const T* weights, T* transposed, std::size_t begin, std::size_t end) const {
    for (const Part& part : m_parts) {
        if (part.source < begin || part.source >= end) continue;
        kernels.transpose(part.rows, part.in, weights + part.source, part.in, transposed + part.target, part.stride);
    }
}

Linear::Linear(LayerBuilder builder, const std::vector<Part>& parts, int in, bool bias, ParameterRole role, int fanOut)
    : m_in(in), m_hasBias(bias) {
    for (const Part& part : parts) m_out += part.out;
    const bool ofAttention = role == ParameterRole::attentionInput || role == ParameterRole::attentionOutput;
    const ParameterRole biasRole = ofAttention ? ParameterRole::attentionBias : ParameterRole::linearBias;
    std::vector<int> weights, biases;  // all weights first: adjacent in the flat vector
    for (const Part& part : parts)
        weights.push_back(builder.layout.add(part.name + ".weight", {part.out, in}, role, fanOut ? fanOut : m_out, in));
    if (bias)
        for (const Part& part : parts) biases.push_back(builder.layout.add(part.name + ".bias", {part.out}, biasRole, part.out, in));
    const auto known = builder.transposed.find(builder.layout[weights.front()], stride());
    m_transposed = known ? *known : builder.transposed.reserve(in, m_out);
    int column = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        add(builder.layout[weights[i]], builder.transposed, bias ? &builder.layout[biases[i]] : nullptr, column);
        column += parts[i].out;
    }
}

Linear::Linear(LayerBuilder builder, int sharedParameter, const std::string& bias) : m_hasBias(!bias.empty()) {
    m_out = builder.layout[sharedParameter].shape[0];
    m_in = builder.layout[sharedParameter].shape[1];
    const int own = m_hasBias ? builder.layout.add(bias, {m_out}, ParameterRole::linearBias, m_out, m_in) : -1;
    m_transposed = builder.transposed.reserve(m_in, m_out);
    add(builder.layout[sharedParameter], builder.transposed, m_hasBias ? &builder.layout[own] : nullptr, 0);
}

void Linear::add(const Parameter& weight, TransposedLayout& transposed, const Parameter* bias, int column) {
    if (!m_slices.empty()) {
        const Slice& last = m_slices.back();
        m_biasAdjacent &= bias == nullptr || last.bias + static_cast<std::size_t>(last.out) == bias->offset;
        m_adjacent &= last.weight + static_cast<std::size_t>(last.out) * static_cast<std::size_t>(m_in) == weight.offset;
    }
    m_shared |= weight.shared;
    m_slices.push_back({column, weight.shape[0], weight.offset, bias ? bias->offset : 0});
    transposed.addPart(m_transposed, stride(), column, weight);
}

/// Shares columns 0 .. out - 1 among the team, where there are enough for that; act(first, count).
template <class Act>
void Linear::shareColumns(Team* team, int out, Act act) const {
    constexpr std::int64_t leastShared = std::int64_t{1} << 16;  // weights; fewer are done before the others wake
    if (!team || std::int64_t{out} * m_in < leastShared) return act(0, out);
    const int wide = TransposedLayout::stride((out + team->members() - 1) / team->members());
    team->share([&](int member) {
        const int first = std::min(member * wide, out);
        if (first < out) act(first, std::min(wide, out - first));
    });
}

/// Of one row, from bytes.
template <class T>
void Linear::forwardBytes(Pass<T>& pass, const Slice& slice, int out, const signed char* codes, const float* scales, const T* x, T* y,
                          const GemmExtra<T>& extra) const {
    shareColumns(pass.team, out, [&](int first, int count) {
        const int column = slice.column + first;
        const GemmExtra<T> own = extra.from(column);
        pass.kernels.rowByBytes(count, m_in, x, codes + static_cast<std::ptrdiff_t>(first) * m_in, scales + first, y + column);
        for (int i = 0; i < count; ++i) {
            T& number = y[column + i];
            if (own.bias) number += own.bias[i];
            if (own.addend) number += own.addend[i];
            if (own.relu) number = std::max(number, T{0});
        }
    });
}

/// Of some columns, from the weights' rows as they lie.
template <class T>
void Linear::forwardSlice(Pass<T>& pass, const Slice& slice, int out, int rows, const T* x, T* y, int ldy,
                          const GemmExtra<T>& extra) const {
    const ByteWeights::Matrix bytes = pass.bytes && rows == 1 ? pass.bytes->find(slice.weight) : ByteWeights::Matrix();
    if (bytes.codes) return forwardBytes(pass, slice, out, bytes.codes, bytes.scales, x, y, extra);
    const auto& k = pass.kernels;
    const Arena::Mark mark = pass.scratch.arena.mark();
    T* panels = rows >= k.panelRows ? pass.take(k.sizeOfPanels(rows, m_in)) : nullptr;
    if (panels) k.turnRows(rows, m_in, x, m_in, panels);
    shareColumns(pass.team, out, [&](int first, int count) {
        const int column = slice.column + first;
        const T* weights = pass.weights + slice.weight + static_cast<std::ptrdiff_t>(first) * m_in;
        if (panels)
            k.gemmOfPanels(rows, count, m_in, panels, weights, m_in, y + column, ldy, extra.from(column));
        else
            k.gemmByRows(rows, count, m_in, x, m_in, weights, m_in, y + column, ldy, extra.from(column));
    });
    pass.scratch.arena.rewind(mark);
}

template <class T>
void Linear::forwardRows(Pass<T>& pass, int rows, const T* x, T* y, int ldy, const GemmExtra<T>& extra) const {
    if (pass.transposed) return pass.kernels.gemmFused(rows, ldy, m_in, x, m_in, pass.transposed + m_transposed, stride(), y, ldy, extra);
    if (m_adjacent && !pass.bytes)
        forwardSlice(pass, m_slices.front(), m_out, rows, x, y, ldy, extra);
    else
        for (const Slice& slice : m_slices) forwardSlice(pass, slice, slice.out, rows, x, y, ldy, extra);
    for (std::ptrdiff_t r = 0; r < rows && ldy > m_out; ++r) std::fill(y + r * ldy + m_out, y + (r + 1) * ldy, T{0});
}

template <class T>
void Linear::forward(Pass<T>& pass, int rows, const T* x, T* y, int ldy, const ProductExtra<T>& extra) const {
    const bool biasAfterwards = m_hasBias && !m_biasAdjacent;
    assert(!(biasAfterwards && extra.relu));
    const T* bias = m_hasBias && m_biasAdjacent ? pass.weights + m_slices[0].bias : nullptr;
    constexpr int rowsBetweenQuestions = 512;
    const int portion = pass.abandoned ? rowsBetweenQuestions : std::max(rows, 1);
    for (int first = 0; first < rows; first += portion) {
        pass.goOn();
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(first) * ldy;
        forwardRows(pass, std::min(portion, rows - first), x + static_cast<std::ptrdiff_t>(first) * m_in, y + at, ldy,
                    {bias, extra.addend ? extra.addend + at : nullptr, ldy, extra.relu, nullptr, 0});
    }
    if (!biasAfterwards) return;
    for (const Slice& slice : m_slices) pass.kernels.addBias(rows, slice.out, pass.weights + slice.bias, y + slice.column, ldy);
}

template <class T>
void Linear::backwardRows(Pass<T>& pass, int rows, const T* x, const T* dy, int lddy, T* dx, const ProductExtra<T>& extra,
                          bool adds) const {
    const auto& k = pass.kernels;
    const std::size_t merged = m_adjacent ? 1 : m_slices.size();
    const bool all = !pass.adapters && !pass.frozen;
    if (!all) gradientsOfParts(pass, rows, x, dy, lddy, adds);
    for (std::size_t i = 0; i < merged; ++i) {
        const Slice& slice = m_slices[i];
        const int out = m_adjacent ? m_out : slice.out;
        if (all) {
            // code: d_matrix,d_ffn_up_matrix,d_ffn_down_matrix
            k.gemmTransposedA(out, m_in, rows, dy + slice.column, lddy, x, m_in, pass.gradient + slice.weight, m_in, adds);
            // end code
        }
        const T* addend = i == 0 ? extra.addend : dx;
        // code: d_head,d_output,d_ffn_down,d_ffn_up
        if (dx)
            k.gemmFused(rows, m_in, out, dy + slice.column, lddy, pass.weights + slice.weight, m_in, dx, m_in,
                        {nullptr, addend, m_in, false, i + 1 == merged ? extra.gate : nullptr, m_in});
        // end code
    }
    if (!m_hasBias || pass.adapters) return;
    for (const Slice& slice : m_slices) k.addColumnSums(rows, slice.out, dy + slice.column, lddy, pass.gradient + slice.bias);
}

/// Of those that are trained, apart.
template <class T>
void Linear::gradientsOfParts(Pass<T>& pass, int rows, const T* x, const T* dy, int lddy, bool adds) const {
    for (const Slice& slice : m_slices) {
        const T* own = dy + slice.column;
        if (pass.adapters)
            addAdapterGradient(pass, {slice.weight, 0, slice.out, m_in, rows, x, own, lddy});
        else if (!pass.isFrozen(slice.weight))
            pass.kernels.gemmTransposedA(slice.out, m_in, rows, own, lddy, x, m_in, pass.gradient + slice.weight, m_in, adds);
    }
}

template <class T>
void Linear::backward(Pass<T>& pass, int rows, const T* x, const T* dy, int lddy, T* dx, const ProductExtra<T>& extra) const {
    constexpr int inCache = 512;  // rows of dy that both products find there
    for (int first = 0; first < rows; first += inCache) {
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(first) * m_in;
        const auto shifted = [at](const T* array) { return array ? array + at : nullptr; };
        backwardRows(pass, std::min(inCache, rows - first), x + at, dy + static_cast<std::ptrdiff_t>(first) * lddy, lddy,
                     dx ? dx + at : nullptr, {shifted(extra.addend), extra.relu, shifted(extra.gate)},
                     first > 0 || m_shared || !pass.writesLinearGradients);
    }
}

template <class T>
void Linear::backwardOfNothing(Pass<T>& pass) const {
    if (!pass.writesLinearGradients || pass.adapters) return;
    for (const Slice& slice : m_slices) std::fill_n(pass.gradient + slice.weight, std::ptrdiff_t{slice.out} * m_in, T{0});
}

#define INSTANTIATE(T)                                                                                        \
    template void TransposedLayout::update(const Kernels<T>&, const T*, T*, std::size_t, std::size_t) const;  \
    template void TransposedLayout::clearOthers(BasicWeights<T>&) const;                                      \
    template void Linear::forward(Pass<T>&, int, const T*, T*, int, const ProductExtra<T>&) const;            \
    template void Linear::backward(Pass<T>&, int, const T*, const T*, int, T*, const ProductExtra<T>&) const; \
    template void Linear::backwardOfNothing(Pass<T>&) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
