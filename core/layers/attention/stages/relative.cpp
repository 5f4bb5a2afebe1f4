#include <algorithm>
#include <cmath>

#include "core/layers/adapter_pass.h"
#include "core/layers/attention/score_stage.h"
#include "core/layers/position/distance_vectors.h"

namespace lab::stages {
namespace {

/// s_ij + (u k_j + (q_i + v) W R_{i-j}) / sqrt(head_dim): content and place of a key, each asked by the query and by a vector that is the
/// same for all queries (Dai et al. 2019, arXiv 1901.02860, section 3.3, terms b, c and d; a is q_i k_j). The distance is counted out for
/// every pair, so that keys behind the query have theirs too. u, v and W are each layer's own.
class Relative final : public ScoreStageOf<Relative> {
public:
    static constexpr std::string_view stageName = "relative";

    Relative(LayerBuilder builder, const std::string& name, const LayerConfig& layer)
        : m_d(layer.d_model), m_headDim(layer.head_dim), m_visibility(layer.visibility) {
        const int heads = layer.num_heads, width = heads * m_headDim;
        const auto add = [&](const char* own, std::vector<int> shape, ParameterRole role, int out, int in) {
            return builder.layout[builder.layout.add(name + own, std::move(shape), role, out, in)].offset;
        };
        m_map = add(".relative.weight", {width, m_d}, ParameterRole::linear, width, m_d);
        m_content = add(".content_bias", {heads, m_headDim}, ParameterRole::scoreBias, heads, m_headDim);
        m_position = add(".position_bias", {heads, m_headDim}, ParameterRole::scoreBias, heads, m_headDim);
    }

    template <class T>
    void change(Pass<T>& pass, const ScoreRows<T>& rows, T* scores) const {
        const Terms<T> terms = termsOf(pass, rows);
        const T* u = ofHead(pass.weights, m_content, rows.head);
        T* products = pass.takeRows(rows.queries, terms.distances);
        pass.kernels.gemm(rows.queries, terms.distances, m_headDim, terms.asked, m_headDim, terms.turned, terms.distances, products,
                          terms.distances, false);
        // code: position relates
        for (int j = 0; j < rows.keys; ++j) {
            const T* k = rows.k + std::ptrdiff_t{j} * rows.ldk;
            T ofKey = 0;
            for (int c = 0; c < m_headDim; ++c) ofKey += u[c] * k[c];
            for (int i = 0; i < rows.queries; ++i)
                scores[std::ptrdiff_t{i} * rows.keys + j] += terms.scale * (ofKey + products[terms.cell(rows, i, j)]);
        }
        // end code
    }

    template <class T>
    void changeBack(Pass<T>& pass, const ScoreRows<T>& rows, const T*, T* dscores, const ScoreRowsGradient<T>& gradient) const {
        const Terms<T> terms = termsOf(pass, rows);
        contentBack(pass, rows, terms.scale, dscores, gradient);
        placeBack(pass, rows, terms, dscores, gradient.dq);
    }

private:
    /// What the pairs of a query with the distances to the keys at hand are made of.
    template <class T>
    struct Terms {
        T scale;        ///< 1 / sqrt(head_dim)
        int distances;  ///< from -> from + distances - 1
        int from;       ///< the smallest: of the first query and the last key
        const T* R;     ///< [distances, d_model]
        T* places;      ///< [distances, head_dim] W R
        T* turned;      ///< [head_dim, distances]
        T* asked;       ///< [queries, head_dim] q + v

        /// Where query i and the distance to key j meet in [queries, distances].
        std::ptrdiff_t cell(const ScoreRows<T>& rows, int i, int j) const {
            return std::ptrdiff_t{i} * distances + rows.distance(i, j) - from;
        }
    };

    template <class T>
    T* ofHead(T* parameters, std::size_t at, int head) const {
        return parameters + at + static_cast<std::size_t>(head * m_headDim);
    }
    template <class T>
    T* mapOf(T* parameters, int head) const {
        return parameters + m_map + static_cast<std::size_t>(head * m_headDim) * static_cast<std::size_t>(m_d);
    }

    template <class T>
    Terms<T> termsOf(Pass<T>& pass, const ScoreRows<T>& rows) const {
        Terms<T> terms{static_cast<T>(1.0 / std::sqrt(static_cast<double>(m_headDim))),
                       rows.queries + rows.keys - 1,
                       rows.distance(0, rows.keys - 1),
                       nullptr,
                       nullptr,
                       nullptr,
                       nullptr};
        DistanceVectors<T>& vectors = pass.scratch.template kept<DistanceVectors<T>>();
        vectors.reach(m_d, std::max(std::abs(terms.from), std::abs(terms.from + terms.distances - 1)));
        terms.R = vectors.rows(terms.from);
        T* R = pass.takeRows(m_d, terms.distances);
        pass.kernels.transpose(terms.distances, m_d, terms.R, m_d, R, terms.distances);
        terms.turned = pass.takeRows(m_headDim, terms.distances);
        pass.kernels.gemm(m_headDim, terms.distances, m_d, mapOf(pass.weights, rows.head), m_d, R, terms.distances, terms.turned,
                          terms.distances, false);
        terms.places = pass.takeRows(terms.distances, m_headDim);
        pass.kernels.transpose(m_headDim, terms.distances, terms.turned, terms.distances, terms.places, m_headDim);
        terms.asked = pass.takeRows(rows.queries, m_headDim);
        const T* v = ofHead(pass.weights, m_position, rows.head);
        for (int i = 0; i < rows.queries; ++i)
            for (int c = 0; c < m_headDim; ++c)
                terms.asked[std::ptrdiff_t{i} * m_headDim + c] = rows.q[std::ptrdiff_t{i} * rows.ldq + c] + v[c];
        return terms;
    }

    /// du = scale sum_ij ds_ij k_j; dk_j = scale sum_i ds_ij u, apart for queries that read the key as it was made.
    template <class T>
    void contentBack(Pass<T>& pass, const ScoreRows<T>& rows, T scale, const T* dscores, const ScoreRowsGradient<T>& gradient) const {
        const T* u = ofHead(pass.weights, m_content, rows.head);
        T* du = pass.gradientOf(m_content) + rows.head * m_headDim;
        const int length = rows.firstKey + rows.keys;
        for (int j = 0; j < rows.keys; ++j) {
            T attached = 0, detached = 0;
            for (int i = 0; i < rows.queries; ++i) {
                const bool apart = gradient.detachedK && m_visibility.detached(rows.firstQuery + i, rows.firstKey + j, length);
                (apart ? detached : attached) += dscores[std::ptrdiff_t{i} * rows.keys + j];
            }
            const std::ptrdiff_t key = std::ptrdiff_t{j} * rows.ldk;
            for (int c = 0; c < m_headDim; ++c) {
                du[c] += scale * (attached + detached) * rows.k[key + c];
                gradient.dk[key + c] += scale * attached * u[c];
                if (gradient.detachedK) gradient.detachedK[key + c] += scale * detached * u[c];
            }
        }
    }

    /// With dP_ix = scale ds_ij where x = i - j: dq_i += sum_x dP_ix W R_x, which dv sums over i; dW += sum_x (sum_i dP_ix (q_i + v)) R_x.
    template <class T>
    void placeBack(Pass<T>& pass, const ScoreRows<T>& rows, const Terms<T>& terms, const T* dscores, T* dq) const {
        const auto& kernel = pass.kernels;
        T* dproducts = pass.takeRows(rows.queries, terms.distances);
        std::fill_n(dproducts, std::ptrdiff_t{rows.queries} * terms.distances, T{0});
        for (int i = 0; i < rows.queries; ++i)
            for (int j = 0; j < rows.keys; ++j)
                dproducts[terms.cell(rows, i, j)] = terms.scale * dscores[std::ptrdiff_t{i} * rows.keys + j];
        T* dasked = pass.takeRows(rows.queries, m_headDim);
        kernel.gemm(rows.queries, m_headDim, terms.distances, dproducts, terms.distances, terms.places, m_headDim, dasked, m_headDim,
                    false);
        for (int i = 0; i < rows.queries; ++i)
            for (int c = 0; c < m_headDim; ++c) dq[std::ptrdiff_t{i} * rows.ldq + c] += dasked[std::ptrdiff_t{i} * m_headDim + c];
        kernel.addColumnSums(rows.queries, m_headDim, dasked, m_headDim, pass.gradientOf(m_position) + rows.head * m_headDim);
        T* dplaces = pass.takeRows(terms.distances, m_headDim);
        kernel.gemmTransposedA(terms.distances, m_headDim, rows.queries, dproducts, terms.distances, terms.asked, m_headDim, dplaces,
                               m_headDim, false);
        addMatrixGradient(pass, {m_map, rows.head * m_headDim, m_headDim, m_d, terms.distances, terms.R, dplaces, m_headDim});
    }

    int m_d, m_headDim;
    Visibility m_visibility;
    std::size_t m_map = 0;       ///< [heads * head_dim, d_model]
    std::size_t m_content = 0;   ///< u [heads, head_dim]
    std::size_t m_position = 0;  ///< v [heads, head_dim]
};

std::unique_ptr<const ScoreStage> relativeOf(LayerBuilder builder, const std::string& name, const LayerConfig& layer) {
    return specOf(layer.position.kind).vectors ? std::make_unique<Relative>(builder, name, layer) : nullptr;
}

}  // namespace

extern const ScoreStageRow relative;
constinit const ScoreStageRow relative{relativeOf};

}  // namespace lab::stages
