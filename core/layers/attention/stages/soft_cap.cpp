#include <cmath>

#include "core/layers/attention/score_stage.h"

namespace lab::stages {
namespace {

/// cap tanh(s / cap): no score beyond the cap, slopes never above 1 (Gemma 2, arXiv 2408.00118, section 2).
class SoftCap final : public ScoreStageOf<SoftCap> {
public:
    static constexpr std::string_view stageName = "soft_cap";

    explicit SoftCap(double cap) : m_cap(cap) {}

    template <class T>
    void change(Pass<T>&, const ScoreRows<T>& rows, T* scores) const {
        const T cap = static_cast<T>(m_cap);
        // code: cap
        for (std::ptrdiff_t i = 0; i < std::ptrdiff_t{rows.queries} * rows.keys; ++i) scores[i] = cap * std::tanh(scores[i] / cap);
        // end code
    }

    template <class T>
    void changeBack(Pass<T>&, const ScoreRows<T>& rows, const T* before, T* dscores, const ScoreRowsGradient<T>&) const {
        const T cap = static_cast<T>(m_cap);
        // code: d_cap
        for (std::ptrdiff_t i = 0; i < std::ptrdiff_t{rows.queries} * rows.keys; ++i) {
            const T t = std::tanh(before[i] / cap);
            dscores[i] *= T{1} - t * t;
        }
        // end code
    }

private:
    double m_cap;
};

std::unique_ptr<const ScoreStage> softCapOf(LayerBuilder, const std::string&, const LayerConfig& layer) {
    return layer.soft_cap > 0 ? std::make_unique<SoftCap>(layer.soft_cap) : nullptr;
}

}  // namespace

extern const ScoreStageRow softCap;
constinit const ScoreStageRow softCap{softCapOf};

}  // namespace lab::stages
