#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/limits.h"
#include "core/config/layer_config.h"
#include "core/layers/linear.h"

namespace lab {

/// The scores of one head, of all queries of a sequence or of some: what a stage changes, and what they were made of.
template <class T>
struct ScoreRows {
    int head = 0;
    int firstQuery = 0;  ///< place of the first row in its sequence
    int queries = 0, keys = 0, headDim = 0;
    const T* q = nullptr;  ///< [queries, head_dim] as the scores read it: behind norm and rotation
    int ldq = 0;
    const T* k = nullptr;  ///< [keys, head_dim]
    int ldk = 0;
    int firstKey = 0;  ///< place of the first key in its sequence

    /// How far the key of a column lies before the query of a row; below 0 it lies behind.
    int distance(int row, int column) const { return firstQuery + row - (firstKey + column); }
};

/// Where a stage adds gradients of q and k, laid out as they are.
template <class T>
struct ScoreRowsGradient {
    T* dq = nullptr;
    T* dk = nullptr;
    T* detachedK = nullptr;  ///< of pairs whose key stands as it was made (Visibility::detached); null where there are none
};

/// What becomes of scores between q . k / sqrt(head_dim) and the mask: one file and one row a stage. Immutable, as layers are. The scores
/// that a stage gets are traced as BLOCK.before_NAME.
class ScoreStage {
public:
    virtual ~ScoreStage() = default;
    virtual std::string_view name() const = 0;
    /// Whether what it leaves has an end: keys that are `reach` or farther away get no weight, whatever their scores.
    virtual bool trims() const { return false; }
    /// Of the head that looks farthest, by the weights as they are.
    virtual int reach(const float*) const { return mostRows; }
    virtual int reach(const double*) const { return mostRows; }
    /// scores [queries, keys], contiguous, in place.
    virtual void forward(Pass<float>& pass, const ScoreRows<float>& rows, float* scores) const = 0;
    virtual void forward(Pass<double>& pass, const ScoreRows<double>& rows, double* scores) const = 0;
    /// dscores [queries, keys]: gradient of what forward made in, of what it got out, in place; `before` is what it got. Parameter
    /// gradients are added.
    virtual void backward(Pass<float>& pass, const ScoreRows<float>& rows, const float* before, float* dscores,
                          const ScoreRowsGradient<float>& gradient) const = 0;
    virtual void backward(Pass<double>& pass, const ScoreRows<double>& rows, const double* before, double* dscores,
                          const ScoreRowsGradient<double>& gradient) const = 0;
};

/// Own has `static constexpr std::string_view stageName` and, once for both precisions, `change(pass, rows, scores)` and
/// `changeBack(pass, rows, before, dscores, gradient)`.
template <class Own>
class ScoreStageOf : public ScoreStage {
public:
    std::string_view name() const final { return Own::stageName; }
    void forward(Pass<float>& pass, const ScoreRows<float>& rows, float* scores) const final { own().change(pass, rows, scores); }
    void forward(Pass<double>& pass, const ScoreRows<double>& rows, double* scores) const final { own().change(pass, rows, scores); }
    void backward(Pass<float>& pass, const ScoreRows<float>& rows, const float* before, float* dscores,
                  const ScoreRowsGradient<float>& gradient) const final {
        own().changeBack(pass, rows, before, dscores, gradient);
    }
    void backward(Pass<double>& pass, const ScoreRows<double>& rows, const double* before, double* dscores,
                  const ScoreRowsGradient<double>& gradient) const final {
        own().changeBack(pass, rows, before, dscores, gradient);
    }

private:
    const Own& own() const { return static_cast<const Own&>(*this); }
};

/// A row of the table of stages, in the order in which they work.
struct ScoreStageRow {
    /// The stage of the attention called `name`; null where the layer has none.
    std::unique_ptr<const ScoreStage> (*make)(LayerBuilder builder, const std::string& name, const LayerConfig& layer);

    static std::span<const ScoreStageRow* const> table();
};

using ScoreStages = std::vector<std::shared_ptr<const ScoreStage>>;

ScoreStages scoreStagesOf(LayerBuilder builder, const std::string& name, const LayerConfig& layer);
}  // namespace lab
