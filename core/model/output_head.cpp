#include "core/model/output_head.h"

#include <algorithm>

#include "core/base/random.h"
#include "core/config/model_config.h"
#include "core/layers/activation_kernels.h"

namespace lab {
namespace {

std::uint64_t dropoutSite() {
    return RandomStream::hash("output.hidden");
}

std::optional<Norm> normOf(LayerBuilder builder, const ModelConfig& config, int inner) {
    if (!specOf(config.output.kind).hidden) return std::nullopt;
    const double epsilon = config.output.kind == OutputKind::mlp ? outputNormEpsilon : config.norm.epsilon;
    return Norm(builder, "output.norm", inner, NormKind::layer, epsilon);
}

std::optional<Linear> projectionOf(LayerBuilder builder, const ModelConfig& config, int inner, int tokenTable) {
    const OutputConfig& output = config.output;
    if (!specOf(output.kind).projects) return std::nullopt;
    if (output.tied) return Linear(builder, tokenTable, output.tied_bias ? "output.projection.bias" : std::string());
    return Linear(builder, {{"output.projection", *config.num_classes}}, inner, output.bias, ParameterRole::outputHead);
}

}  // namespace

OutputHead::OutputHead(LayerBuilder builder, const ModelConfig& config, int tokenTable)
    : m_kind(config.output.kind),
      m_activation(config.feed_forward.activation),
      m_d(config.d_model),
      m_inner(m_kind == OutputKind::masked_word ? config.embedding_dim.value_or(m_d) : m_d),
      m_hidden(specOf(m_kind).hidden ? std::make_optional<Linear>(builder, std::vector<Linear::Part>{{"output.hidden", m_inner}}, m_d, true)
                                     : std::nullopt),
      m_norm(normOf(builder, config, m_inner)),
      m_projection(projectionOf(builder, config, m_inner, tokenTable)) {}

template <class T>
T* OutputHead::hiddenOfMlp(Pass<T>& pass, const Sequences& sequences, const T* x, Cache<T>& cache) const {
    const int rows = sequences.rows();
    T* hidden = pass.takeRows(rows, m_d);
    T* normed = pass.takeRows(rows, m_d);
    T* activated = pass.takeRows(rows, m_d);
    // code: hidden mlp
    m_hidden->forward(pass, rows, x, hidden, m_d);
    m_norm->forward(pass, rows, hidden, static_cast<const T*>(nullptr), normed, cache.norm);
    cache.normed = normed;
    pass.kernels.reluForward(std::int64_t{rows} * m_d, normed, activated);
    // end code
    applyDropout(pass, dropoutSite(), sequences, m_d, activated);
    return activated;
}

template <class T>
T* OutputHead::hiddenOfGaps(Pass<T>& pass, int rows, const T* x, Cache<T>& cache) const {
    cache.hidden = pass.takeRows(rows, m_inner);
    T* bent = pass.takeRows(rows, m_inner);
    T* normed = pass.takeRows(rows, m_inner);
    // code: hidden gaps
    m_hidden->forward(pass, rows, x, cache.hidden, m_inner);
    (pass.kernels.*kernelsOf<T>(m_activation).forward)(std::int64_t{rows} * m_inner, cache.hidden, bent);
    m_norm->forward(pass, rows, bent, static_cast<const T*>(nullptr), normed, cache.norm);
    // end code
    return normed;
}

/// [rows, stride()], 0 behind the stream's numbers.
template <class T>
T* OutputHead::streamItself(Pass<T>& pass, int rows, const T* x) const {
    T* answers = pass.takeRows(rows, stride());
    std::fill_n(answers, std::int64_t{rows} * stride(), T{0});
    for (std::ptrdiff_t r = 0; r < rows; ++r) std::copy_n(x + r * m_d, m_d, answers + r * stride());
    return answers;
}

template <class T>
T* OutputHead::streamBackward(Pass<T>& pass, int rows, const T* dlogits) const {
    T* dx = pass.takeRows(rows, m_d);
    for (std::ptrdiff_t r = 0; r < rows; ++r) std::copy_n(dlogits + r * stride(), m_d, dx + r * m_d);
    return dx;
}

template <class T>
T* OutputHead::forward(Pass<T>& pass, const Sequences& sequences, const T* x, Cache<T>& cache) const {
    const int rows = sequences.rows();
    cache.x = x;
    if (!m_projection) return streamItself(pass, rows, x);
    cache.activated = const_cast<T*>(x);
    if (m_hidden) {
        cache.activated = m_kind == OutputKind::mlp ? hiddenOfMlp(pass, sequences, x, cache) : hiddenOfGaps(pass, rows, x, cache);
        if (pass.tap) pass.tap->tensor("output.hidden", {rows, m_inner}, cache.activated);
    }
    T* logits = pass.takeRows(rows, stride());
    // code: logits
    m_projection->forward(pass, rows, cache.activated, logits, stride());
    // end code
    return logits;
}

/// From what the projection reads to the stream.
template <class T>
T* OutputHead::backwardOfGaps(Pass<T>& pass, int rows, const T* dactivated, const Cache<T>& cache) const {
    T* dbent = pass.takeRows(rows, m_inner);
    T* dx = pass.takeRows(rows, m_d);
    // code: d_hidden gaps
    m_norm->backward(pass, rows, dactivated, cache.norm, dbent);
    (pass.kernels.*kernelsOf<T>(m_activation).backward)(std::int64_t{rows} * m_inner, cache.hidden, static_cast<const T*>(dbent), dbent);
    m_hidden->backward(pass, rows, cache.x, static_cast<const T*>(dbent), m_inner, dx);
    // end code
    return dx;
}

template <class T>
T* OutputHead::backward(Pass<T>& pass, const Sequences& sequences, const T* dlogits, const Cache<T>& cache) const {
    const int rows = sequences.rows();
    if (!m_projection) return streamBackward(pass, rows, dlogits);
    T* dactivated = pass.takeRows(rows, m_inner);
    // code: d_head
    m_projection->backward(pass, rows, cache.activated, dlogits, stride(), dactivated, {nullptr, false, cache.normed});
    // end code
    if (!m_hidden) return dactivated;
    if (m_kind == OutputKind::masked_word) return backwardOfGaps(pass, rows, static_cast<const T*>(dactivated), cache);
    applyDropout(pass, dropoutSite(), sequences, m_d, dactivated);
    // code: d_hidden mlp
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
