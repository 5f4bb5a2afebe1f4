#include "core/analysis/expert_choice.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/analysis/tapped_evaluation.h"
#include "core/config/layer_config.h"

namespace lab {
namespace {

constexpr std::string_view choicesOfLayer = ".feed_forward.experts";

/// Counts choices, layer by layer in the order in which a pass meets them.
class ChoicesTap final : public QuietTap {
public:
    explicit ChoicesTap(int experts) : m_experts(experts) {}

    void tensor(const std::string& name, const std::vector<int>& shape, float* values) override {
        if (!name.ends_with(choicesOfLayer)) return;
        const std::string layer = name.substr(0, name.size() - choicesOfLayer.size());
        auto found = std::ranges::find(m_layers, layer, &ExpertShares::layer);
        if (found == m_layers.end()) found = m_layers.insert(found, {layer, std::vector<double>(static_cast<std::size_t>(m_experts))});
        for (int i = 0; i < shape[0] * shape[1]; ++i) found->shares[static_cast<std::size_t>(values[i])] += 1;
    }

    std::vector<ExpertShares> shares() && {
        for (ExpertShares& layer : m_layers) {
            const double all = std::accumulate(layer.shares.begin(), layer.shares.end(), 0.0);
            for (double& share : layer.shares) share /= all;
        }
        return std::move(m_layers);
    }

private:
    int m_experts;
    std::vector<ExpertShares> m_layers;
};

}  // namespace

std::vector<double> ExpertChoices::shares() const {
    std::vector<double> shares(static_cast<std::size_t>(experts));
    for (const int expert : chosen) shares[static_cast<std::size_t>(expert)] += 1.0 / static_cast<double>(chosen.size());
    return shares;
}

std::vector<ExpertChoices> expertChoices(const Trace& trace, const ModelConfig& model) {
    std::vector<ExpertChoices> all;
    for (const Side side : {Side::encoder, Side::decoder}) {
        int layer = 0;
        for (const LayerConfig& config : layersOf(model, side)) {
            const std::string name = std::string(nameOf(side)) + "." + std::to_string(layer++) + ".feed_forward";
            const Tensor* chosen = config.experts > 0 ? trace.find(name + ".experts") : nullptr;
            if (!chosen) continue;
            ExpertChoices choices{std::string(nameOf(side)),       layer - 1, config.experts, config.chosen, {},
                                  trace.at(name + ".gates").values};
            // What an intervention puts there counts as the nearest expert (core/layers/experts.cpp).
            for (const float expert : chosen->values)
                choices.chosen.push_back(static_cast<int>(std::lround(std::clamp(expert, 0.0f, static_cast<float>(config.experts - 1)))));
            all.push_back(std::move(choices));
        }
    }
    return all;
}

std::vector<ExpertShares> expertShares(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                       const std::function<bool()>& cancelled) {
    if (!model.config().hasExperts()) return {};
    ChoicesTap tap(model.config().feed_forward.experts);
    if (!evaluateTapped(model, weights, samples, tap, cancelled)) return {};
    return std::move(tap).shares();
}

}  // namespace lab
