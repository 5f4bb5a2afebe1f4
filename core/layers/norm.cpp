#include "core/layers/norm.h"

#include <algorithm>

namespace lab {

Norm::Norm(LayerBuilder builder, const std::string& name, int n, NormKind kind, double epsilon) : m_n(n), m_kind(kind), m_epsilon(epsilon) {
    if (!specOf(kind).normalises) return;
    m_weight = builder.layout[builder.layout.add(name + ".weight", {n}, ParameterRole::normWeight, n, n)].offset;
    if (specOf(kind).centred) m_bias = builder.layout[builder.layout.add(name + ".bias", {n}, ParameterRole::normBias, n, n)].offset;
}

template <class T>
void Norm::forward(Pass<T>& pass, int rows, const T* x, const T* residual, T* y, Cache<T>& cache, T* normalised) const {
    if (!specOf(m_kind).normalises) {
        std::copy_n(x, std::int64_t{rows} * m_n, y);
        if (residual) pass.kernels.add(std::int64_t{rows} * m_n, residual, y);
        return;
    }
    cache.normalised = normalised ? normalised : pass.takeRows(rows, m_n);
    cache.inverse = pass.takeRows(rows, 1);
    const T* gamma = pass.weights + m_weight;
    const T epsilon = static_cast<T>(m_epsilon);
    if (specOf(m_kind).centred)
        pass.kernels.layerNormForward(rows, m_n, epsilon, x, residual, nullptr, gamma, pass.weights + m_bias, cache.normalised,
                                      cache.inverse, y);
    else
        pass.kernels.rmsNormForward(rows, m_n, epsilon, x, residual, nullptr, gamma, cache.normalised, cache.inverse, y);
}

template <class T>
void Norm::backward(Pass<T>& pass, int rows, const T* dy, const Cache<T>& cache, T* dz) const {
    if (!specOf(m_kind).normalises) {
        if (dz != dy) std::copy_n(dy, std::int64_t{rows} * m_n, dz);
        return;
    }
    const T* gamma = pass.weights + m_weight;
    if (specOf(m_kind).centred)
        pass.kernels.layerNormBackward(rows, m_n, dy, cache.normalised, cache.inverse, gamma, dz, pass.gradientOf(m_weight),
                                       pass.gradientOf(m_bias));
    else
        pass.kernels.rmsNormBackward(rows, m_n, dy, cache.normalised, cache.inverse, gamma, dz, pass.gradientOf(m_weight));
}

#define INSTANTIATE(T)                                                                       \
    template void Norm::forward(Pass<T>&, int, const T*, const T*, T*, Cache<T>&, T*) const; \
    template void Norm::backward(Pass<T>&, int, const T*, const Cache<T>&, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
