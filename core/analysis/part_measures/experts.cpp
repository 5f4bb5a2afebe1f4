#include "core/analysis/expert_choice.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/part_measure.h"

namespace lab {
namespace {

/// Calls act(side, layer, experts) for each layer that has experts.
template <class F>
void eachRoutedLayer(const ModelConfig& model, F act) {
    for (const Side side : {Side::encoder, Side::decoder}) {
        int layer = 0;
        for (const LayerConfig& config : layersOf(model, side)) {
            if (config.experts > 0) act(side, layer, config.experts);
            ++layer;
        }
    }
}

std::vector<PartCurve> curvesOfExperts(const Model& model) {
    std::vector<PartCurve> curves;
    eachRoutedLayer(model.config(), [&](Side side, int layer, int experts) {
        const Message name = shortLayerName(model.config(), side, layer);
        for (int e = 0; e < experts; ++e)
            curves.push_back({Message(LAB_TEXT("analysis", "%1 E%2")).arg(name).arg(e),
                              Message(LAB_TEXT("analysis", "%1, its fullest expert")).arg(name)});
    });
    return curves;
}

std::optional<std::vector<double>> valuesOfExperts(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                                   const PartMeasure::Cancelled& cancelled) {
    const std::vector<ExpertShares> layers = expertShares(model, weights, samples, cancelled);
    if (layers.empty() && cancelled && cancelled()) return std::nullopt;
    std::vector<double> values;
    eachRoutedLayer(model.config(), [&](Side side, int layer, int experts) {
        const auto own = std::ranges::find(layers, std::string(nameOf(side)) + "." + std::to_string(layer), &ExpertShares::layer);
        for (int e = 0; e < experts; ++e)
            values.push_back(own == layers.end() ? std::nan("") : 100 * own->shares[static_cast<std::size_t>(e)]);
    });
    return values;
}

}  // namespace

extern const PartMeasure expertsMeasure;
const PartMeasure expertsMeasure{
    .id = "experts",
    .choice = LAB_TEXT("analysis", "experts"),
    .title = LAB_TEXT("analysis", "Experts over training"),
    .unit = LAB_TEXT("analysis", "% of the choices"),
    .help = LAB_TEXT("analysis",
                     "What each expert has of all choices of its layer\u2019"
                     "s router, over some validation samples; even: the same for each."),
    .low = 0,
    .decimals = 1,
    .suits = [](const ModelConfig& model) { return model.hasExperts(); },
    .curves = curvesOfExperts,
    .values = valuesOfExperts,
    .ofGroup = largestOfPart,
    .level = [](const ModelConfig& model) -> std::optional<PartLevel> {
        return PartLevel{100.0 / model.feed_forward.experts, LAB_TEXT("analysis", "even")};
    },
};

}  // namespace lab
