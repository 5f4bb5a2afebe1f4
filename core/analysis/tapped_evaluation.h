#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/analysis/ablation.h"
#include "core/layers/pass.h"

// For core/analysis's own sources: a model over samples, one after the other, while somebody looks on or interferes.

namespace lab {

/// Changes nothing and looks at nothing, except as a class derived from it says.
class QuietTap : public Tap<float> {
public:
    void tensor(const std::string&, const std::vector<int>&, float*) override {}
    void gradient(const std::string&, const std::vector<int>&, float*) override {}
    bool headOff(const std::string&, int) const override { return false; }
    bool headUniform(const std::string&, int) const override { return false; }
    bool wantsGradients() const override { return false; }
    const std::vector<bool>& maskedKeys(bool) const override {
        static const std::vector<bool> none;
        return none;
    }
};

/// Hands the weights of attention of every block, [H, T, S], to a function, which may change them.
class WeightsTap final : public QuietTap {
public:
    using Take = std::function<void(std::size_t block, const std::vector<int>& shape, float* weights)>;
    WeightsTap(const Model& model, Take take) : m_blocks(model.attentionBlocks()), m_take(std::move(take)) {}
    void tensor(const std::string& name, const std::vector<int>& shape, float* values) override;

private:
    const std::vector<AttentionBlock>& m_blocks;
    Take m_take;
};

/// Loss and accuracy over the samples; `before` is told each one's index. Nothing when cancelled. Throws InputError for samples that the
/// model cannot take.
std::optional<AblationScore> evaluateTapped(const Model& model, const Weights& weights, const std::vector<Sample>& samples, Tap<float>& tap,
                                            const std::function<bool()>& cancelled, const std::function<void(std::size_t)>& before = {});
/// The same with Model::transposedCopy of the weights, for whoever asks often: of a large model it takes as long as some samples.
std::optional<AblationScore> evaluateTapped(const Model& model, const Weights& weights, const Weights& transposed,
                                            const std::vector<Sample>& samples, Tap<float>& tap, const std::function<bool()>& cancelled,
                                            const std::function<void(std::size_t)>& before = {});

}  // namespace lab
