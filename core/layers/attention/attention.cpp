#include "core/layers/attention/attention.h"

#include <algorithm>
#include <cmath>

#include "core/layers/position/alibi.h"
#include "core/layers/position/sinusoidal.h"

namespace lab {
namespace {

std::vector<Linear::Part> inputParts(const std::string& name, const LayerConfig& config, const Attention::Place& place) {
    const FormSpec& form = specOf(config.form);
    const int keyOut = config.num_kv_heads * config.head_dim;
    std::vector<Linear::Part> parts;
    if (form.ownQuery && !place.cross) parts.push_back({name + ".query", config.num_heads * config.head_dim});
    parts.push_back({name + ".key", keyOut});
    if (form.ownValue) parts.push_back({name + ".value", keyOut});
    return parts;
}

/// Outputs of all input projections together.
int fusedOutputs(const LayerConfig& config) {
    const FormSpec& form = specOf(config.form);
    return ((form.ownQuery ? config.num_heads : 0) + (form.ownValue ? 2 : 1) * config.num_kv_heads) * config.head_dim;
}

std::optional<Linear> queryOfCross(LayerBuilder builder, const std::string& name, const LayerConfig& config,
                                   const Attention::Place& place) {
    if (!place.cross) return std::nullopt;
    return Linear(builder, {{name + ".query", config.num_heads * config.head_dim}}, config.d_model, config.bias,
                  ParameterRole::attentionInput, fusedOutputs(config));
}

std::size_t asSize(int n) {
    return static_cast<std::size_t>(n);
}

}  // namespace

Attention::Attention(LayerBuilder builder, const std::string& name, const LayerConfig& config, Place place)
    : m_name(name),
      m_form(config.form),
      m_kernel(config.kernel),
      m_visibility(config.visibility),
      m_place(place),
      m_d(config.d_model),
      m_heads(config.num_heads),
      m_kvHeads(config.num_kv_heads),
      m_headDim(config.head_dim),
      m_query(queryOfCross(builder, name, config, place)),
      m_input(builder, inputParts(name, config, place), config.d_model, config.bias, ParameterRole::attentionInput, fusedOutputs(config)),
      m_output(builder, {{name + ".output", config.d_model}}, config.num_heads * config.head_dim, config.bias,
               ParameterRole::attentionOutput) {
    if (config.qk_norm && form().ownQuery) m_queryNorm.emplace(builder, name + ".query_norm", m_headDim, config.norm.epsilon);
    if (config.qk_norm) m_keyNorm.emplace(builder, name + ".key_norm", m_headDim, config.norm.epsilon);
    if (specOf(config.position.kind).rotates) m_rotary.emplace(config.position.rope, m_headDim, config.max_seq_len);
    if (specOf(config.position.kind).biasesScores) m_slopes = alibiSlopes(m_heads);
    if (!form().positionMap) return;
    m_posDim = config.pos_dim;
    m_mapWeight =
        builder.layout[builder.layout.add(name + ".position_map.weight", {1, m_posDim}, ParameterRole::positionMap, 1, m_posDim)].offset;
    m_mapBias = builder.layout[builder.layout.add(name + ".position_map.bias", {1}, ParameterRole::positionMapBias, 1, m_posDim)].offset;
    const GridEncoding grid(m_posDim);
    const int kept = std::clamp(config.max_seq_len, 1, 4096);
    for (int j = 0; j < kept; ++j)
        for (int c = 0; c < m_posDim; ++c) m_grid.push_back(c < grid.rowChannels() ? 0.0 : grid.channel(c, 0, j));
}

Attention::Columns Attention::columns() const {
    const int queries = m_heads * m_headDim;
    const int keys = m_kvHeads * m_headDim;
    if (m_place.cross) return {0, 0, keys, queries, 2 * keys};
    if (!form().ownQuery) return {0, 0, keys, 2 * keys, 2 * keys};
    return {0, queries, queries + keys, queries + 2 * keys, queries + 2 * keys};
}

template <class T>
void Attention::project(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const {
    const Columns at = columns();
    cache.keyValue = pass.takeRows(keys.rows(), at.ldKeyValue);
    cache.query = cache.keyValue;
    // code: project
    projectInput(pass, keys.rows(), cache.memory, cache.keyValue);
    if (m_query) {
        cache.query = pass.takeRows(queries.rows(), at.ldQuery);
        m_query->forward(pass, queries.rows(), cache.x, cache.query, at.ldQuery);
    }
    // end code
}

/// x [rows, d_model] -> projected [rows, ldKeyValue]; where the values are the keys these stand in both places.
template <class T>
void Attention::projectInput(Pass<T>& pass, int rows, const T* x, T* projected) const {
    const Columns at = columns();
    if (form().ownValue) return m_input.forward(pass, rows, x, projected, at.ldKeyValue);
    T* narrow = pass.takeRows(rows, m_input.out());
    m_input.forward(pass, rows, x, narrow, m_input.out());
    for (int r = 0; r < rows; ++r, narrow += m_input.out(), projected += at.ldKeyValue) {
        std::copy_n(narrow, at.v, projected);
        std::copy_n(narrow + at.k, at.v - at.k, projected + at.v);
    }
}

template <class T>
void Attention::backwardOfInput(Pass<T>& pass, int rows, const T* x, T* dprojected, T* dx, const ProductExtra<T>& extra) const {
    const Columns at = columns();
    if (form().ownValue) return m_input.backward(pass, rows, x, dprojected, at.ldKeyValue, dx, extra);
    T* narrow = pass.takeRows(rows, m_input.out());
    for (int r = 0; r < rows; ++r) {
        const T* wide = dprojected + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue;
        T* row = narrow + static_cast<std::ptrdiff_t>(r) * m_input.out();
        std::copy_n(wide, at.v, row);
        pass.kernels.add(at.v - at.k, wide + at.v, row + at.k);
    }
    m_input.backward(pass, rows, x, narrow, m_input.out(), dx, extra);
}

/// Queries and keys of the projection, in place.
template <class T>
void Attention::normalise(Pass<T>& pass, int rows, Cache<T>& cache) const {
    const Columns at = columns();
    if (m_queryNorm) m_queryNorm->forward(pass, rows, m_heads, cache.query + at.q, at.ldQuery, cache.queryNorm);
    if (m_keyNorm) m_keyNorm->forward(pass, rows, m_kvHeads, cache.keyValue + at.k, at.ldKeyValue, cache.keyNorm);
}

template <class T>
void Attention::backwardOfNormalise(Pass<T>& pass, int rows, const Cache<T>& cache, T* dprojected) const {
    const Columns at = columns();
    if (m_queryNorm) m_queryNorm->backward(pass, rows, m_heads, dprojected + at.q, at.ldQuery, cache.queryNorm);
    if (m_keyNorm) m_keyNorm->backward(pass, rows, m_kvHeads, dprojected + at.k, at.ldKeyValue, cache.keyNorm);
}

template <class T>
void Attention::rotate(Pass<T>& pass, const Sequences& sequences, bool inverse, T* projection, int ld, int firstColumn, int heads) const {
    for (int s = 0; s < sequences.count; ++s) {
        const auto view = m_rotary->view(pass, sequences.lengths[s]);  // LongRoPE looks at the sequence's own length
        T* rows = projection + static_cast<std::ptrdiff_t>(s) * sequences.length * ld + firstColumn;
        for (int h = 0; h < heads; ++h) m_rotary->rotate(pass.kernels, view, sequences.lengths[s], inverse, rows + h * m_headDim, ld);
    }
}

/// q and k columns of the (rotated) projection through phi; they lie side by side at the beginning of its rows.
template <class T>
void Attention::mapToPhi(Pass<T>& pass, int rows, Cache<T>& cache) const {
    const Columns at = columns();
    cache.phi = pass.takeRows(rows, at.v);
    for (int r = 0; r < rows; ++r)
        pass.kernels.eluPlusOneForward(at.v, cache.keyValue + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue,
                                       cache.phi + static_cast<std::ptrdiff_t>(r) * at.v);
}

/// KV+Pos in its collapsed form (SPEC.md 1.3): the row's part of P and the map's bias cancel in the softmax, which leaves
/// s (q . k) / sqrt(head_dim) + g(j) with s = sum_c w_c and g(j) = sum over the column channels of w_c P_jc.
template <class T>
ScoreTerms<T> Attention::scoreTerms(Pass<T>& pass, int keys, int head, T* columnBias) const {
    ScoreTerms<T> terms;
    if (!specOf(m_kernel).scores) return terms;
    terms.factor = static_cast<T>(1.0 / std::sqrt(static_cast<double>(m_headDim)));
    if (!m_slopes.empty()) terms.slope = static_cast<T>(m_slopes[asSize(head)]);
    if (!form().positionMap) return terms;
    const T* w = pass.weights + m_mapWeight;
    T sum = 0;
    for (int c = 0; c < m_posDim; ++c) sum += w[c];
    terms.factor *= sum;
    terms.columnBias = columnBias;
    if (head > 0) return terms;  // the same for all heads
    const GridEncoding grid(m_posDim);
    const int kept = static_cast<int>(m_grid.size()) / m_posDim;
    for (int j = 0; j < keys; ++j) {
        double g = 0;
        for (int c = grid.rowChannels(); c < m_posDim; ++c)
            g += static_cast<double>(w[c]) * (j < kept ? m_grid[asSize(j * m_posDim + c)] : grid.channel(c, 0, j));
        columnBias[j] = static_cast<T>(g);
    }
    return terms;
}

template <class T>
void Attention::forward(Pass<T>& pass, const Sequences& queries, const T* x, const Sequences& keys, const T* memory, T* y, Cache<T>& cache,
                        const T* addend) const {
    const Columns at = columns();
    cache.x = x;
    cache.memory = m_place.cross ? memory : x;
    project(pass, queries, keys, cache);
    const int mixed = m_heads * m_headDim;
    cache.mixed = pass.takeRows(queries.rows(), mixed);
    if (pass.tap) {
        attendDense(pass, queries, keys, cache);
    } else {
        normalise(pass, keys.rows(), cache);
        if (m_rotary) rotate(pass, keys, false, cache.keyValue, at.ldKeyValue, 0, at.v / m_headDim);
        if (specOf(m_kernel).features) mapToPhi(pass, keys.rows(), cache);
        if (std::any_of(queries.lengths, queries.lengths + queries.count, [&](int n) { return n < queries.length; }))
            std::fill_n(cache.mixed, static_cast<std::ptrdiff_t>(queries.rows()) * mixed, T{0});  // rows of padding
        attend(pass, queries, keys, cache);
    }
    // code: output
    m_output.forward(pass, queries.rows(), cache.mixed, y, m_d, {addend, false, nullptr});
    // end code
    if (pass.tap) pass.tap->tensor(m_name + ".output", {queries.rows(), m_d}, y);
}

template <class T>
void Attention::backward(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const T* dy, const Cache<T>& cache, T* dx,
                         T* dmemory, const T* addend) const {
    const Columns at = columns();
    T* dmixed = pass.takeRows(queries.rows(), m_heads * m_headDim);
    if (pass.tap) pass.tap->gradient(m_name + ".output", {queries.rows(), m_d}, const_cast<T*>(dy));
    // code: d_output
    m_output.backward(pass, queries.rows(), cache.mixed, dy, m_d, dmixed);
    // end code
    T* dkeyValue = pass.takeRows(keys.rows(), at.ldKeyValue);
    T* dquery = m_query ? pass.takeRows(queries.rows(), at.ldQuery) : dkeyValue;
    const auto hasPadding = [](const Sequences& s) {
        return std::any_of(s.lengths, s.lengths + s.count, [&](int n) { return n < s.length; });
    };
    if (hasPadding(keys)) std::fill_n(dkeyValue, static_cast<std::ptrdiff_t>(keys.rows()) * at.ldKeyValue, T{0});
    if (m_query && hasPadding(queries)) std::fill_n(dquery, static_cast<std::ptrdiff_t>(queries.rows()) * at.ldQuery, T{0});
    if (pass.tap) {
        backwardDense(pass, queries, keys, cache, dmixed, dquery, dkeyValue);
    } else {
        attendBackward(pass, queries, keys, cache, dmixed, dquery, dkeyValue);
        if (cache.phi)
            for (int r = 0; r < keys.rows(); ++r) {
                T* d = dkeyValue + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue;
                pass.kernels.eluPlusOneBackward(at.v, cache.keyValue + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue, d, d);
            }
        if (m_rotary) rotate(pass, keys, true, dkeyValue, at.ldKeyValue, 0, at.v / m_headDim);
        backwardOfNormalise(pass, keys.rows(), cache, dkeyValue);
    }
    const ProductExtra<T> withAddend{addend, false, nullptr};
    // code: d_l_query,d_l_keys,d_l_values,d_memory_keys,d_memory_values,d_cross
    backwardOfInput(pass, keys.rows(), cache.memory, dkeyValue, m_place.cross ? dmemory : dx,
                    m_place.cross ? ProductExtra<T>{} : withAddend);
    if (m_query) m_query->backward(pass, queries.rows(), cache.x, dquery, at.ldQuery, dx, withAddend);
    // end code
}

#define INSTANTIATE(T)                                                                                                                 \
    template ScoreTerms<T> Attention::scoreTerms(Pass<T>&, int, int, T*) const;                                                        \
    template void Attention::normalise(Pass<T>&, int, Cache<T>&) const;                                                                \
    template void Attention::projectInput(Pass<T>&, int, const T*, T*) const;                                                          \
    template void Attention::forward(Pass<T>&, const Sequences&, const T*, const Sequences&, const T*, T*, Cache<T>&, const T*) const; \
    template void Attention::backward(Pass<T>&, const Sequences&, const Sequences&, const T*, const Cache<T>&, T*, T*, const T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
