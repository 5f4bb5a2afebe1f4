#include <algorithm>
#include <cstdlib>

#include "core/layers/attention/score_stage.h"
#include "core/layers/position/relative_buckets.h"

namespace lab::stages {
namespace {

/// s_ij + b_h[bucket(j - i)]: a learned number for each head and each bucket of distances, shared by all layers of a side (Raffel et al.
/// 2020, arXiv 1910.10683, section 2.1).
class RelativeBias final : public ScoreStageOf<RelativeBias> {
public:
    static constexpr std::string_view stageName = "relative_bias";

    RelativeBias(std::size_t table, const LayerConfig& layer)
        : m_table(table),
          m_heads(layer.num_heads),
          m_buckets(layer.position.buckets),
          m_maxDistance(layer.position.max_distance),
          m_causal(layer.visibility.causal()),
          m_kept(std::min(layer.position.max_distance, 1024)) {
        for (int offset = -m_kept; offset <= m_kept; ++offset)
            m_bucketOf.push_back(relativeBucket(offset, m_buckets, m_maxDistance, m_causal));
    }

    template <class T>
    void change(Pass<T>& pass, const ScoreRows<T>& rows, T* scores) const {
        // code: position bucketed
        each(rows, [&](std::ptrdiff_t at, std::size_t cell) { scores[at] += pass.weights[cell]; });
        // end code
    }

    template <class T>
    void changeBack(Pass<T>& pass, const ScoreRows<T>& rows, const T*, T* dscores, const ScoreRowsGradient<T>&) const {
        each(rows, [&](std::ptrdiff_t at, std::size_t cell) { *pass.gradientOf(cell) += dscores[at]; });
    }

private:
    int bucketOf(int offset) const {
        const int inside = m_maxDistance <= m_kept ? std::clamp(offset, -m_kept, m_kept) : offset;
        if (std::abs(inside) <= m_kept) return m_bucketOf[static_cast<std::size_t>(inside + m_kept)];
        return relativeBucket(offset, m_buckets, m_maxDistance, m_causal);
    }

    /// f(place in the map, place of its number among the weights)
    template <class T, class F>
    void each(const ScoreRows<T>& rows, F f) const {
        std::ptrdiff_t at = 0;
        for (int i = 0; i < rows.queries; ++i)
            for (int j = 0; j < rows.keys; ++j, ++at) {
                f(at, m_table + static_cast<std::size_t>(bucketOf(-rows.distance(i, j)) * m_heads + rows.head));
            }
    }

    std::size_t m_table;  ///< [buckets, heads]
    int m_heads, m_buckets, m_maxDistance;
    bool m_causal;
    int m_kept;                   ///< the farthest offset whose bucket is kept
    std::vector<int> m_bucketOf;  ///< [2 m_kept + 1] by offset
};

std::unique_ptr<const ScoreStage> relativeBiasOf(LayerBuilder builder, const std::string& name, const LayerConfig& layer) {
    if (!specOf(layer.position.kind).biasTable) return nullptr;
    const std::string table = name.substr(0, name.find('.')) + ".0.attention.relative_bias.weight";  // the first layer's serves all
    const Parameter* known = builder.layout.find(table);
    if (!known)
        known = &builder.layout[builder.layout.add(table, {layer.position.buckets, layer.num_heads}, ParameterRole::scoreBias,
                                                   layer.num_heads, layer.position.buckets)];
    return std::make_unique<RelativeBias>(known->offset, layer);
}

}  // namespace

extern const ScoreStageRow relativeBias;
constinit const ScoreStageRow relativeBias{relativeBiasOf};

}  // namespace lab::stages
