#include "core/model/output_head.h"

#include "core/base/random.h"
#include "core/config/model_config.h"

namespace lab {
namespace {

std::uint64_t dropoutSite() {
    return RandomStream::hash("output.hidden");
}

}  // namespace

OutputHead::OutputHead(LayerBuilder builder, const ModelConfig& config, int tokenTable)
    : m_d(config.d_model),
      m_hidden(config.output.kind == OutputKind::mlp
                   ? std::make_optional<Linear>(builder, std::vector<Linear::Part>{{"output.hidden", config.d_model}}, config.d_model, true)
                   : std::nullopt),
      m_norm(config.output.kind == OutputKind::mlp
                 ? std::make_optional<Norm>(builder, "output.norm", config.d_model, NormKind::layer, outputNormEpsilon)
                 : std::nullopt),
      m_projection(config.output.tied ? Linear(builder, tokenTable)
                                      : Linear(builder, {{"output.projection", *config.num_classes}}, config.d_model, config.output.bias,
                                               ParameterRole::outputHead)) {}

template <class T>
T* OutputHead::forward(Pass<T>& pass, const Sequences& sequences, const T* x, Cache<T>& cache) const {
    const int rows = sequences.rows();
    cache.x = x;
    cache.activated = const_cast<T*>(x);
    if (m_hidden) {
        T* hidden = pass.takeRows(rows, m_d);
        T* normed = pass.takeRows(rows, m_d);
        cache.activated = pass.takeRows(rows, m_d);
        // code: hidden
        m_hidden->forward(pass, rows, x, hidden, m_d);
        m_norm->forward(pass, rows, hidden, static_cast<const T*>(nullptr), normed, cache.norm);
        cache.normed = normed;
        pass.kernels.reluForward(std::int64_t{rows} * m_d, normed, cache.activated);
        // end code
        applyDropout(pass, dropoutSite(), sequences, m_d, cache.activated);
        if (pass.tap) pass.tap->tensor("output.hidden", {rows, m_d}, cache.activated);
    }
    T* logits = pass.takeRows(rows, stride());
    // code: logits
    m_projection.forward(pass, rows, cache.activated, logits, stride());
    // end code
    return logits;
}

template <class T>
T* OutputHead::backward(Pass<T>& pass, const Sequences& sequences, const T* dlogits, const Cache<T>& cache) const {
    const int rows = sequences.rows();
    T* dactivated = pass.takeRows(rows, m_d);
    // code: d_head
    m_projection.backward(pass, rows, cache.activated, dlogits, stride(), dactivated, {nullptr, false, cache.normed});
    // end code
    if (!m_hidden) return dactivated;
    applyDropout(pass, dropoutSite(), sequences, m_d, dactivated);
    // code: d_hidden
    m_norm->backward(pass, rows, dactivated, cache.norm, dactivated);
    T* dx = pass.takeRows(rows, m_d);
    m_hidden->backward(pass, rows, cache.x, dactivated, m_d, dx);
    // end code
    return dx;
}

#define INSTANTIATE(T)                                                                      \
    template T* OutputHead::forward(Pass<T>&, const Sequences&, const T*, Cache<T>&) const; \
    template T* OutputHead::backward(Pass<T>&, const Sequences&, const T*, const Cache<T>&) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
