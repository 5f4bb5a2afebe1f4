#include "core/analysis/spans.h"

#include "core/analysis/part_measure.h"

namespace lab {
namespace {

/// In the order of spansOf.
std::vector<PartCurve> curvesOfSpans(const Model& model) {
    std::vector<PartCurve> curves;
    for (const AttentionBlock& block : model.attentionBlocks()) {
        const Parameter* shares = model.layout().find(block.name + ".span");
        const Side side = block.side == nameOf(Side::encoder) ? Side::encoder : Side::decoder;
        const Message name =
            block.cross ? Message(LAB_TEXT("analysis", "cross %1")).arg(block.layer) : shortLayerName(model.config(), side, block.layer);
        for (std::size_t h = 0; shares && h < shares->size; ++h)
            curves.push_back({Message(LAB_TEXT("analysis", "%1 H%2")).arg(name).arg(h),
                              Message(LAB_TEXT("analysis", "%1, mean of its heads")).arg(name)});
    }
    return curves;
}

std::optional<std::vector<double>> valuesOfSpans(const Model& model, const Weights& weights, const std::vector<Sample>&,
                                                 const PartMeasure::Cancelled&) {
    std::vector<double> values;
    for (const BlockSpans& own : spansOf(model, weights)) values.insert(values.end(), own.spans.begin(), own.spans.end());
    return values;
}

}  // namespace

extern const PartMeasure spansMeasure;
const PartMeasure spansMeasure{
    .id = "spans",
    .choice = LAB_TEXT("analysis", "spans"),
    .title = LAB_TEXT("analysis", "Spans over training"),
    .unit = LAB_TEXT("analysis", "tokens"),
    .help = LAB_TEXT("analysis",
                     "How far each head looks at full weight, in tokens; beyond, its ramp leads down to 0 (Sukhbaatar 2019, arXiv "
                     "1905.07799). A function of the weights alone."),
    .low = 0,
    .decimals = 1,
    .suits = [](const ModelConfig& model) { return model.attends() && model.attention.span; },
    .curves = curvesOfSpans,
    .values = valuesOfSpans,
    .ofGroup = meanOfPart,
    .level = [](const ModelConfig&) -> std::optional<PartLevel> { return std::nullopt; },
};

}  // namespace lab
