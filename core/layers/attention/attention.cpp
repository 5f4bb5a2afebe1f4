#include "core/layers/attention/attention.h"

#include <algorithm>
#include <cmath>

#include "core/base/as_size.h"
#include "core/layers/attention/literal.h"
#include "core/layers/position/alibi.h"
#include "core/layers/position/sinusoidal.h"

namespace lab {
namespace {

std::vector<Linear::Part> inputParts(const std::string& name, const LayerConfig& config, const Attention::Place& place) {
    const FormSpec& form = specOf(config.form);
    const int keyOut = config.num_kv_heads * config.head_dim;
    std::vector<Linear::Part> parts;
    if (form.ownQuery && !place.cross) parts.push_back({name + ".query", config.num_heads * config.head_dim});
    if (form.latent) {
        std::ranges::copy(LatentKeys::inputs(name, config), std::back_inserter(parts));
        return parts;
    }
    if (config.keys_back > 0) return parts;
    parts.push_back({name + ".key", keyOut});
    if (form.ownValue) parts.push_back({name + ".value", keyOut});
    if (config.globals_apart == 0) return parts;
    parts.push_back({name + ".global_query", config.num_heads * config.head_dim});
    parts.push_back({name + ".global_key", keyOut});
    parts.push_back({name + ".global_value", keyOut});
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

/// Zeros all rows [rows, columns] where some are padding, which nothing else writes to.
template <class T>
void clearPadding(const Sequences& sequences, int columns, T* rows) {
    if (std::any_of(sequences.lengths, sequences.lengths + sequences.count, [&](int n) { return n < sequences.length; }))
        std::fill_n(rows, static_cast<std::ptrdiff_t>(sequences.rows()) * columns, T{0});
}

/// The same pass, in which gradients of linear maps are added to those that it has written.
template <class T>
Pass<T> addingTo(const Pass<T>& pass) {
    Pass<T> adding = pass;
    adding.writesLinearGradients = false;
    return adding;
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
      m_output(builder, {{name + ".output", config.d_model}}, config.num_heads * config.head_dim, config.output_bias,
               ParameterRole::attentionOutput) {
    if (config.qk_norm && form().ownQuery) m_queryNorm.emplace(builder, name + ".query_norm", m_headDim, config.norm.epsilon);
    m_readsOthers = config.keys_back > 0;
    m_isRead = config.keys_read;
    if (config.qk_norm && !m_readsOthers) m_keyNorm.emplace(builder, name + ".key_norm", m_headDim, config.norm.epsilon);
    if (specOf(config.position.kind).rotates) m_rotary.emplace(config.position.rope, m_headDim, config.max_seq_len);
    if (specOf(config.position.kind).biasesScores) m_slopes = alibiSlopes(m_heads);
    if (form().latent) m_latent.emplace(builder, name, config);
    m_stages = scoreStagesOf(builder, name, config);
    if (kernelSpec().drawn) m_features.emplace(m_headDim, config.features, config.feature_seed, name);
    if (kernelSpec().decay == KernelDecay::ofToken)
        m_decay.emplace(builder, std::vector<Linear::Part>{{name + ".decay", m_heads}}, m_d, config.bias, ParameterRole::attentionInput);
    m_difference = HeadPairs::of(builder, name, config);
    m_headEpsilon = config.norm.epsilon;
    m_weightDropout = config.weight_dropout;
    m_literal = trainsLiterally(config);
    m_unitKeys = config.unit_keys;
    m_globals = config.globals_apart;
    if (m_visibility.hashes()) m_hashing.emplace(m_visibility, name, m_heads, m_headDim);
    if (config.sink)
        m_sink = builder.layout[builder.layout.add(name + ".sink", {m_heads}, ParameterRole::scoreBias, m_heads, m_heads)].offset;
    if (config.gate)
        m_gate.emplace(builder, std::vector<Linear::Part>{{name + ".gate", m_heads * m_headDim}}, m_d, config.bias,
                       ParameterRole::attentionInput);
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
    const int common = queries + 2 * keys;
    if (m_globals > 0) return {0, queries, queries + keys, 2 * common, 2 * common, common, common + queries, common + queries + keys};
    return {0, queries, queries + keys, common, common};
}

template <class T>
void Attention::project(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const {
    const Columns at = columns();
    cache.keyValue = pass.takeRows(keys.rows(), at.ldKeyValue);
    cache.query = cache.keyValue;
    // code: project
    cache.kept = projectInput(pass, keys.rows(), cache.memory, cache.keyValue);
    if (m_query) {
        cache.query = pass.takeRows(queries.rows(), at.ldQuery);
        m_query->forward(pass, queries.rows(), cache.x, cache.query, at.ldQuery);
    }
    // end code
    const SharedKeys<T>& shared = cache.shared;
    for (int r = 0; m_readsOthers && r < keys.rows(); ++r)
        std::copy_n(shared.rows + static_cast<std::ptrdiff_t>(r) * shared.ld, 2 * keyWidth(),
                    cache.keyValue + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue + at.k);
}

/// narrow [rows, q | c | k^R] -> projected [rows, q | k | v]; gives [c | k^R].
template <class T>
T* Attention::expandLatent(Pass<T>& pass, int rows, const T* narrow, T* projected) const {
    const Columns at = columns();
    const int width = m_latent->kept();
    T* kept = pass.takeRows(rows, width);
    for (int r = 0; r < rows; ++r) {
        const T* row = narrow + static_cast<std::ptrdiff_t>(r) * m_input.out();
        std::copy_n(row, at.k, projected + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue);
        std::copy_n(row + at.k, width, kept + static_cast<std::ptrdiff_t>(r) * width);
    }
    if (pass.tap) pass.tap->tensor(m_name + ".latent", {rows, width}, kept);
    m_latent->expand(pass, rows, static_cast<const T*>(kept), width, projected + at.k, at.ldKeyValue);
    return kept;
}

/// dkept [rows, c | k^R] and the q columns of dprojected through m_input.
template <class T>
void Attention::backwardOfKept(Pass<T>& pass, int rows, const T* x, const T* dkept, const T* dprojected, T* dx,
                               const ProductExtra<T>& extra) const {
    const Columns at = columns();
    const int width = m_latent->kept(), ld = m_input.out();
    T* dnarrow = pass.takeRows(rows, ld);
    for (int r = 0; r < rows; ++r) {
        T* row = dnarrow + static_cast<std::ptrdiff_t>(r) * ld;
        std::copy_n(dprojected + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue, at.k, row);
        std::copy_n(dkept + static_cast<std::ptrdiff_t>(r) * width, width, row + at.k);
    }
    m_input.backward(pass, rows, x, static_cast<const T*>(dnarrow), ld, dx, extra);
}

/// What is kept of a memory is made of states that stand as they were: c learns from it, x does not.
template <class T>
void Attention::backwardOfLatent(Pass<T>& pass, int rows, const T* x, const T* kept, const T* dprojected, const T* ddetached, T* dx,
                                 const ProductExtra<T>& extra) const {
    const Columns at = columns();
    const int width = m_latent->kept();
    Pass<T> adding = addingTo(pass);
    T* dkept = pass.takeRows(rows, width);
    T* dkeptOfMemory = ddetached ? pass.takeRows(rows, width) : nullptr;
    m_latent->expandBackward(pass, rows, kept, width, dprojected + at.k, at.ldKeyValue, dkept);
    if (ddetached) m_latent->expandBackward(adding, rows, kept, width, ddetached + at.k, at.ldKeyValue, dkeptOfMemory);
    tapKeyGradient(pass, "latent", {rows, width}, dkept, dkeptOfMemory);
    backwardOfKept(pass, rows, x, dkept, dprojected, dx, extra);
    if (ddetached) backwardOfKept(adding, rows, x, dkeptOfMemory, ddetached, static_cast<T*>(nullptr), {});
}

/// x [rows, d_model] -> projected [rows, ldKeyValue]; where the values are the keys these stand in both places, where keys and values are
/// another layer's only the queries are made. Gives what form latent keeps of the rows, else null.
template <class T>
T* Attention::projectInput(Pass<T>& pass, int rows, const T* x, T* projected) const {
    const Columns at = columns();
    if (form().ownValue && !m_latent && !m_readsOthers) {
        m_input.forward(pass, rows, x, projected, at.ldKeyValue);
        return nullptr;
    }
    T* narrow = pass.takeRows(rows, m_input.out());
    m_input.forward(pass, rows, x, narrow, m_input.out());
    if (m_latent) return expandLatent(pass, rows, narrow, projected);
    for (int r = 0; r < rows; ++r, narrow += m_input.out(), projected += at.ldKeyValue) {
        std::copy_n(narrow, m_readsOthers ? at.k : at.v, projected);
        if (m_readsOthers) continue;
        std::copy_n(narrow + at.k, at.v - at.k, projected + at.v);
    }
    return nullptr;
}

/// ddetached: gradients of what stands as it was made, which reach the projections but not x (Dai et al. 2019, arXiv 1901.02860, equation
/// 3); null where there are none.
template <class T>
void Attention::backwardOfInput(Pass<T>& pass, int rows, const T* x, const T* kept, const T* dprojected, const T* ddetached, T* dx,
                                const ProductExtra<T>& extra) const {
    if (m_latent) return backwardOfLatent(pass, rows, x, kept, dprojected, ddetached, dx, extra);
    backwardOfRows(pass, rows, x, dprojected, dx, extra);
    if (!ddetached) return;
    Pass<T> adding = addingTo(pass);
    backwardOfRows(adding, rows, x, ddetached, static_cast<T*>(nullptr), {});
}

template <class T>
void Attention::backwardOfRows(Pass<T>& pass, int rows, const T* x, const T* dprojected, T* dx, const ProductExtra<T>& extra) const {
    const Columns at = columns();
    if (form().ownValue || m_readsOthers) return m_input.backward(pass, rows, x, dprojected, at.ldKeyValue, dx, extra);
    T* narrow = pass.takeRows(rows, m_input.out());
    for (int r = 0; r < rows; ++r) {
        const T* wide = dprojected + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue;
        T* row = narrow + static_cast<std::ptrdiff_t>(r) * m_input.out();
        std::copy_n(wide, at.v, row);
        pass.kernels.add(at.v - at.k, wide + at.v, row + at.k);
    }
    m_input.backward(pass, rows, x, static_cast<const T*>(narrow), m_input.out(), dx, extra);
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
    if (!kernelSpec().scaled) return terms;
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

/// mixed = sigmoid(W x + b) * mixed, number by number (Qiu et al. 2025, arXiv 2505.06708, equation 6 with the gate behind the mixing).
template <class T>
void Attention::openGate(Pass<T>& pass, int rows, const T* x, T* mixed, Cache<T>& cache) const {
    const int width = m_heads * m_headDim;
    const std::ptrdiff_t size = static_cast<std::ptrdiff_t>(rows) * width;
    cache.gate = pass.takeRows(rows, width);
    cache.ungated = pass.takeRows(rows, width);
    std::copy_n(mixed, size, cache.ungated);
    // code: gate
    m_gate->forward(pass, rows, x, cache.gate, width);
    for (std::ptrdiff_t i = 0; i < size; ++i) cache.gate[i] = T{1} / (T{1} + std::exp(-cache.gate[i]));
    // end code
    if (pass.tap) pass.tap->tensor(m_name + ".gate", {rows, width}, cache.gate);
    // code: gate
    for (std::ptrdiff_t i = 0; i < size; ++i) mixed[i] *= cache.gate[i];
    // end code
}

/// dmixed: gradient of the gated outputs in, of the ungated out; dgate: of W x + b.
template <class T>
void Attention::openGateBackward(Pass<T>& pass, int rows, const Cache<T>& cache, T* dmixed, T* dgate) const {
    const int width = m_heads * m_headDim;
    const std::ptrdiff_t size = static_cast<std::ptrdiff_t>(rows) * width;
    // code: d_gate
    for (std::ptrdiff_t i = 0; i < size; ++i) dgate[i] = dmixed[i] * cache.ungated[i];
    // end code
    if (pass.tap) pass.tap->gradient(m_name + ".gate", {rows, width}, dgate);
    // code: d_gate
    for (std::ptrdiff_t i = 0; i < size; ++i) {
        dgate[i] *= cache.gate[i] * (T{1} - cache.gate[i]);
        dmixed[i] *= cache.gate[i];
    }
    // end code
}

/// Where other layers will find keys and values: on the training path beside the queries, once they are ready; where each sequence has
/// arrays of its own (shareDense) in one for all.
template <class T>
void Attention::shareKeys(Pass<T>& pass, const Sequences& keys, Cache<T>& cache) const {
    const Columns at = columns();
    if (!looks(pass)) {
        cache.shared.rows = cache.keyValue + at.k;
        cache.shared.ld = at.ldKeyValue;
        return;
    }
    T* own = pass.takeRows(keys.rows(), 2 * keyWidth());
    clearPadding(keys, 2 * keyWidth(), own);
    cache.shared.rows = own;
    cache.shared.ld = 2 * keyWidth();
}

/// dkeyValue [rows, ldKeyValue]: gradients of the keys that the scores read and of the values. Who reads another layer's adds them there;
/// who made them takes what all the others added.
template <class T>
void Attention::shareGradients(Pass<T>& pass, int rows, const Cache<T>& cache, T* dkeyValue) const {
    if (!m_readsOthers && !m_isRead) return;
    const Columns at = columns();
    for (int r = 0; r < rows; ++r) {
        T* shared = cache.shared.gradients + static_cast<std::ptrdiff_t>(r) * 2 * keyWidth();
        T* own = dkeyValue + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue + at.k;
        pass.kernels.add(2 * keyWidth(), m_isRead ? shared : own, m_isRead ? own : shared);
    }
}

/// From the projections to what the scores are made of, in place.
template <class T>
void Attention::prepareScores(Pass<T>& pass, const Sequences& keys, Cache<T>& cache) const {
    const Columns at = columns();
    normalise(pass, keys.rows(), cache);
    if (m_rotary) rotate(pass, keys, false, cache.keyValue, at.ldKeyValue, 0, (m_readsOthers ? at.k : at.v) / m_headDim);
    if (kernelSpec().features && !m_features) mapToPhi(pass, keys.rows(), cache);
}

template <class T>
void Attention::prepareScoresBackward(Pass<T>& pass, const Sequences& keys, const Cache<T>& cache, T* dkeyValue) const {
    const Columns at = columns();
    for (int r = 0; cache.phi && !m_features && r < keys.rows(); ++r) {
        T* d = dkeyValue + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue;
        pass.kernels.eluPlusOneBackward(at.v, cache.keyValue + static_cast<std::ptrdiff_t>(r) * at.ldKeyValue, d, d);
    }
    shareGradients(pass, keys.rows(), cache, dkeyValue);
    if (m_rotary) rotate(pass, keys, true, dkeyValue, at.ldKeyValue, 0, (m_readsOthers ? at.k : at.v) / m_headDim);
    backwardOfNormalise(pass, keys.rows(), cache, dkeyValue);
}

template <class T>
void Attention::forward(Pass<T>& pass, const Sequences& queries, const T* x, const Sequences& keys, const T* memory, T* y, Cache<T>& cache,
                        const T* addend) const {
    cache.x = x;
    cache.memory = m_place.cross ? memory : x;
    project(pass, queries, keys, cache);
    if (m_isRead) shareKeys(pass, keys, cache);
    const int mixed = m_heads * m_headDim;
    cache.mixed = pass.takeRows(queries.rows(), mixed);
    startFading(pass, queries.rows(), x, cache.fading);
    if (pass.tap) {
        attendDense(pass, queries, keys, cache);
    } else {
        if (!looks(pass)) prepareScores(pass, keys, cache);
        clearPadding(queries, mixed, cache.mixed);
        attend(pass, queries, keys, cache);
    }
    if (m_difference) normalisePairs(pass, queries.rows(), cache.mixed, cache);
    if (m_gate) openGate(pass, queries.rows(), x, cache.mixed, cache);
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
    T* dgate = m_gate ? pass.takeRows(queries.rows(), m_heads * m_headDim) : nullptr;
    if (m_gate) openGateBackward(pass, queries.rows(), cache, dmixed, dgate);
    if (m_difference) normalisePairsBackward(pass, queries.rows(), cache, dmixed);
    T* dkeyValue = pass.takeRows(keys.rows(), at.ldKeyValue);
    T* dquery = m_query ? pass.takeRows(queries.rows(), at.ldQuery) : dkeyValue;
    T* ddetached = m_visibility.detaches() ? pass.takeRows(keys.rows(), at.ldKeyValue) : nullptr;
    if (ddetached) std::fill_n(ddetached, static_cast<std::ptrdiff_t>(keys.rows()) * at.ldKeyValue, T{0});
    clearPadding(keys, at.ldKeyValue, dkeyValue);
    if (m_query) clearPadding(queries, at.ldQuery, dquery);
    if (pass.tap) {
        backwardDense(pass, queries, keys, cache, dmixed, dquery, dkeyValue, ddetached);
    } else {
        attendBackward(pass, queries, keys, cache, dmixed, dquery, dkeyValue, ddetached);
        if (!looks(pass)) prepareScoresBackward(pass, keys, cache, dkeyValue);
        if (!looks(pass) && ddetached) prepareScoresBackward(pass, keys, cache, ddetached);
    }
    const ProductExtra<T> withAddend{addend, false, nullptr};
    // code: d_l_query,d_l_keys,d_l_values,d_memory_keys,d_memory_values,d_cross
    backwardOfInput(pass, keys.rows(), cache.memory, static_cast<const T*>(cache.kept), static_cast<const T*>(dkeyValue),
                    static_cast<const T*>(ddetached), m_place.cross ? dmemory : dx, m_place.cross ? ProductExtra<T>{} : withAddend);
    if (m_query) m_query->backward(pass, queries.rows(), cache.x, dquery, at.ldQuery, dx, withAddend);
    // end code
    startFadingBackward(pass, queries.rows(), cache, dx);
    if (!m_gate) return;
    T* dinput = pass.takeRows(queries.rows(), m_d);
    m_gate->backward(pass, queries.rows(), cache.x, dgate, m_heads * m_headDim, dinput);
    pass.kernels.add(std::int64_t{queries.rows()} * m_d, dinput, dx);
}

#define INSTANTIATE(T)                                                                                                                 \
    template ScoreTerms<T> Attention::scoreTerms(Pass<T>&, int, int, T*) const;                                                        \
    template void Attention::normalise(Pass<T>&, int, Cache<T>&) const;                                                                \
    template T* Attention::projectInput(Pass<T>&, int, const T*, T*) const;                                                            \
    template void Attention::openGate(Pass<T>&, int, const T*, T*, Cache<T>&) const;                                                   \
    template void Attention::forward(Pass<T>&, const Sequences&, const T*, const Sequences&, const T*, T*, Cache<T>&, const T*) const; \
    template void Attention::backward(Pass<T>&, const Sequences&, const Sequences&, const T*, const Cache<T>&, T*, T*, const T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
