#include "core/layers/token_mixing.h"

#include <algorithm>

#include "core/config/layer_config.h"

namespace lab {
namespace {

/// Each sequence one row of the net.
Sequences asRows(const Sequences& sequences) {
    return {sequences.count, 1, nullptr};
}

}  // namespace

TokenMixing::TokenMixing(LayerBuilder builder, const std::string& name, const LayerConfig& config)
    : m_d(config.d_model), m_positions(config.max_seq_len), m_net(builder, name, mixingOf(config)) {}

template <class T>
T* TokenMixing::flattened(Pass<T>& pass, const Sequences& sequences, const T* rows) const {
    const std::ptrdiff_t width = std::ptrdiff_t{m_positions} * m_d;
    T* flat = pass.takeRows(sequences.count, m_positions * m_d);
    for (int s = 0; s < sequences.count; ++s) {
        const std::ptrdiff_t own = std::ptrdiff_t{sequences.lengths[s]} * m_d;
        T* end = std::copy_n(rows + std::ptrdiff_t{s} * sequences.length * m_d, own, flat + s * width);
        std::fill_n(end, width - own, T{0});
    }
    return flat;
}

template <class T>
void TokenMixing::unflatten(Pass<T>& pass, const Sequences& sequences, const T* flat, T* rows, const T* addend) const {
    const std::ptrdiff_t all = std::ptrdiff_t{sequences.length} * m_d;
    for (int s = 0; s < sequences.count; ++s) {
        const std::ptrdiff_t own = std::ptrdiff_t{sequences.lengths[s]} * m_d;
        T* end = std::copy_n(flat + std::ptrdiff_t{s} * m_positions * m_d, own, rows + s * all);
        std::fill_n(end, all - own, T{0});
    }
    if (addend) pass.kernels.add(sequences.count * all, addend, rows);
}

template <class T>
void TokenMixing::hideMasked(const Pass<T>& pass, T* flat) const {
    if (!pass.tap) return;
    const std::vector<bool>& masked = pass.tap->maskedKeys(false);
    for (std::size_t i = 0; i < masked.size(); ++i)
        if (masked[i]) std::fill_n(flat + static_cast<std::ptrdiff_t>(i) * m_d, m_d, T{0});
}

template <class T>
void TokenMixing::forward(Pass<T>& pass, const Sequences& sequences, const T* x, T* y, Cache<T>& cache, const T* addend) const {
    T* in = flattened(pass, sequences, x);
    hideMasked(pass, in);
    T* out = pass.takeRows(sequences.count, m_positions * m_d);
    m_net.forward(pass, asRows(sequences), in, out, cache.net);
    unflatten(pass, sequences, out, y, addend);
}

template <class T>
void TokenMixing::backward(Pass<T>& pass, const Sequences& sequences, const T* dy, const Cache<T>& cache, T* dx, const T* addend) const {
    const T* dout = flattened(pass, sequences, dy);
    T* din = pass.takeRows(sequences.count, m_positions * m_d);
    m_net.backward(pass, asRows(sequences), dout, cache.net, din);
    hideMasked(pass, din);
    unflatten(pass, sequences, din, dx, addend);
}

#define INSTANTIATE(T)                                                                                       \
    template void TokenMixing::forward(Pass<T>&, const Sequences&, const T*, T*, Cache<T>&, const T*) const; \
    template void TokenMixing::backward(Pass<T>&, const Sequences&, const T*, const Cache<T>&, T*, const T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
