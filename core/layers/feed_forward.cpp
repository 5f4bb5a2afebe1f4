#include "core/layers/feed_forward.h"

#include "core/base/random.h"

namespace lab {
namespace {

std::vector<Linear::Part> inputParts(const std::string& name, const LayerConfig& config) {
    if (config.activation == Activation::swiglu) return {{name + ".gate", config.d_ff}, {name + ".up", config.d_ff}};
    return {{name + ".up", config.d_ff}};
}

}  // namespace

FeedForward::FeedForward(LayerBuilder builder, const std::string& name, const LayerConfig& config)
    : m_name(name),
      m_activation(config.activation),
      m_d(config.d_model),
      m_dff(config.d_ff),
      m_up(builder, inputParts(name, config), config.d_model, config.bias),
      m_down(builder, {{name + ".down", config.d_model}}, config.d_ff, config.bias, ParameterRole::residualOutput) {}

template <class T>
void FeedForward::activate(Pass<T>& pass, int rows, const T* up, T* hidden) const {
    const std::int64_t n = std::int64_t{rows} * m_dff;
    switch (m_activation) {
        case Activation::relu:
            pass.kernels.reluForward(n, up, hidden);
            break;
        case Activation::gelu:
            pass.kernels.geluForward(n, up, hidden);
            break;
        case Activation::gelu_tanh:
            pass.kernels.geluTanhForward(n, up, hidden);
            break;
        case Activation::swiglu:
            for (int r = 0; r < rows; ++r, up += 2 * m_dff, hidden += m_dff) pass.kernels.swigluForward(m_dff, up, up + m_dff, hidden);
            break;
    }
}

template <class T>
void FeedForward::activateBackward(Pass<T>& pass, int rows, const T* up, const T* dhidden, T* dup) const {
    const std::int64_t n = std::int64_t{rows} * m_dff;
    switch (m_activation) {
        case Activation::relu:
            pass.kernels.reluBackward(n, up, dhidden, dup);
            break;
        case Activation::gelu:
            pass.kernels.geluBackward(n, up, dhidden, dup);
            break;
        case Activation::gelu_tanh:
            pass.kernels.geluTanhBackward(n, up, dhidden, dup);
            break;
        case Activation::swiglu:
            for (int r = 0; r < rows; ++r, up += 2 * m_dff, dhidden += m_dff, dup += 2 * m_dff)
                pass.kernels.swigluBackward(m_dff, up, up + m_dff, dhidden, dup, dup + m_dff);
            break;
    }
}

template <class T>
void FeedForward::forward(Pass<T>& pass, const Sequences& sequences, const T* x, T* y, Cache<T>& cache, const T* addend) const {
    const int rows = sequences.rows();
    cache.x = x;
    cache.hidden = pass.takeRows(rows, m_dff);
    if (fusesRelu(pass)) {
        m_up.forward(pass, rows, x, cache.hidden, m_dff, {nullptr, true, nullptr});
    } else {
        cache.up = pass.takeRows(rows, m_up.out());
        m_up.forward(pass, rows, x, cache.up, m_up.out());
        if (pass.tap) pass.tap->tensor(m_name + ".up", {rows, m_up.out()}, cache.up);
        activate(pass, rows, cache.up, cache.hidden);
    }
    if (pass.tap) pass.tap->tensor(m_name + ".hidden", {rows, m_dff}, cache.hidden);
    applyDropout(pass, RandomStream::hash(m_name), sequences, m_dff, cache.hidden);
    m_down.forward(pass, rows, cache.hidden, y, m_d, {addend, false, nullptr});
    if (pass.tap) pass.tap->tensor(m_name + ".output", {rows, m_d}, y);
}

template <class T>
void FeedForward::backward(Pass<T>& pass, const Sequences& sequences, const T* dy, const Cache<T>& cache, T* dx, const T* addend) const {
    const int rows = sequences.rows();
    T* dhidden = pass.takeRows(rows, m_dff);
    T* dup = m_up.out() == m_dff ? dhidden : pass.takeRows(rows, m_up.out());
    if (pass.tap) pass.tap->gradient(m_name + ".output", {rows, m_d}, const_cast<T*>(dy));
    m_down.backward(pass, rows, cache.hidden, dy, m_d, dhidden, {nullptr, false, fusesRelu(pass) ? cache.hidden : nullptr});
    applyDropout(pass, RandomStream::hash(m_name), sequences, m_dff, dhidden);
    if (pass.tap) pass.tap->gradient(m_name + ".hidden", {rows, m_dff}, dhidden);
    if (!fusesRelu(pass)) activateBackward(pass, rows, cache.up, dhidden, dup);
    if (pass.tap) pass.tap->gradient(m_name + ".up", {rows, m_up.out()}, dup);
    m_up.backward(pass, rows, cache.x, dup, m_up.out(), dx, {addend, false, nullptr});
}

#define INSTANTIATE(T)                                                                                       \
    template void FeedForward::forward(Pass<T>&, const Sequences&, const T*, T*, Cache<T>&, const T*) const; \
    template void FeedForward::backward(Pass<T>&, const Sequences&, const T*, const Cache<T>&, T*, const T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
