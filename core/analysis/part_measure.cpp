#include "core/analysis/part_measure.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace lab {

extern const PartMeasure spansMeasure, stepsMeasure, expertsMeasure;

std::span<const PartMeasure* const> PartMeasure::table() {
    static constexpr std::array rows{&spansMeasure, &stepsMeasure, &expertsMeasure};
    return rows;
}

std::vector<const PartMeasure*> PartMeasure::of(const ModelConfig& model) {
    std::vector<const PartMeasure*> own;
    std::ranges::copy_if(table(), std::back_inserter(own), [&](const PartMeasure* row) { return row->suits(model); });
    return own;
}

Message shortLayerName(const ModelConfig& model, Side side, int layer) {
    if (!specOf(model.architecture).twoSides()) return Message(LAB_TEXT("analysis", "L%1")).arg(layer);
    return Message(side == Side::encoder ? LAB_TEXT("analysis", "enc %1") : LAB_TEXT("analysis", "dec %1")).arg(layer);
}

double meanOfPart(std::span<const double> values) {
    return values.empty() ? 0 : std::reduce(values.begin(), values.end()) / static_cast<double>(values.size());
}

double largestOfPart(std::span<const double> values) {
    return values.empty() ? 0 : *std::ranges::max_element(values);
}

}  // namespace lab
