#include <algorithm>
#include <cmath>
#include <limits>

#include "core/layers/attention/score_stage.h"
#include "core/layers/attention/span.h"

namespace lab::stages {
namespace {

/// s_ij + ln m(|i - j|): through the softmax each weight is multiplied by m and the row divided by what is left (Sukhbaatar et al. 2019,
/// arXiv 1905.07799, equations 2 to 4). Beside the answers the mean span of the heads costs something (equation 6).
class Span final : public ScoreStageOf<Span> {
public:
    static constexpr std::string_view stageName = "span";

    Span(std::size_t shares, const LayerConfig& layer)
        : m_shares(shares), m_heads(layer.num_heads), m_longest(layer.max_span), m_ramp(layer.span_ramp), m_penalty(layer.span_penalty) {}

    bool trims() const override { return true; }
    int reach(const float* weights) const override { return farthest(weights); }
    int reach(const double* weights) const override { return farthest(weights); }

    template <class T>
    void change(Pass<T>& pass, const ScoreRows<T>& rows, T* scores) const {
        // code: span
        const double z = spanOf(pass.weights, rows.head);
        if (rows.firstQuery == 0) pass.beside += m_penalty * z / m_heads;
        each(rows, z, [&](std::ptrdiff_t at, double m) {
            if (m < 1) scores[at] = m > 0 ? scores[at] + static_cast<T>(std::log(m)) : -std::numeric_limits<T>::infinity();
        });
        // end code
    }

    /// d ln m / dz = 1 / (R m) on the ramp. At the bounds of its share a head still gets its gradient, beyond them, where only a person can
    /// put it, none.
    template <class T>
    void changeBack(Pass<T>& pass, const ScoreRows<T>& rows, const T*, T* dscores, const ScoreRowsGradient<T>&) const {
        const std::size_t at = m_shares + static_cast<std::size_t>(rows.head);
        double dz = rows.firstQuery == 0 ? m_penalty / m_heads * pass.besideWeight : 0;
        // code: d_span
        each(rows, spanOf(pass.weights, rows.head), [&](std::ptrdiff_t cell, double m) {
            if (m <= 0) dscores[cell] = 0;
            if (m > 0 && m < 1) dz += static_cast<double>(dscores[cell]) / (m_ramp * m);
        });
        // end code
        if (pass.weights[at] >= T{0} && pass.weights[at] <= T{1}) *pass.gradientOf(at) += static_cast<T>(m_longest * dz);
    }

private:
    template <class T>
    double spanOf(const T* weights, int head) const {
        return spanOfShare(static_cast<double>(weights[m_shares + static_cast<std::size_t>(head)]), m_longest);
    }

    /// m is 0 from z + R on.
    template <class T>
    int farthest(const T* weights) const {
        double longest = 0;
        for (int h = 0; h < m_heads; ++h) longest = std::max(longest, spanOf(weights, h));
        return static_cast<int>(std::min(std::ceil(longest + m_ramp), static_cast<double>(mostRows)));
    }

    /// f(place in the map, m)
    template <class T, class F>
    void each(const ScoreRows<T>& rows, double z, F f) const {
        std::ptrdiff_t at = 0;
        for (int i = 0; i < rows.queries; ++i)
            for (int j = 0; j < rows.keys; ++j, ++at) f(at, spanMask(std::abs(rows.distance(i, j)), z, m_ramp));
    }

    std::size_t m_shares;  ///< [heads]
    int m_heads, m_longest;
    double m_ramp, m_penalty;
};

std::unique_ptr<const ScoreStage> spanStageOf(LayerBuilder builder, const std::string& name, const LayerConfig& layer) {
    if (layer.max_span == 0) return nullptr;
    const int heads = layer.num_heads;
    const int share = builder.layout.add(name + ".span", {heads}, ParameterRole::spanShare, heads, heads);
    return std::make_unique<Span>(builder.layout[share].offset, layer);
}

}  // namespace

extern const ScoreStageRow span;
constinit const ScoreStageRow span{spanStageOf};

}  // namespace lab::stages
