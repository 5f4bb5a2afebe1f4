#include "core/layers/attention/head_norm.h"

namespace lab {

HeadNorm::HeadNorm(LayerBuilder builder, const std::string& name, int headDim, double epsilon)
    : m_headDim(headDim),
      m_epsilon(epsilon),
      m_weight(builder.layout[builder.layout.add(name + ".weight", {headDim}, ParameterRole::normWeight, headDim, headDim)].offset) {}

template <class T>
void HeadNorm::forward(Pass<T>& pass, int rows, int heads, T* x, int ldx, Cache<T>& cache) const {
    cache.normalised = pass.takeRows(rows, heads * m_headDim);
    cache.inverse = pass.takeRows(rows, heads);
    for (std::ptrdiff_t r = 0; r < rows; ++r)
        pass.kernels.rmsNormForward(heads, m_headDim, static_cast<T>(m_epsilon), x + r * ldx, nullptr, nullptr, pass.weights + m_weight,
                                    cache.normalised + r * heads * m_headDim, cache.inverse + r * heads, x + r * ldx);
}

template <class T>
void HeadNorm::backward(Pass<T>& pass, int rows, int heads, T* dx, int lddx, const Cache<T>& cache) const {
    for (std::ptrdiff_t r = 0; r < rows; ++r)
        pass.kernels.rmsNormBackward(heads, m_headDim, dx + r * lddx, cache.normalised + r * heads * m_headDim, cache.inverse + r * heads,
                                     pass.weights + m_weight, dx + r * lddx, pass.gradientOf(m_weight));
}

#define INSTANTIATE(T)                                                             \
    template void HeadNorm::forward(Pass<T>&, int, int, T*, int, Cache<T>&) const; \
    template void HeadNorm::backward(Pass<T>&, int, int, T*, int, const Cache<T>&) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
