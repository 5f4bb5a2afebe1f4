#include "core/layers/feed_forward.h"

#include "core/base/random.h"
#include "core/layers/activation_kernels.h"

namespace lab {
namespace {

std::vector<Linear::Part> inputParts(const std::string& name, const LayerConfig& config) {
    if (specOf(config.activation).gated) return {{name + ".gate", config.d_ff}, {name + ".up", config.d_ff}};
    return {{name + ".up", config.d_ff}};
}

}  // namespace

FeedForward::FeedForward(LayerBuilder builder, const std::string& name, const LayerConfig& config)
    : m_name(name),
      m_activation(config.activation),
      m_d(config.d_model),
      m_dff(config.d_ff),
      m_up(builder, inputParts(name, config), config.d_model + config.looked_up, config.feed_forward_bias),
      m_down(builder, {{name + ".down", config.d_model}}, config.d_ff, config.feed_forward_bias, ParameterRole::residualOutput) {}

template <class T>
void FeedForward::activate(Pass<T>& pass, int rows, const T* up, T* hidden) const {
    const auto& own = kernelsOf<T>(m_activation);
    if (own.forward) return (pass.kernels.*own.forward)(std::int64_t{rows} * m_dff, up, hidden);
    for (int r = 0; r < rows; ++r, up += 2 * m_dff, hidden += m_dff) (pass.kernels.*own.gatedForward)(m_dff, up, up + m_dff, hidden);
}

template <class T>
void FeedForward::activateBackward(Pass<T>& pass, int rows, const T* up, const T* dhidden, T* dup) const {
    const auto& own = kernelsOf<T>(m_activation);
    if (own.backward) return (pass.kernels.*own.backward)(std::int64_t{rows} * m_dff, up, dhidden, dup);
    for (int r = 0; r < rows; ++r, up += 2 * m_dff, dhidden += m_dff, dup += 2 * m_dff)
        (pass.kernels.*own.gatedBackward)(m_dff, up, up + m_dff, dhidden, dup, dup + m_dff);
}

template <class T, class Rows>
void FeedForward::forward(Pass<T>& pass, const Rows& sequences, const T* x, T* y, Cache<T>& cache, const T* addend) const {
    const int rows = sequences.rows();
    cache.x = x;
    cache.hidden = pass.takeRows(rows, m_dff);
    if (fusesRelu(pass)) {
        m_up.forward(pass, rows, x, cache.hidden, m_dff, {nullptr, true, nullptr});
    } else {
        cache.up = pass.takeRows(rows, m_up.out());
        // code: ffn_up
        m_up.forward(pass, rows, x, cache.up, m_up.out());
        // end code
        if (pass.tap) pass.tap->tensor(m_name + ".up", {rows, m_up.out()}, cache.up);
        activate(pass, rows, cache.up, cache.hidden);
    }
    if (pass.tap) pass.tap->tensor(m_name + ".hidden", {rows, m_dff}, cache.hidden);
    applyDropout(pass, RandomStream::hash(m_name), sequences, m_dff, cache.hidden);
    // code: ffn_down
    m_down.forward(pass, rows, cache.hidden, y, m_d, {addend, false, nullptr});
    // end code
    if (pass.tap) pass.tap->tensor(m_name + ".output", {rows, m_d}, y);
}

template <class T, class Rows>
void FeedForward::backward(Pass<T>& pass, const Rows& sequences, const T* dy, const Cache<T>& cache, T* dx, const T* addend) const {
    const int rows = sequences.rows();
    T* dhidden = pass.takeRows(rows, m_dff);
    T* dup = m_up.out() == m_dff ? dhidden : pass.takeRows(rows, m_up.out());
    if (pass.tap) pass.tap->gradient(m_name + ".output", {rows, m_d}, const_cast<T*>(dy));
    // code: d_ffn_down
    m_down.backward(pass, rows, cache.hidden, dy, m_d, dhidden, {nullptr, false, fusesRelu(pass) ? cache.hidden : nullptr});
    // end code
    applyDropout(pass, RandomStream::hash(m_name), sequences, m_dff, dhidden);
    if (pass.tap) pass.tap->gradient(m_name + ".hidden", {rows, m_dff}, dhidden);
    if (!fusesRelu(pass)) activateBackward(pass, rows, cache.up, dhidden, dup);
    if (pass.tap) pass.tap->gradient(m_name + ".up", {rows, m_up.out()}, dup);
    // code: d_ffn_up,d_l_ffn
    m_up.backward(pass, rows, cache.x, dup, m_up.out(), dx, {addend, false, nullptr});
    // end code
}

template <class T>
void FeedForward::backwardOfNothing(Pass<T>& pass) const {
    m_up.backwardOfNothing(pass);
    m_down.backwardOfNothing(pass);
}

#define INSTANTIATE(T)                                                                                              \
    template void FeedForward::forward(Pass<T>&, const Sequences&, const T*, T*, Cache<T>&, const T*) const;        \
    template void FeedForward::backward(Pass<T>&, const Sequences&, const T*, const Cache<T>&, T*, const T*) const; \
    template void FeedForward::forward(Pass<T>&, const Ragged&, const T*, T*, Cache<T>&, const T*) const;           \
    template void FeedForward::backward(Pass<T>&, const Ragged&, const T*, const Cache<T>&, T*, const T*) const;    \
    template void FeedForward::backwardOfNothing(Pass<T>&) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
