#include <algorithm>
#include <cmath>

#include "core/analysis/part_measure.h"
#include "core/analysis/tapped_evaluation.h"

namespace lab {
namespace {

/// Sums what the positions of each stack that halts take.
class StepsTap final : public QuietTap {
public:
    explicit StepsTap(std::vector<std::string> names) : m_names(std::move(names)), m_sums(m_names.size()), m_counts(m_names.size()) {}

    void tensor(const std::string& name, const std::vector<int>& shape, float* values) override {
        const auto found = std::ranges::find(m_names, name);
        if (found == m_names.end()) return;
        const auto i = static_cast<std::size_t>(found - m_names.begin());
        for (int row = 0; row < shape[0]; ++row) {
            if (values[row] <= 0) continue;  // padding takes no step
            m_sums[i] += static_cast<double>(values[row]);
            ++m_counts[i];
        }
    }
    std::vector<double> means() const {
        std::vector<double> means;
        for (std::size_t i = 0; i < m_sums.size(); ++i) means.push_back(m_counts[i] > 0 ? m_sums[i] / m_counts[i] : std::nan(""));
        return means;
    }

private:
    std::vector<std::string> m_names;
    std::vector<double> m_sums;
    std::vector<int> m_counts;
};

std::vector<Side> sidesThatHalt(const ModelConfig& model) {
    std::vector<Side> sides;
    for (const Side side : {Side::encoder, Side::decoder})
        if (!layersOf(model, side).empty()) sides.push_back(side);
    return sides;
}

std::vector<PartCurve> curvesOfSteps(const Model& model) {
    const std::vector<Side> sides = sidesThatHalt(model.config());
    std::vector<PartCurve> curves;
    for (const Side side : sides) {
        const bool encoder = side == Side::encoder;
        const Message steps = sides.size() < 2 ? Message(LAB_TEXT("analysis", "steps N"))
                                               : Message(encoder ? LAB_TEXT("analysis", "encoder N") : LAB_TEXT("analysis", "decoder N"));
        const Message ponder = sides.size() < 2
                                   ? Message(LAB_TEXT("analysis", "N + R"))
                                   : Message(encoder ? LAB_TEXT("analysis", "encoder N + R") : LAB_TEXT("analysis", "decoder N + R"));
        curves.push_back({steps, steps});
        curves.push_back({ponder, ponder});
    }
    return curves;
}

std::optional<std::vector<double>> valuesOfSteps(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                                 const PartMeasure::Cancelled& cancelled) {
    std::vector<std::string> names;
    for (const Side side : sidesThatHalt(model.config()))
        for (const char* what : {".steps", ".ponder"}) names.push_back(std::string(nameOf(side)) + what);
    StepsTap tap(std::move(names));
    if (!evaluateTapped(model, weights, samples, tap, cancelled)) return std::nullopt;
    return tap.means();
}

}  // namespace

extern const PartMeasure stepsMeasure;
const PartMeasure stepsMeasure{
    .id = "steps",
    .choice = LAB_TEXT("analysis", "steps"),
    .title = LAB_TEXT("analysis", "Steps over training"),
    .unit = LAB_TEXT("analysis", "mean of a position"),
    .help =
        LAB_TEXT("analysis",
                 "N: steps that a position takes before it halts. N + R: what they cost, R being what was left for the last step (Graves "
                 "2016, arXiv 1603.08983, section 2.2). Means over the positions of some validation samples."),
    .low = 1,
    .decimals = 2,
    .suits = [](const ModelConfig& model) { return specOf(model.depth.kind).halts; },
    .curves = curvesOfSteps,
    .values = valuesOfSteps,
    .ofGroup = meanOfPart,
    .level = [](const ModelConfig&) -> std::optional<PartLevel> { return std::nullopt; },
};

}  // namespace lab
